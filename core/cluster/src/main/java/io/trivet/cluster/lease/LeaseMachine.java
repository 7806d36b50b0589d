package io.trivet.cluster.lease;

import io.trivet.cluster.lease.Ballot.Promise;
import io.trivet.cluster.lease.Ballot.Waiting;
import io.trivet.cluster.lease.Claim.Phase;
import io.trivet.cluster.lease.LeaseEffect.Announce;
import io.trivet.cluster.lease.LeaseEffect.BecameHolder;
import io.trivet.cluster.lease.LeaseEffect.Darken;
import io.trivet.cluster.lease.LeaseEffect.Hold;
import io.trivet.cluster.lease.LeaseEffect.HolderSeen;
import io.trivet.cluster.lease.LeaseEffect.PeerHeard;
import io.trivet.cluster.lease.LeaseEffect.PeerSilent;
import io.trivet.cluster.lease.LeaseEffect.Send;
import io.trivet.cluster.lease.LeaseEvent.Assigned;
import io.trivet.cluster.lease.LeaseEvent.Darkened;
import io.trivet.cluster.lease.LeaseEvent.Eligible;
import io.trivet.cluster.lease.LeaseEvent.HoldFailed;
import io.trivet.cluster.lease.LeaseEvent.Received;
import io.trivet.cluster.lease.LeaseEvent.Tick;
import io.trivet.cluster.lease.LeaseMessage.Answer;
import io.trivet.cluster.lease.LeaseMessage.Ask;
import io.trivet.cluster.lease.LeaseMessage.Assignments;
import io.trivet.cluster.lease.LeaseMessage.Pulse;
import io.trivet.cluster.lease.LeaseMessage.PulseAck;
import io.trivet.cluster.lease.LeaseMessage.Release;
import io.trivet.cluster.lease.LeaseMessage.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One member's part in the leases of all VIPs: a voter for each of them, and a bidder or holder of
/// those that name it.
///
/// *Who should hold* is an assignment from the log. *Who may answer now* is a lease: the promise of
/// a majority of the members to promise the VIP to nobody else. A lease is counted by the holder
/// from the moment it asked, by a voter from the moment it granted and a margin longer, each on its
/// own clock. Safety rests on the promises alone, never on assignments or on who leads.
///
/// As holder, for each VIP:
///
/// | state | meaning | leaves it when |
/// |---|---|---|
/// | IDLE | does not want the VIP, or must not have it yet | eligible, named, free since long enough for its rank, majority in hearing → BIDDING |
/// | BIDDING | asks in every pulse, does not answer yet | a majority granted → HOLDING (`Hold`, `BecameHolder`); somebody better asks or holds, a lease passed in vain, no longer wanted → release, IDLE |
/// | HOLDING | may answer until the lease ends; asks in every pulse | renewed → HOLDING (`Hold`); lease ended, not eligible, a newer assignment names another, `HoldFailed` → DARKENING (`Darken`) |
/// | DARKENING | asks no more; waits until the kernel is known to be dark | `Darkened` → release, IDLE |
///
/// As voter, for each VIP:
///
/// | state | meaning | leaves it when |
/// |---|---|---|
/// | quiet | started a moment ago, may have forgotten a promise: grants nothing, bids for nothing | the length of a promise has passed → free |
/// | free | grants the first ask of a member that the newest assignment names | → promised |
/// | promised | refuses everybody else, remembers who waits | renewed → promised; ended or released → free, and the best of those who wait gets it at once |
///
/// The order of bids after a promise ended: each member waits `renewNanos` for every better-named
/// member that is in hearing, except the one that just had the VIP. So the first heir bids at once
/// when the holder dies or stands down.
///
/// Members are fixed. To change members or timing: darken everything, make a new machine with the
/// longer of both quiet times; change one member at a time, so that old and new majorities overlap.
/// Not thread-safe. Deterministic.
public final class LeaseMachine {
  private static final int MOST_BACKOFF = 3;

  private static final class Peer {
    final String name;
    long heardAtNanos;
    boolean known;
    boolean silent;
    long incarnation;
    long lastSeq = -1;

    Peer(String name, long now) {
      this.name = name;
      heardAtNanos = now;
    }
  }

