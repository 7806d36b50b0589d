package io.trivet.cluster.lease;

import io.trivet.cluster.VipAssignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// The other members: when each was heard last, and which of its pulses was the last.
///
/// Silence is judged twice. For leases a member is out of hearing once a promise has passed since
/// it was heard: whoever may bid need not wait for it. That it is *gone* ([LeaseEffect.PeerSilent])
/// moves databases and ends connections, so it needs more:
///
/// | state | meaning | leaves it when |
/// |---|---|---|
/// | in hearing | heard within a promise | a promise passed without a word → missed |
/// | missed | counts for no lease; this member tells the others ([LeaseMessage.Missing]) | heard → in hearing, and nobody was told; a majority of all members misses it, or [#ALONE_NANOS] passed → gone |
/// | gone | as missed, and told | heard → in hearing, told |
///
/// A member that was itself late (its own pulse, by more than [#LATE_PARTS] of a lease) has not
/// listened: what it missed meanwhile counts for nothing until it has had two renewals' time to
/// read what waits. It does not count among those who miss somebody either. When it is late again
/// and again, this ends after [#ALONE_NANOS]: a busy member must find a dead one, too.
final class Peers {
  /// How long a member that nobody else misses is waited for.
  static final long ALONE_NANOS = 2_000_000_000L;

  /// Later than this part of a lease is late.
  private static final int LATE_PARTS = 8;

  private static final class Peer {
    long heardAtNanos;
    long leaseNanos;
    long answeredAtNanos;
    boolean known;
    boolean missed;
    boolean gone;

    /// Whom it misses, as it said for its round `missesSeq`.
    SortedSet<String> misses = new TreeSet<>();

    long missesSeq = -1;
    long daemon = LeaseMessage.UNKNOWN_DAEMON;
    long incarnation;
    long lastSeq = -1;

    boolean inHearing() {
      return known && !missed;
    }
  }

  private final TreeMap<String, Peer> peers = new TreeMap<>();
  private final int majority;
  private LeaseTiming timing;
  private long lastNanos;
  private long graceUntilNanos;
  private long lateSinceNanos = Long.MIN_VALUE;
  private long listenedFromNanos;

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
    listenedFromNanos = now;
  }

  void retime(LeaseTiming changed) {
    timing = changed;
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
  ///
  /// @param lateNanos by how much the own pulse that is due is late; negative when it is not
  void passed(long now, long lateNanos) {
    if (now - lastNanos > 2 * timing.renewNanos()) {
      graceUntilNanos = now + 2 * timing.renewNanos();
    }
    if (lateNanos > timing.leaseNanos() / LATE_PARTS) {
      boolean again = now - listenedFromNanos <= timing.promiseNanos();
      lateSinceNanos = again && lateSinceNanos != Long.MIN_VALUE ? lateSinceNanos : now;
      long listens = now + 2 * timing.renewNanos();
      listenedFromNanos =
          Math.max(listenedFromNanos, Math.min(listens, lateSinceNanos + ALONE_NANOS));
    }
    lastNanos = now;
  }

  /// Notes a pause that the clock did not see.
  void resumed(long now) {
    graceUntilNanos = now + 2 * timing.renewNanos();
    lateSinceNanos = now;
    listenedFromNanos = graceUntilNanos;
  }

  long graceUntilNanos() {
    return graceUntilNanos;
  }

  /// Notes a sign of life; true when it is the first one ever, or after this member was missed.
  ///
  /// @param effects gets the news, when it is one for others than the leases
  boolean heard(String name, long now, List<LeaseEffect> effects) {
    Peer peer = peers.get(name);
    if (peer == null) {
      return false;
    }
    peer.heardAtNanos = now;
    boolean back = !peer.inHearing();
    if (!peer.known || peer.gone) {
      effects.add(new LeaseEffect.PeerHeard(name));
    }
    peer.known = true;
    peer.missed = false;
    peer.gone = false;
    return back;
  }

  /// Notes whom another member misses. It holds until that member's next round says otherwise.
  void misses(LeaseMessage.Missing missing) {
    Peer peer = peers.get(missing.from());
    boolean same = peer != null && missing.incarnation() == peer.incarnation;
    if (peer != null && same && missing.seq() >= peer.lastSeq && missing.seq() > peer.missesSeq) {
      peer.misses = new TreeSet<>(missing.names());
      peer.missesSeq = missing.seq();
    }
  }

  /// Whom this member misses and has listened for.
  List<String> missed(long now) {
    List<String> names = new ArrayList<>();
    if (now >= listenedFromNanos) {
      peers.forEach(
          (name, peer) -> {
            if (peer.missed) {
              names.add(name);
            }
          });
    }
    return names;
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
    if (pulse.incarnation() != peer.incarnation || pulse.seq() > peer.missesSeq) {
      peer.misses.clear(); // what is still missed is said ahead of the pulse of the same round
      peer.missesSeq = -1;
    }
    peer.incarnation = pulse.incarnation();
    peer.lastSeq = pulse.seq();
    // While the timing changes, a member with longer leases speaks more seldom.
    peer.leaseNanos = pulse.leaseNanos();
    return true;
  }

  /// True when somebody is missed from now on: the others should know at once.
  boolean fallenSilent(long now) {
    boolean news = false;
    for (Peer peer : peers.values()) {
      if (!peer.missed && now >= silentAt(peer)) {
        peer.missed = true;
        peer.misses.clear(); // what it said last is as old as its last word
        news = true;
      }
    }
    return news;
  }

  /// Those that are gone from now on.
  List<LeaseEffect> gone(long now) {
    List<LeaseEffect> gone = new ArrayList<>();
    peers.forEach(
        (name, peer) -> {
          if (peer.missed && !peer.gone && now >= listenedFromNanos && isConfirmed(name, now)) {
            peer.gone = true;
            peer.daemon = LeaseMessage.UNKNOWN_DAEMON;
            gone.add(new LeaseEffect.PeerSilent(name));
          }
        });
    return gone;
  }

  private boolean isConfirmed(String name, long now) {
    Peer missed = peers.get(name);
    int missing = 1;
    for (Peer other : peers.values()) {
      if (other.inHearing() && other.misses.contains(name)) {
        missing++;
      }
    }
    return missing >= majority || missed != null && now >= missed.heardAtNanos + ALONE_NANOS;
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

  /// When somebody may be missed or gone next.
  long dueAtNanos() {
    long due = Long.MAX_VALUE;
    for (Peer peer : peers.values()) {
      if (!peer.missed) {
        due = Math.min(due, silentAt(peer));
      } else if (!peer.gone) {
        boolean listens = lastNanos < listenedFromNanos;
        due = Math.min(due, listens ? listenedFromNanos : peer.heardAtNanos + ALONE_NANOS);
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
                .append(
                    peer.gone
                        ? " gone"
                        : peer.missed ? " missed" : peer.known ? " heard" : " unknown")
                .append(", last ")
                .append((peer.heardAtNanos - lastNanos) / 1_000)
                .append(" us\n"));
  }
}
