package io.trivet.cluster.lease;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.lease.Ballot.Promise;
import io.trivet.cluster.lease.Ballot.Waiting;
import io.trivet.cluster.lease.Claim.Phase;
import io.trivet.cluster.lease.LeaseEffect.Announce;
import io.trivet.cluster.lease.LeaseEffect.BecameHolder;
import io.trivet.cluster.lease.LeaseEffect.Darken;
import io.trivet.cluster.lease.LeaseEffect.Hold;
import io.trivet.cluster.lease.LeaseEffect.Send;
import io.trivet.cluster.lease.LeaseEvent.Assigned;
import io.trivet.cluster.lease.LeaseEvent.Attended;
import io.trivet.cluster.lease.LeaseEvent.Darkened;
import io.trivet.cluster.lease.LeaseEvent.Eligible;
import io.trivet.cluster.lease.LeaseEvent.Received;
import io.trivet.cluster.lease.LeaseEvent.Resumed;
import io.trivet.cluster.lease.LeaseMessage.Answer;
import io.trivet.cluster.lease.LeaseMessage.Ask;
import io.trivet.cluster.lease.LeaseMessage.Assignments;
import io.trivet.cluster.lease.LeaseMessage.Missing;
import io.trivet.cluster.lease.LeaseMessage.Pulse;
import io.trivet.cluster.lease.LeaseMessage.PulseAck;
import io.trivet.cluster.lease.LeaseMessage.Release;
import io.trivet.cluster.lease.LeaseMessage.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

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
/// | HOLDING | may answer until the lease ends; asks in every pulse | renewed → HOLDING (`Hold`); lease ended, not eligible, a newer assignment names another, `HoldFailed`, `Resumed`, an answer that contradicts the lease → DARKENING (`Darken`) |
/// | DARKENING | asks no more; waits until the kernel is known to be dark, gives the order again after a lease | `Darkened` → release, IDLE |
///
/// As voter, for each VIP:
///
/// | state | meaning | leaves it when |
/// |---|---|---|
/// | quiet | started a moment ago, may have forgotten a promise, or guards the VIP since a moment ago: grants nothing, bids for nothing | the length of a promise has passed → free |
/// | free | grants the first ask of a member that the newest assignment names | → promised |
/// | promised | refuses everybody else, remembers who waits | renewed → promised; ended or released → free, and the best of those who wait gets it at once |
///
/// The order of bids after a promise ended: each member waits `renewNanos` for every better-named
/// member that is in hearing, except the one that just had the VIP. So the first heir bids at once
/// when the holder dies or stands down.
///
/// Timing and the list of VIPs may change at any time (`Retimed`, `Guarding`), on each member at
/// another one. A lease is as long as the pulse said that asked for it, for holder and voter, and a
/// voter shortens no promise. A VIP that is new in the list is quiet for the time of a start.
///
/// Members are fixed. To change them: darken everything, make a new machine; change one member at a
/// time, so that old and new majorities overlap. What must hold in every state is checked after
/// each step ([LeaseInvariants]); a state that does not hold throws, and must not be used again.
/// Not thread-safe. Deterministic.
public final class LeaseMachine {
  private static final int MOST_BACKOFF = 3;

  private final String self;
  private final long incarnation;
  private final Peers peers;
  private final VipLeases vips;
  private final Rounds rounds;
  private LeaseTiming timing;
  private long daemon;
  private long lastNanos;
  private boolean urgent;
  private List<LeaseEffect> effects = new ArrayList<>();