  private static final class Vip {
    VipAssignment assignment;
    final Ballot ballot;
    final Claim claim = new Claim();
    @Nullable String holder;
    long holderSeenAtNanos;
    long releaseThroughSeq;
    long releaseUntilNanos = Long.MIN_VALUE;

    Vip(VipAssignment assignment, long freeSince) {
      this.assignment = assignment;
      ballot = new Ballot(freeSince);
    }

    String name() {
      return assignment.vip();
    }
  }

  private final String self;
  private final LeaseTiming timing;
  private final long incarnation;
  private final int majority;
  private final long quietUntilNanos;
  private final TreeMap<String, Peer> peers = new TreeMap<>();
  private final TreeMap<String, Vip> vips = new TreeMap<>();
  private final TreeMap<Long, Long> askedAt = new TreeMap<>();
  private long seq;
  private long lastNanos;
  private long graceUntilNanos;
  private long nextPulseNanos;
  private boolean urgent;
  private List<LeaseEffect> effects = new ArrayList<>();

  /// @param self name of this member
  /// @param members all members with a vote, this one included
  /// @param timing lengths of lease, renewal, margin
  /// @param quietNanos how long nothing is granted: at least `timing.promiseNanos()`, longer when
  ///   leases were longer before
  /// @param incarnation differs from that of every earlier machine of this member, for example wall
  ///   time at the start
  /// @param nowNanos the monotonic clock
  public LeaseMachine(
      String self,
      List<String> members,
      LeaseTiming timing,
      long quietNanos,
      long incarnation,
      long nowNanos) {
    VipAssignment.checkName(self);
    if (!members.contains(self)) {
      throw new IllegalArgumentException(self + " is not one of the members " + members);
    }
    if (quietNanos < timing.promiseNanos()) {
      throw new IllegalArgumentException(
          "quiet for " + quietNanos + " ns is shorter than a promise");
    }
    this.self = self;
    this.timing = timing;
    this.incarnation = incarnation;
    for (String member : members) {
      if (!member.equals(self)) {
        VipAssignment.checkName(member);
        peers.put(member, new Peer(member, nowNanos));
      }
    }
    majority = (peers.size() + 1) / 2 + 1;
    quietUntilNanos = nowNanos + quietNanos;
    lastNanos = nowNanos;
    graceUntilNanos = nowNanos;
    nextPulseNanos = nowNanos;
  }

  /// Takes one event and says what is to be done.
  ///
  /// @param nowNanos this member's monotonic clock, read just before; a value before the previous
  ///   one counts as that one
  public List<LeaseEffect> step(LeaseEvent event, long nowNanos) {
    long now = Math.max(nowNanos, lastNanos);
    if (now - lastNanos > 2 * timing.renewNanos()) {
      // This member was paused; what others said meanwhile waits in the queue, so their silence
      // proves nothing yet.
      graceUntilNanos = now + 2 * timing.renewNanos();
    }
    lastNanos = now;
    effects = new ArrayList<>();
    for (Vip vip : vips.values()) {
      if (vip.claim.phase == Phase.HOLDING && now >= vip.claim.untilNanos) {
        letGo(vip, now);
      }
    }
    switch (event) {
      case Tick() -> {}
      case Received(Pulse pulse) -> onPulse(pulse, now);
      case Received(PulseAck ack) -> onAck(ack, now);
      case Received(Assignments told) -> {
        if (peers.containsKey(told.from())) {
          told.assignments().forEach(a -> learn(a, now));
        }
      }
      case Assigned(List<VipAssignment> assignments) -> assignments.forEach(a -> learn(a, now));
      case Eligible(String name, boolean eligible) -> vip(name, now).claim.eligible = eligible;
      case Darkened(String name, long number) -> onDarkened(vip(name, now), number, now);
      case HoldFailed(String name) -> onHoldFailed(vip(name, now), now);
    }
    watchPeers(now);
    for (Vip vip : vips.values()) {
      steer(vip, now);
      grantWaiting(vip, now);
      watchHolder(vip, now);
    }
    if (urgent || now >= nextPulseNanos) {
      pulse(now);
    }
    return effects;
  }

