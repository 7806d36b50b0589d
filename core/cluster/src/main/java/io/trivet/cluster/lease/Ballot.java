package io.trivet.cluster.lease;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.lease.LeaseMessage.Ask;
import io.trivet.cluster.lease.LeaseMessage.Pulse;
import io.trivet.cluster.lease.LeaseMessage.Release;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A voter's book for one VIP: to whom it is promised, who waits, and since when it is free.
///
/// The one rule that safety hangs on: while a promise to one member lasts, no other member gets
/// one. A promise ends by the voter's own clock or by a release of the same life of the member for
/// a round that is not older than the promise.
final class Ballot {
  /// The word given to a member until a time.
  record Promise(String to, long incarnation, long seq, long untilNanos, boolean holding) {}

  /// An ask that could not be granted yet.
  record Waiting(Pulse pulse, Ask ask, long atNanos) {}

  private @Nullable Promise promise;
  private final TreeMap<String, Waiting> waiting = new TreeMap<>();
  private long freeSinceNanos;
  private @Nullable String out;
  private boolean released;

  Ballot(long freeSinceNanos) {
    this.freeSinceNanos = freeSinceNanos;
  }

  @Nullable Promise promise() {
    return promise;
  }

  /// The promise, if it binds this voter towards `member` now.
  @Nullable Promise against(String member, long now) {
    Promise p = promise;
    return p == null || p.to().equals(member) || now >= p.untilNanos() ? null : p;
  }

  /// Promises; only where [#against] has nothing to say. Never shortens what was promised: the
  /// member may count on it, when it asks for less since the timing changed.
  void give(String to, long incarnation, long seq, long until, boolean holding, long now) {
    Promise other = against(to, now);
    if (other != null) {
      throw new IllegalStateException("promised to " + to + " and to " + other.to());
    }
    Promise before = promise;
    long atLeast =
        before != null && before.to().equals(to) ? Math.max(until, before.untilNanos()) : until;
    promise = new Promise(to, incarnation, seq, atLeast, holding);
    waiting.remove(to);
  }

  /// Takes back the promise that the release voids, if it is that one.
  boolean release(String from, long incarnation, Release release, long now) {
    waiting.remove(from);
    Promise p = promise;
    if (p == null
        || !p.to().equals(from)
        || p.incarnation() != incarnation
        || p.seq() > release.throughSeq()) {
      return false;
    }
    promise = null;
    freeFrom(now, from, true);
    return true;
  }

  void wait(Pulse pulse, Ask ask, long now) {
    waiting.put(pulse.from(), new Waiting(pulse, ask, now));
  }

  void forget(String member) {
    waiting.remove(member);
  }

  /// Whose waiting ask is to be granted now: the best-named. An old ask is not worth a promise: its
  /// sender could use little of it, and asks again with every pulse.
  @Nullable Waiting next(VipAssignment assignment, long oldestNanos, long now) {
    waiting
        .values()
        .removeIf(w -> w.atNanos() < oldestNanos || assignment.rank(w.pulse().from()) < 0);
    Waiting best = null;
    for (Waiting w : waiting.values()) {
      String from = w.pulse().from();
      if (against(from, now) == null
          && (best == null || assignment.rank(from) < assignment.rank(best.pulse().from()))) {
        best = w;
      }
    }
    return best;
  }

  NavigableMap<String, Waiting> waiting() {
    return waiting;
  }

  /// From when `self` may count the VIP as free: the end of a promise to somebody else, or what was
  /// learned otherwise.
  long freeSinceNanos(String self) {
    Promise p = promise;
    return p != null && !p.to().equals(self) ? p.untilNanos() : freeSinceNanos;
  }

  /// Who had it last and is therefore not waited for; null when unknown.
  @Nullable String out(String self) {
    Promise p = promise;
    return p != null && !p.to().equals(self) ? p.to() : out;
  }

  /// True when this member itself told us that it let go, and since then nobody else was promised.
  boolean releasedBy(String member, String self) {
    return released && member.equals(out(self)) && member.equals(out);
  }

  void freeFrom(long nanos, @Nullable String out, boolean released) {
    this.freeSinceNanos = nanos;
    this.out = out;
    this.released = released;
  }
}
