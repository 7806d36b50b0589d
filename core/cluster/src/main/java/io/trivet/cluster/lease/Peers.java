package io.trivet.cluster.lease;

import io.trivet.cluster.VipAssignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// The other members: when each was heard last, and which of its pulses was the last.
final class Peers {
  private static final class Peer {
    long heardAtNanos;
    long leaseNanos;
    long answeredAtNanos;
    boolean known;
    boolean silent;
    long daemon = LeaseMessage.UNKNOWN_DAEMON;
    long incarnation;
    long lastSeq = -1;

    boolean inHearing() {
      return known && !silent;
    }
  }

  private final TreeMap<String, Peer> peers = new TreeMap<>();
  private final int majority;
  private final LeaseTiming timing;
  private long lastNanos;
  private long graceUntilNanos;

  Peers(String self, List<String> members, LeaseTiming timing, long now) {
    this.timing = timing;
    for (String member : members) {
      if (!member.equals(self)) {
        VipAssignment.checkName(member);
        Peer peer = new Peer();
        peer.heardAtNanos = now;
        peer.answeredAtNanos = now - timing.renewNanos();
        peers.put(member, peer);
      }
    }
    majority = (peers.size() + 1) / 2 + 1;
    lastNanos = now;
    graceUntilNanos = now;
  }

  Set<String> names() {
    return peers.keySet();
  }

  boolean isPeer(String name) {
    return peers.containsKey(name);
  }

  int majority() {
    return majority;
  }

  /// Notes that time went on. After a pause of this member what others said meanwhile waits in the
  /// queue, so their silence proves nothing for a moment.
  void passed(long now) {
    if (now - lastNanos > 2 * timing.renewNanos()) {
      graceUntilNanos = now + 2 * timing.renewNanos();
    }
    lastNanos = now;
  }

  /// Notes a pause that the clock did not see.
  void resumed(long now) {
    graceUntilNanos = now + 2 * timing.renewNanos();
  }

  long graceUntilNanos() {
    return graceUntilNanos;
  }

  /// Notes a sign of life; true when it is the first one after silence or ever.
  boolean heard(String name, long now) {
    Peer peer = peers.get(name);
    if (peer == null) {
      return false;
    }
    peer.heardAtNanos = now;
    boolean back = !peer.inHearing();
    peer.known = true;
    peer.silent = false;
    return back;
  }

  /// Notes that an answer was sent.
  void answered(String name, long now) {
    Peer peer = peers.get(name);
    if (peer != null) {
      peer.answeredAtNanos = now;
    }
  }

  long answeredAtNanos(String name) {
    Peer peer = peers.get(name);
    return peer == null ? Long.MIN_VALUE / 2 : peer.answeredAtNanos;
  }

  /// Takes from a pulse which run of the member's daemon there is, and says when it is another one
  /// than before, or none. Of a silent member nothing is known.
  List<LeaseEffect> daemonOf(LeaseMessage.Pulse pulse) {
    Peer peer = peers.get(pulse.from());
    if (peer == null
        || pulse.daemon() == LeaseMessage.UNKNOWN_DAEMON
        || pulse.daemon() == peer.daemon) {
      return List.of();
    }
    peer.daemon = pulse.daemon();
    return List.of(
        pulse.daemon() == LeaseMessage.NO_DAEMON
            ? new LeaseEffect.PeerLeft(pulse.from())
            : new LeaseEffect.PeerBegan(pulse.from(), pulse.daemon()));
  }

  /// True when this pulse is the newest of its sender; false when it was overtaken or came twice.
  boolean isNewest(LeaseMessage.Pulse pulse) {
    Peer peer = peers.get(pulse.from());
    if (peer == null || (pulse.incarnation() == peer.incarnation && pulse.seq() <= peer.lastSeq)) {
      return false;
    }
    peer.incarnation = pulse.incarnation();
    peer.lastSeq = pulse.seq();
    // While the timing changes, a member with longer leases speaks more seldom.
    peer.leaseNanos = pulse.leaseNanos();
    return true;
  }

  /// Those that have just become silent.
  List<LeaseEffect> fallenSilent(long now) {
    List<LeaseEffect> silent = new ArrayList<>();
    peers.forEach(
        (name, peer) -> {
          if (!peer.silent && now >= silentAt(peer)) {
            peer.silent = true;
            peer.daemon = LeaseMessage.UNKNOWN_DAEMON;
            silent.add(new LeaseEffect.PeerSilent(name));
          }
        });
    return silent;
  }

  boolean inHearing(String name) {
    Peer peer = peers.get(name);
    return peer != null && peer.inHearing();
  }

  boolean majorityInHearing() {
    int heard = 1;
    for (Peer peer : peers.values()) {
      if (peer.inHearing()) {
        heard++;
      }
    }
    return heard >= majority;
  }

  /// When somebody may fall silent next.
  long dueAtNanos() {
    long due = Long.MAX_VALUE;
    for (Peer peer : peers.values()) {
      if (!peer.silent) {
        due = Math.min(due, silentAt(peer));
      }
    }
    return due;
  }

  private long silentAt(Peer peer) {
    return Math.max(peer.heardAtNanos + timing.promiseNanos(peer.leaseNanos), graceUntilNanos);
  }

  void describe(StringBuilder text) {
    peers.forEach(
        (name, peer) ->
            text.append("  peer ")
                .append(name)
                .append(peer.silent ? " silent" : peer.known ? " heard" : " unknown")
                .append(", last ")
                .append((peer.heardAtNanos - lastNanos) / 1_000)
                .append(" us\n"));
  }
}