  /// When the next [Tick] is due at the latest.
  public long dueAtNanos() {
    long due = nextPulseNanos;
    if (lastNanos < quietUntilNanos) {
      due = Math.min(due, quietUntilNanos);
    }
    for (Peer peer : peers.values()) {
      if (!peer.silent) {
        due = Math.min(due, silentAt(peer));
      }
    }
    for (Vip vip : vips.values()) {
      Claim claim = vip.claim;
      due =
          Math.min(
              due,
              switch (claim.phase) {
                case IDLE -> wanted(vip) && majorityHeard() ? bidAt(vip) : Long.MAX_VALUE;
                case BIDDING -> claim.biddingSinceNanos + timing.leaseNanos();
                case HOLDING -> Math.min(claim.untilNanos, claim.announceAtNanos);
                case DARKENING -> Long.MAX_VALUE;
              });
      Promise promise = vip.ballot.promise();
      if (promise != null && !vip.ballot.waiting().isEmpty()) {
        due = Math.min(due, promise.untilNanos());
      }
    }
    return due;
  }

  /// Until when this member may answer for the VIP, on its clock; `Long.MIN_VALUE` when it may not.
  public long holdsUntilNanos(String name) {
    Vip vip = vips.get(name);
    return vip != null && vip.claim.phase == Phase.HOLDING ? vip.claim.untilNanos : Long.MIN_VALUE;
  }

  /// The whole state in lines of text, times relative to the last event: for explanations and for
  /// comparing two runs.
  public String describe() {
    StringBuilder text = new StringBuilder();
    text.append("%s round %d%s%n".formatted(self, seq, quiet(lastNanos) ? " quiet" : ""));
    for (Peer peer : peers.values()) {
      String state = peer.silent ? "silent" : peer.known ? "heard" : "unknown";
      text.append("  peer %s %s, last %s%n".formatted(peer.name, state, ago(peer.heardAtNanos)));
    }
    for (Vip vip : vips.values()) {
      VipAssignment a = vip.assignment;
      text.append(
          "  %s epoch %d assigned to %s, heirs %s; seen at %s%n"
              .formatted(vip.name(), a.epoch(), a.holder(), a.heirs(), vip.holder));
      Claim claim = vip.claim;
      text.append("    as holder %s".formatted(claim.phase));
      if (claim.phase == Phase.HOLDING) {
        text.append(" until %s".formatted(ago(claim.untilNanos)));
      }
      text.append(claim.eligible ? "%n".formatted() : ", not eligible%n".formatted());
      Promise promise = vip.ballot.promise();
      if (promise != null) {
        text.append(
            "    as voter promised to %s until %s, waiting %s%n"
                .formatted(promise.to(), ago(promise.untilNanos()), vip.ballot.waiting().keySet()));
      }
    }
    return text.toString();
  }

  private String ago(long nanos) {
    return "%+d us".formatted((nanos - lastNanos) / 1_000);
  }

  // ---- messages

  private void onPulse(Pulse pulse, long now) {
    Peer peer = heard(pulse.from(), now);
    if (peer == null || (pulse.incarnation() == peer.incarnation && pulse.seq() <= peer.lastSeq)) {
      return; // a stranger, or overtaken by a later pulse, or come twice
    }
    peer.incarnation = pulse.incarnation();
    peer.lastSeq = pulse.seq();
    for (Release release : pulse.releases()) {
      learn(release.assignment(), now);
      vip(release.assignment().vip(), now)
          .ballot
          .release(peer.name, pulse.incarnation(), release, now);
    }
    List<Answer> answers = new ArrayList<>();
    List<String> held = new ArrayList<>();
    for (Ask ask : pulse.asks()) {
      learn(ask.assignment(), now);
      Vip vip = vip(ask.assignment().vip(), now);
      if (ask.holding()) {
        held.add(vip.name());
      }
      answers.add(vote(vip, pulse, ask, now));
      if (vip.claim.phase == Phase.HOLDING) {
        announce(vip, now);
      }
    }
    if (!answers.isEmpty()) {
      effects.add(
          new Send(peer.name, new PulseAck(self, pulse.incarnation(), pulse.seq(), answers)));
    }
    for (Vip vip : vips.values()) {
      if (held.contains(vip.name())) {
        sawHolder(vip, peer.name, now);
      } else if (peer.name.equals(vip.holder)) {
        sawHolder(vip, null, now);
      }
    }
  }

