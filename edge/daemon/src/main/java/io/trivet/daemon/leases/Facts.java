package io.trivet.daemon.leases;

import io.trivet.cluster.lease.LeaseMessage;
import io.trivet.daemon.lease.LeaseLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is true now of peers and VIPs, so that a daemon that comes is told it first, and then what
/// changes. Thread-safe; never blocks for long.
final class Facts implements LeaseLoop.Observer {
  /// Sentences for people that nobody took yet.
  private static final int SAID_MAX = 64;

  private record Peer(boolean heard, long run) {}

  private final TreeMap<String, Peer> peers = new TreeMap<>();
  private final TreeMap<String, Long> held = new TreeMap<>();
  private final TreeMap<String, FromLeases.VipCondition> conditions = new TreeMap<>();
  private final Deque<FromLeases.Said> unheard = new ArrayDeque<>();
  private @Nullable Consumer<FromLeases> listener;

  /// From now on this one hears what happens, and no other; all that is true first.
  synchronized void listen(Consumer<FromLeases> to) {
    listener = to;
    picture().forEach(to);
    unheard.forEach(to);
    unheard.clear();
  }

  synchronized void leave(Consumer<FromLeases> gone) {
    if (gone.equals(listener)) {
      listener = null;
    }
  }

  private List<FromLeases> picture() {
    List<FromLeases> all = new ArrayList<>();
    peers.forEach(
        (name, peer) -> {
          if (!peer.heard()) {
            all.add(new FromLeases.PeerSilent(name));
            return;
          }
          all.add(new FromLeases.PeerHeard(name));
          if (peer.run() == LeaseMessage.NO_DAEMON) {
            all.add(new FromLeases.PeerLeft(name));
          } else if (peer.run() != LeaseMessage.UNKNOWN_DAEMON) {
            all.add(new FromLeases.PeerBegan(name, peer.run()));
          }
        });
    all.addAll(conditions.values());
    held.forEach((vip, epoch) -> all.add(new FromLeases.HoldChanged(vip, true, epoch)));
    return all;
  }

  synchronized boolean holds(String vip) {
    return held.containsKey(vip);
  }

  synchronized boolean holdsAny() {
    return !held.isEmpty();
  }

  /// To the daemon that is there; one that comes later asks again.
  synchronized void taken(FromLeases.Taken answer) {
    tell(answer);
  }

  /// A sentence for people; kept for a daemon that comes later.
  synchronized void say(FromLeases.Said said) {
    if (listener != null) {
      tell(said);
    } else if (!unheard.contains(said)) {
      unheard.addLast(said);
      if (unheard.size() > SAID_MAX) {
        unheard.removeFirst();
      }
    }
  }

  @Override
  public synchronized void peerSilent(String peer) {
    peers.put(peer, new Peer(false, LeaseMessage.UNKNOWN_DAEMON));
    tell(new FromLeases.PeerSilent(peer));
  }

  @Override
  public synchronized void peerHeard(String peer) {
    peers.put(peer, new Peer(true, LeaseMessage.UNKNOWN_DAEMON));
    tell(new FromLeases.PeerHeard(peer));
  }

  @Override
  public synchronized void peerBegan(String peer, long run) {
    peers.put(peer, new Peer(true, run));
    tell(new FromLeases.PeerBegan(peer, run));
  }

  @Override
  public synchronized void peerLeft(String peer) {
    peers.put(peer, new Peer(true, LeaseMessage.NO_DAEMON));
    tell(new FromLeases.PeerLeft(peer));
  }

  @Override
  public synchronized void holdChanged(String vip, boolean holding, long epoch) {
    if (holding) {
      held.put(vip, epoch);
    } else {
      held.remove(vip);
    }
    tell(new FromLeases.HoldChanged(vip, holding, epoch));
  }

  /// What the kernel says about a VIP now.
  synchronized void condition(FromLeases.VipCondition condition) {
    conditions.put(condition.vip(), condition);
    tell(condition);
  }

  synchronized FromLeases.VipCondition condition(String vip) {
    FromLeases.VipCondition known = conditions.get(vip);
    return known == null ? new FromLeases.VipCondition(vip, "", "") : known;
  }

  private void tell(FromLeases fact) {
    Consumer<FromLeases> to = listener;
    if (to != null) {
      to.accept(fact);
    }
  }
}