  /// @param self name of this member
  /// @param members all members with a vote, this one included
  /// @param timing lengths of lease, renewal, margin
  /// @param quietNanos how long nothing is granted: at least the longest promise of any timing that
  ///   this member had before or may get
  /// @param incarnation differs from that of every earlier machine of this member, for example wall
  ///   time at the start; also the run of the daemon, until `Attended` says another one
  /// @param nowNanos a monotonic clock that nobody slews ([LeaseTiming])
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
    rounds = new Rounds(timing, nowNanos);
    daemon = incarnation;
    peers = new Peers(self, members, timing, nowNanos);
    vips = new VipLeases(quietNanos, nowNanos);
    lastNanos = nowNanos;
  }

  /// Takes one event and says what is to be done.
  ///
  /// @param nowNanos this member's clock, read *after* the event was taken from its queue: a
  ///   promise counted from before its ask could end too early. A value before the previous one
  ///   counts as that one
  public List<LeaseEffect> step(LeaseEvent event, long nowNanos) {
    long now = Math.max(nowNanos, lastNanos);
    peers.passed(now, now - rounds.nextNanos());
    lastNanos = now;
    effects = new ArrayList<>();
    for (VipLease vip : vips.all()) {
      if (vip.claim.phase == Phase.HOLDING && now >= vip.claim.untilNanos) {
        letGo(vip, now);
      }
    }
    switch (event) {
      case LeaseEvent.Tick() -> {}
      case Resumed() -> onResumed(now);
      case Received(Pulse pulse) -> onPulse(pulse, now);
      case Received(PulseAck ack) -> onAck(ack, now);
      case Received(Missing missing) -> {
        heard(missing.from(), now);
        peers.misses(missing);
      }
      case Received(Assignments told) -> {
        if (peers.isPeer(told.from())) {
          told.assignments().forEach(a -> learn(a, now));
        }
      }
      case Assigned(List<VipAssignment> assignments) -> assignments.forEach(a -> learn(a, now));
      case Eligible(String name, boolean eligible) -> vip(name, now).claim.eligible = eligible;
      case Attended(long run) -> {
        urgent |= run != daemon;
        daemon = run;
      }
      case LeaseEvent.Fit(String name, boolean fit) -> vip(name, now).claim.fit = fit;
      case LeaseEvent.Retimed(LeaseTiming changed) -> onRetimed(changed, now);
      case LeaseEvent.Guarding(List<String> names) ->
          vips.guarding(names, now).forEach(vip -> letGo(vip, now));
      case Darkened(String name, long number) -> onDarkened(vip(name, now), number, now);
      case LeaseEvent.HoldFailed(String name) -> onHoldFailed(vip(name, now), now);
    }
    urgent |= peers.fallenSilent(now);
    effects.addAll(peers.gone(now));
    for (VipLease vip : vips.all()) {
      steer(vip, now);
      grantWaiting(vip, now);
      vip.watchHolder(self, timing.promiseNanos(), now, effects);
    }
    if (urgent || now >= rounds.nextNanos()) {
      pulse(now);
    }
    for (VipLease vip : vips.all()) {
      LeaseInvariants.check(
          vip, effects, vip.quiet(now), wanted(vip), peers, timing, rounds.seq(), now);
    }
    return effects;
  }

  /// When the next `Tick` is due at the latest.
  public long dueAtNanos() {
    long due = rounds.nextNanos();
    if (lastNanos < vips.quietUntilNanos()) {
      due = Math.min(due, vips.quietUntilNanos());
    }
    due = Math.min(due, peers.dueAtNanos());
    for (VipLease vip : vips.all()) {
      Claim claim = vip.claim;
      due =
          Math.min(
              due,
              switch (claim.phase) {
                case IDLE -> wanted(vip) && peers.majorityInHearing() ? bidAt(vip) : Long.MAX_VALUE;
                case BIDDING -> claim.biddingSinceNanos + timing.leaseNanos();
                case HOLDING -> Math.min(claim.untilNanos, claim.announceAtNanos);
                case DARKENING -> claim.darkenAgainNanos;
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
    VipLease vip = vips.known(name);
    return vip != null && vip.claim.phase == Phase.HOLDING ? vip.claim.untilNanos : Long.MIN_VALUE;
  }

  /// The whole state in lines of text, times relative to the last event: for explanations and for
  /// comparing two runs.
  public String describe() {
    StringBuilder text = new StringBuilder(self).append(" round ").append(rounds.seq());
    text.append(lastNanos < vips.quietUntilNanos() ? " quiet\n" : "\n");
    peers.describe(text);
    vips.all().forEach(vip -> vip.describe(text, lastNanos));
    return text.toString();
  }

  // ---- messages

  private void onPulse(Pulse pulse, long now) {
    heard(pulse.from(), now);
    if (!peers.isNewest(pulse)) {
      return;
    }
    effects.addAll(peers.daemonOf(pulse));
    for (Release release : pulse.releases()) {
      learn(release.assignment(), now);
      vip(release.assignment().vip(), now)
          .ballot
          .release(pulse.from(), pulse.incarnation(), release, now);
    }
    List<Answer> answers = new ArrayList<>();
    TreeMap<String, Long> held = new TreeMap<>();
    for (Ask ask : pulse.asks()) {
      learn(ask.assignment(), now);
      VipLease vip = vip(ask.assignment().vip(), now);
      if (ask.holding()) {
        held.put(vip.name(), ask.assignment().epoch());
        urgent |= vip.claim.phase == Phase.HOLDING; // both cannot be true: ask the voters at once
      }
      answers.add(vote(vip, pulse, ask, now));
      if (vip.claim.phase == Phase.HOLDING) {
        announce(vip, now);
      }
    }
    if (!answers.isEmpty()) {
      effects.add(
          new Send(pulse.from(), new PulseAck(self, pulse.incarnation(), pulse.seq(), answers)));
      peers.answered(pulse.from(), now);
    }
    for (VipLease vip : vips.all()) {
      Long epoch = held.get(vip.name());
      if (epoch != null) {
        vip.saw(self, pulse.from(), epoch, now, effects);
      } else if (pulse.from().equals(vip.holder)) {
        vip.saw(self, null, 0, now, effects);
      }
    }
  }

  private Answer vote(VipLease vip, Pulse pulse, Ask ask, long now) {
    VipAssignment known = vip.assignment;
    String from = pulse.from();
    VipAssignment newer = known.epoch() > ask.assignment().epoch() ? known : null;
    int rank = known.rank(from);
    if (rank < 0 || !vip.guarded) {
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
    if (vip.quiet(now)) {
      // Noted, so that nobody bids against a holder that it has just heard; but not granted.
      long left = vip.quietUntilNanos - now;
      return new Answer(vip.name(), Verdict.QUIET, null, false, left, newer);
    }
    return new Answer(vip.name(), Verdict.GRANTED, null, false, 0, newer);
  }

  private void give(VipLease vip, Pulse pulse, Ask ask, long now) {
    long until = now + timing.promiseNanos(pulse.leaseNanos());
    vip.ballot.give(pulse.from(), pulse.incarnation(), pulse.seq(), until, ask.holding(), now);
  }

  private void onAck(PulseAck ack, long now) {
    heard(ack.from(), now);
    Rounds.Asked asked = rounds.asked(ack.seq());
    boolean mine = ack.incarnation() == incarnation;
    for (Answer answer : ack.answers()) {
      if (answer.newer() != null) {
        learn(answer.newer(), now);
      }
      VipLease vip = vips.known(answer.vip());
      if (!peers.isPeer(ack.from()) || asked == null || !mine || vip == null) {
        continue;
      }
      if (!vip.claim.asking() || ack.seq() < vip.claim.firstSeq) {
        continue; // an answer to an ask that was taken back
      }
      if (answer.verdict() == Verdict.GRANTED) {
        vip.claim.granted(ack.from(), asked.atNanos(), asked.leaseNanos());
        countGrants(vip, now);
      } else if (answer.promisedTo() != null) {
        refused(vip, ack, answer, answer.promisedTo(), asked.atNanos(), now);
      }
    }
  }

  private void refused(
      VipLease vip, PulseAck ack, Answer answer, String promisedTo, long asked, long now) {
    if (vip.claim.phase == Phase.BIDDING) {
      considerYielding(vip, promisedTo, answer, now);
    } else if (!promisedTo.equals(self)
        && vip.claim.contradictedBy(
            ack.from(), promisedTo, answer.holding(), ack.seq(), asked, now)) {
      letGo(vip, now);
    }
  }

  /// A bidder steps back when a voter has freshly promised the VIP to one that holds it, or to a
  /// better bidder. A promise that is about to end, or one to a member that has told us that it let
  /// go, is waited for.
  private void considerYielding(VipLease vip, String promisedTo, Answer answer, long now) {
    if (promisedTo.equals(self) || vip.ballot.releasedBy(promisedTo, self)) {
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

  private void countGrants(VipLease vip, long now) {
    Claim claim = vip.claim;
    long until = claim.agreedUntil(peers.majority());
    if (until <= now || until <= claim.untilNanos) {
      return;
    }
    claim.untilNanos = until;
    effects.add(new Hold(vip.name(), until));
    if (claim.phase == Phase.BIDDING) {
      claim.phase = Phase.HOLDING;
      claim.failures = 0;
      claim.heldSeq = rounds.seq() + 1;
      claim.announceAtNanos = now + timing.leaseNanos();
      effects.add(new BecameHolder(vip.name(), vip.assignment.epoch()));
      vip.saw(self, self, vip.assignment.epoch(), now, effects);
      urgent = true; // so that everybody knows
    }
  }

  // ---- facts

  private void learn(VipAssignment assignment, long now) {
    VipLease vip = vips.of(assignment, now);
    if (assignment.epoch() <= vip.assignment.epoch()) {
      return;
    }
    vip.assignment = assignment;
    vip.claim.failures = 0;
    vip.claim.notBeforeNanos = now;
    vip.ballot.freeFrom(Math.max(now, vip.quietUntilNanos), null, false);
    if (vip.claim.asking() && !self.equals(assignment.holder())) {
      letGo(vip, now);
    } else if (vip.claim.phase == Phase.HOLDING) {
      vip.saw(self, self, assignment.epoch(), now, effects);
    }
  }

  private VipLease vip(String name, long now) {
    return vips.of(name, now);
  }

  private void onRetimed(LeaseTiming changed, long now) {
    if (changed.promiseNanos() > vips.quietNanos()) {
      throw new IllegalArgumentException("a start would not be quiet for " + changed);
    }
    rounds.retime(changed, now);
    timing = changed;
    peers.retime(changed);
    urgent = true;
  }

  private void onResumed(long now) {
    peers.resumed(now);
    rounds.forget();
    vips.all().forEach(vip -> letGo(vip, now));
  }

  private void onDarkened(VipLease vip, long number, long now) {
    if (vip.claim.phase == Phase.DARKENING && vip.claim.darkenNumber == number) {
      giveBack(vip, now);
    }
  }

  private void onHoldFailed(VipLease vip, long now) {
    if (vip.claim.phase == Phase.HOLDING) {
      backOff(vip, now);
      letGo(vip, now);
    }
  }

  private void heard(String from, long now) {
    if (!peers.heard(from, now, effects)) {
      return;
    }
    for (VipLease vip : vips.all()) {
      vip.claim.failures = 0;
      vip.claim.notBeforeNanos = now;
      if (vip.claim.phase == Phase.HOLDING) {
        announce(vip, now);
      }
    }
  }

  // ---- what follows

  private void steer(VipLease vip, long now) {
    Claim claim = vip.claim;
    switch (claim.phase) {
      case IDLE -> {
        if (wanted(vip) && !vip.quiet(now) && peers.majorityInHearing() && now >= bidAt(vip)) {
          claim.bid(rounds.seq() + 1, now);
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
      case DARKENING -> {
        if (now >= claim.darkenAgainNanos) {
          darken(vip, now);
        }
      }
    }
  }

  private boolean wanted(VipLease vip) {
    return vip.guarded && vip.claim.able() && vip.assignment.rank(self) >= 0;
  }

  private long bidAt(VipLease vip) {
    int rank = vip.assignment.rank(self);
    String out = vip.ballot.out(self);
    int better = 0;
    for (String member : peers.names()) {
      int other = vip.assignment.rank(member);
      if (other >= 0 && other < rank && !member.equals(out) && peers.inHearing(member)) {
        better++;
      }
    }
    long at = vip.ballot.freeSinceNanos(self) + better * timing.renewNanos();
    if (rank > 0) {
      at = Math.max(at, peers.graceUntilNanos());
    }
    return Math.max(Math.max(at, vip.claim.notBeforeNanos), vip.quietUntilNanos);
  }

  private void letGo(VipLease vip, long now) {
    Claim claim = vip.claim;
    switch (claim.phase) {
      case HOLDING -> {
        claim.phase = Phase.DARKENING;
        claim.darkenNumber++;
        darken(vip, now);
        vip.saw(self, null, 0, now, effects);
      }
      case BIDDING -> giveBack(vip, now);
      case IDLE, DARKENING -> {}
    }
  }

  private void darken(VipLease vip, long now) {
    vip.claim.darkenAgainNanos = now + timing.leaseNanos();
    effects.add(new Darken(vip.name(), vip.claim.darkenNumber));
  }

  /// The kernel is dark and no answer to an earlier round will be counted: voters need not wait for
  /// the end of the promise.
  private void giveBack(VipLease vip, long now) {
    vip.claim.phase = Phase.IDLE;
    vip.releaseThroughSeq = rounds.seq();
    vip.releaseUntilNanos = now + timing.promiseNanos();
    vip.ballot.release(self, incarnation, new Release(vip.assignment, rounds.seq()), now);
    urgent = true;
  }

  private void backOff(VipLease vip, long now) {
    vip.claim.failures = Math.min(vip.claim.failures + 1, MOST_BACKOFF);
    vip.claim.notBeforeNanos = now + vip.claim.failures * timing.promiseNanos();
  }

  private void grantWaiting(VipLease vip, long now) {
    if (!vip.guarded || vip.quiet(now)) {
      return;
    }
    Waiting best = vip.ballot.next(vip.assignment, now - timing.leaseNanos() / 3, now);
    if (best == null) {
      return;
    }
    give(vip, best.pulse(), best.ask(), now);
    Answer granted = new Answer(vip.name(), Verdict.GRANTED, null, false, 0, null);
    PulseAck ack =
        new PulseAck(self, best.pulse().incarnation(), best.pulse().seq(), List.of(granted));
    effects.add(new Send(best.pulse().from(), ack));
  }

  private void pulse(long now) {
    urgent = false;
    rounds.begin(now);
    List<Ask> asks = new ArrayList<>();
    List<Release> releases = new ArrayList<>();
    for (VipLease vip : vips.all()) {
      if (vip.claim.asking()) {
        asks.add(new Ask(vip.assignment, vip.claim.phase == Phase.HOLDING));
      }
      if (now < vip.releaseUntilNanos) {
        releases.add(new Release(vip.assignment, vip.releaseThroughSeq));
      }
    }
    Pulse pulse =
        new Pulse(self, incarnation, daemon, rounds.seq(), timing.leaseNanos(), asks, releases);
    boolean onlyAlive = asks.isEmpty() && releases.isEmpty();
    List<String> missed = peers.missed(now);
    for (String peer : peers.names()) {
      if (!missed.isEmpty() && peers.inHearing(peer)) {
        effects.add(new Send(peer, new Missing(self, incarnation, rounds.seq(), missed)));
      }
      // An answer was a sign of life, too: a quarter of all messages of an idle cluster is saved.
      if (!onlyAlive || now - peers.answeredAtNanos(peer) >= rounds.renewNanos()) {
        effects.add(new Send(peer, pulse));
      }
    }
    for (Ask ask : asks) {
      VipLease vip = vip(ask.assignment().vip(), now);
      if (vote(vip, pulse, ask, now).verdict() == Verdict.GRANTED) {
        vip.claim.granted(self, now, timing.leaseNanos());
        countGrants(vip, now);
      }
    }
  }

  private void announce(VipLease vip, long now) {
    // Again a little later, because the neighbour may not be in hearing at once; not more often
    // than twice a lease.
    if (vip.claim.announceAtNanos == Long.MAX_VALUE) {
      effects.add(new Announce(vip.name()));
      vip.claim.announceAtNanos = now + timing.leaseNanos();
    }
  }
}