  private Answer vote(Vip vip, Pulse pulse, Ask ask, long now) {
    VipAssignment known = vip.assignment;
    String from = pulse.from();
    VipAssignment newer = known.epoch() > ask.assignment().epoch() ? known : null;
    int rank = known.rank(from);
    if (rank < 0) {
      return new Answer(vip.name(), Verdict.NOT_NAMED, null, false, 0, newer);
    }
    if (newer != null && rank > 0) {
      return new Answer(vip.name(), Verdict.OLD_EPOCH, null, false, 0, newer);
    }
    if (vip.claim.phase == Phase.BIDDING && !from.equals(self) && rank < known.rank(self)) {
      letGo(vip, now);
    }
    Promise other = vip.ballot.against(from, now);
    if (other != null) {
      vip.ballot.wait(pulse, ask, now);
      return new Answer(
          vip.name(),
          Verdict.PROMISED,
          other.to(),
          other.holding(),
          other.untilNanos() - now,
          newer);
    }
    give(vip, pulse, ask, now);
    if (quiet(now)) {
      // Noted, so that nobody bids against a holder that it has just heard; but not granted.
      return new Answer(vip.name(), Verdict.QUIET, null, false, quietUntilNanos - now, newer);
    }
    return new Answer(vip.name(), Verdict.GRANTED, null, false, 0, newer);
  }

  private void give(Vip vip, Pulse pulse, Ask ask, long now) {
    long until = now + timing.promiseNanos(pulse.leaseNanos());
    vip.ballot.give(pulse.from(), pulse.incarnation(), pulse.seq(), until, ask.holding());
  }

  private void onAck(PulseAck ack, long now) {
    Peer peer = heard(ack.from(), now);
    Long asked = askedAt.get(ack.seq());
    boolean mine = ack.incarnation() == incarnation;
    for (Answer answer : ack.answers()) {
      if (answer.newer() != null) {
        learn(answer.newer(), now);
      }
      Vip vip = vips.get(answer.vip());
      if (peer == null || asked == null || !mine || vip == null) {
        continue;
      }
      if (!vip.claim.asking() || ack.seq() < vip.claim.firstSeq) {
        continue; // an answer to an ask that was taken back
      }
      if (answer.verdict() == Verdict.GRANTED) {
        vip.claim.granted(peer.name, asked);
        countGrants(vip, now);
      } else if (answer.promisedTo() != null && vip.claim.phase == Phase.BIDDING) {
        considerYielding(vip, answer.promisedTo(), answer, now);
      }
    }
  }

  /// A bidder steps back when a voter has freshly promised the VIP to one that holds it, or to a
  /// better bidder. A promise that is about to end, or one to a member that has told us that it let
  /// go, is waited for.
  private void considerYielding(Vip vip, String promisedTo, Answer answer, long now) {
    if (promisedTo.equals(self) || vip.ballot.releasedBy(promisedTo)) {
      return;
    }
    int rank = vip.assignment.rank(promisedTo);
    boolean better = rank >= 0 && rank < vip.assignment.rank(self);
    boolean fresh = answer.retryAfterNanos() > 2 * timing.renewNanos();
    if (fresh && (answer.holding() || better)) {
      letGo(vip, now);
      vip.ballot.freeFrom(now + answer.retryAfterNanos(), promisedTo, false);
    }
  }

  private void countGrants(Vip vip, long now) {
    Claim claim = vip.claim;
    long agreedAt = claim.agreedAt(majority);
    long until = agreedAt == Long.MIN_VALUE ? agreedAt : agreedAt + timing.leaseNanos();
    if (until <= now || until <= claim.untilNanos) {
      return;
    }
    claim.untilNanos = until;
    effects.add(new Hold(vip.name(), until));
    if (claim.phase == Phase.BIDDING) {
      claim.phase = Phase.HOLDING;
      claim.failures = 0;
      claim.announceAtNanos = now + timing.leaseNanos();
      effects.add(new BecameHolder(vip.name(), vip.assignment.epoch()));
      sawHolder(vip, self, now);
    }
  }

  // ---- facts

  private void learn(VipAssignment assignment, long now) {
    Vip vip = vips.get(assignment.vip());
    if (vip == null) {
      vips.put(assignment.vip(), new Vip(assignment, Math.max(now, quietUntilNanos)));
      return;
    }
    if (assignment.epoch() <= vip.assignment.epoch()) {
      return;
    }
    vip.assignment = assignment;
    vip.claim.failures = 0;
    vip.claim.notBeforeNanos = now;
    vip.ballot.freeFrom(Math.max(now, quietUntilNanos), null, false);
    if (vip.claim.asking() && !self.equals(assignment.holder())) {
      letGo(vip, now);
    }
  }

  private Vip vip(String name, long now) {
    Vip vip = vips.get(name);
    if (vip == null) {
      vip = new Vip(new VipAssignment(name, 0, null, List.of()), Math.max(now, quietUntilNanos));
      vips.put(name, vip);
    }
    return vip;
  }

  private void onDarkened(Vip vip, long number, long now) {
    if (vip.claim.phase == Phase.DARKENING && vip.claim.darkenNumber == number) {
      giveBack(vip, now);
    }
  }

  private void onHoldFailed(Vip vip, long now) {
    if (vip.claim.phase == Phase.HOLDING) {
      backOff(vip, now);
      letGo(vip, now);
    }
  }

  private @Nullable Peer heard(String from, long now) {
    Peer peer = peers.get(from);
    if (peer == null) {
      return null;
    }
    peer.heardAtNanos = now;
    if (!peer.known || peer.silent) {
      peer.known = true;
      peer.silent = false;
      effects.add(new PeerHeard(from));
      for (Vip vip : vips.values()) {
        vip.claim.failures = 0;
        vip.claim.notBeforeNanos = now;
        if (vip.claim.phase == Phase.HOLDING) {
          announce(vip, now);
        }
      }
    }
    return peer;
  }

  // ---- what follows

  private void steer(Vip vip, long now) {
    Claim claim = vip.claim;
    switch (claim.phase) {
      case IDLE -> {
        if (wanted(vip) && !quiet(now) && majorityHeard() && now >= bidAt(vip)) {
          claim.bid(seq + 1, now);
          urgent = true;
        }
      }
      case BIDDING -> {
        if (!wanted(vip)) {
          letGo(vip, now);
        } else if (now - claim.biddingSinceNanos >= timing.leaseNanos()) {
          backOff(vip, now);
          letGo(vip, now);
        }
      }
      case HOLDING -> {
        if (!wanted(vip)) {
          letGo(vip, now);
        } else if (now >= claim.announceAtNanos) {
          claim.announceAtNanos = Long.MAX_VALUE;
          effects.add(new Announce(vip.name()));
        }
      }
      case DARKENING -> {}
    }
  }

  private boolean wanted(Vip vip) {
    return vip.claim.eligible && vip.assignment.rank(self) >= 0;
  }

  private long bidAt(Vip vip) {
    int rank = vip.assignment.rank(self);
    String out = vip.ballot.out(self);
    int better = 0;
    for (String member : peers.keySet()) {
      int other = vip.assignment.rank(member);
      if (other >= 0 && other < rank && !member.equals(out) && !isSilent(member)) {
        better++;
      }
    }
    long at = vip.ballot.freeSinceNanos(self) + better * timing.renewNanos();
    if (rank > 0) {
      at = Math.max(at, graceUntilNanos);
    }
    return Math.max(Math.max(at, vip.claim.notBeforeNanos), quietUntilNanos);
  }

  private boolean isSilent(String member) {
    Peer peer = peers.get(member);
    return peer == null || peer.silent || !peer.known;
  }

  private void letGo(Vip vip, long now) {
    Claim claim = vip.claim;
    switch (claim.phase) {
      case HOLDING -> {
        claim.phase = Phase.DARKENING;
        claim.darkenNumber++;
        effects.add(new Darken(vip.name(), claim.darkenNumber));
        sawHolder(vip, null, now);
      }
      case BIDDING -> giveBack(vip, now);
      case IDLE, DARKENING -> {}
    }
  }

  /// The kernel is dark and no answer to an earlier round will be counted: voters need not wait for
  /// the end of the promise.
  private void giveBack(Vip vip, long now) {
    vip.claim.phase = Phase.IDLE;
    vip.releaseThroughSeq = seq;
    vip.releaseUntilNanos = now + timing.promiseNanos();
    vip.ballot.release(self, incarnation, new Release(vip.assignment, seq), now);
    urgent = true;
  }

  private void backOff(Vip vip, long now) {
    vip.claim.failures = Math.min(vip.claim.failures + 1, MOST_BACKOFF);
    vip.claim.notBeforeNanos = now + vip.claim.failures * timing.promiseNanos();
  }

  private void grantWaiting(Vip vip, long now) {
    if (quiet(now)) {
      return;
    }
    // An old ask is not worth a promise: its sender could use little of it, and asks again with
    // every pulse.
    vip.ballot
        .waiting()
        .values()
        .removeIf(
            w ->
                now - w.atNanos() > timing.leaseNanos() / 3
                    || vip.assignment.rank(w.pulse().from()) < 0);
    Waiting best = null;
    for (Waiting w : vip.ballot.waiting().values()) {
      if (vip.ballot.against(w.pulse().from(), now) == null
          && (best == null || rank(vip, w) < rank(vip, best))) {
        best = w;
      }
    }
    if (best == null) {
      return;
    }
    give(vip, best.pulse(), best.ask(), now);
    Answer granted = new Answer(vip.name(), Verdict.GRANTED, null, false, 0, null);
    PulseAck ack =
        new PulseAck(self, best.pulse().incarnation(), best.pulse().seq(), List.of(granted));
    effects.add(new Send(best.pulse().from(), ack));
  }

  private static int rank(Vip vip, Waiting waiting) {
    return vip.assignment.rank(waiting.pulse().from());
  }

  private void pulse(long now) {
    urgent = false;
    nextPulseNanos = now + timing.renewNanos();
    seq++;
    askedAt.headMap(seq).values().removeIf(at -> now - at >= timing.leaseNanos());
    askedAt.put(seq, now);
    List<Ask> asks = new ArrayList<>();
    List<Release> releases = new ArrayList<>();
    for (Vip vip : vips.values()) {
      if (vip.claim.asking()) {
        asks.add(new Ask(vip.assignment, vip.claim.phase == Phase.HOLDING));
      }
      if (now < vip.releaseUntilNanos) {
        releases.add(new Release(vip.assignment, vip.releaseThroughSeq));
      }
    }
    Pulse pulse = new Pulse(self, incarnation, seq, timing.leaseNanos(), asks, releases);
    for (String peer : peers.keySet()) {
      effects.add(new Send(peer, pulse));
    }
    for (Ask ask : asks) {
      Vip vip = vip(ask.assignment().vip(), now);
      if (vote(vip, pulse, ask, now).verdict() == Verdict.GRANTED) {
        vip.claim.granted(self, now);
        countGrants(vip, now);
      }
    }
  }

  private void watchPeers(long now) {
    for (Peer peer : peers.values()) {
      if (!peer.silent && now >= silentAt(peer)) {
        peer.silent = true;
        effects.add(new PeerSilent(peer.name));
      }
    }
  }

  private long silentAt(Peer peer) {
    return Math.max(peer.heardAtNanos + timing.promiseNanos(), graceUntilNanos);
  }

  private boolean majorityHeard() {
    int heard = 1;
    for (Peer peer : peers.values()) {
      if (peer.known && !peer.silent) {
        heard++;
      }
    }
    return heard >= majority;
  }

  private void announce(Vip vip, long now) {
    // Again a little later, because the neighbour may not be in hearing at once; not more often
    // than twice a lease.
    if (vip.claim.announceAtNanos == Long.MAX_VALUE) {
      effects.add(new Announce(vip.name()));
      vip.claim.announceAtNanos = now + timing.leaseNanos();
    }
  }

  private void sawHolder(Vip vip, @Nullable String holder, long now) {
    if (vip.claim.phase == Phase.HOLDING && !self.equals(holder)) {
      return;
    }
    vip.holderSeenAtNanos = now;
    String before = vip.holder;
    if (holder == null ? before != null : !holder.equals(before)) {
      vip.holder = holder;
      effects.add(new HolderSeen(vip.name(), holder, vip.assignment.epoch()));
    }
  }

  private void watchHolder(Vip vip, long now) {
    if (vip.holder != null
        && !self.equals(vip.holder)
        && now - vip.holderSeenAtNanos >= timing.promiseNanos()) {
      sawHolder(vip, null, now);
    }
  }

  private boolean quiet(long now) {
    return now < quietUntilNanos;
  }
}
