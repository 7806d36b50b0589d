package io.trivet.cluster.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.lease.LeaseEffect.Darken;
import io.trivet.cluster.lease.LeaseEffect.Hold;
import io.trivet.cluster.lease.LeaseEffect.Send;
import io.trivet.cluster.lease.LeaseEvent.Received;
import io.trivet.cluster.lease.LeaseMessage.Answer;
import io.trivet.cluster.lease.LeaseMessage.Ask;
import io.trivet.cluster.lease.LeaseMessage.Pulse;
import io.trivet.cluster.lease.LeaseMessage.PulseAck;
import io.trivet.cluster.lease.LeaseMessage.Release;
import io.trivet.cluster.lease.LeaseMessage.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// One machine alone, played by hand. What several of them do together is the simulator's.
class LeaseMachineTest {
  private static final long MILLI = 1_000_000L;
  private static final LeaseTiming TIMING = LeaseTiming.STANDARD;
  private static final long PROMISE = TIMING.promiseNanos();
  private static final long LEASE = TIMING.leaseNanos();
  private static final long START = 1_000_000 * MILLI;
  private static final long READY = START + PROMISE;

  private static final VipAssignment TO_C1 = new VipAssignment("vip", 1, "c1", List.of("c2", "c3"));
  private static final VipAssignment TO_C2 = new VipAssignment("vip", 2, "c2", List.of("c3", "c1"));

  private final LeaseMachine machine =
      new LeaseMachine("c1", List.of("c1", "c2", "c3"), TIMING, PROMISE, 1, START);
  private long seqOfOthers;

  private List<LeaseEffect> tell(LeaseEvent event, long now) {
    return machine.step(event, now);
  }

  private List<LeaseEffect> hear(LeaseMessage message, long now) {
    return tell(new Received(message), now);
  }

  private Pulse pulse(String from, List<Ask> asks, List<Release> releases) {
    return new Pulse(from, 9, 9, ++seqOfOthers, LEASE, asks, releases);
  }

  private static Pulse lastPulse(List<LeaseEffect> effects) {
    Pulse last = null;
    for (LeaseEffect effect : effects) {
      if (effect instanceof Send(String to, Pulse pulse)) {
        last = pulse;
      }
    }
    assertTrue(last != null, "no pulse in " + effects);
    return java.util.Objects.requireNonNull(last);
  }

  private static List<Answer> answers(List<LeaseEffect> effects) {
    List<Answer> answers = new ArrayList<>();
    for (LeaseEffect effect : effects) {
      if (effect instanceof Send(String to, PulseAck ack)) {
        answers.addAll(ack.answers());
      }
    }
    return answers;
  }

  private static <T extends LeaseEffect> List<T> only(Class<T> kind, List<LeaseEffect> effects) {
    return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  private List<LeaseEffect> ask(String from, VipAssignment assignment, boolean holding, long now) {
    return hear(pulse(from, List.of(new Ask(assignment, holding)), List.of()), now);
  }

  private static PulseAck granted(String from, Pulse pulse) {
    Answer answer = new Answer("vip", Verdict.GRANTED, null, false, 0, null);
    return new PulseAck(from, pulse.incarnation(), pulse.seq(), List.of(answer));
  }

  /// c1 assigned, eligible, c2 in hearing, bidding since READY.
  private Pulse bidding() {
    tell(new LeaseEvent.Assigned(List.of(TO_C1)), START);
    tell(new LeaseEvent.Eligible("vip", true), START);
    hear(pulse("c2", List.of(), List.of()), READY - MILLI);
    Pulse bid = lastPulse(tell(new LeaseEvent.Tick(), READY));
    assertEquals(List.of(new Ask(TO_C1, false)), bid.asks());
    return bid;
  }

  private Pulse holding() {
    Pulse bid = bidding();
    List<LeaseEffect> effects = hear(granted("c2", bid), READY + MILLI);
    assertEquals(List.of(new Hold("vip", READY + LEASE)), only(Hold.class, effects));
    assertEquals(
        List.of(new LeaseEffect.BecameHolder("vip", 1)),
        only(LeaseEffect.BecameHolder.class, effects));
    return lastPulse(effects);
  }

  @Test
  void aVoterThatJustStartedGrantsNothing() {
    assertEquals(Verdict.QUIET, answers(ask("c2", TO_C2, false, READY - 1)).getFirst().verdict());
    assertEquals(Verdict.GRANTED, answers(ask("c2", TO_C2, false, READY)).getFirst().verdict());
  }

  @Test
  void aPromiseKeepsOthersOutUntilItEnds() {
    ask("c2", TO_C2, false, READY);
    Answer refused = answers(ask("c3", TO_C2, false, READY + PROMISE - MILLI)).getFirst();
    assertEquals(new Answer("vip", Verdict.PROMISED, "c2", false, MILLI, null), refused);
    // Who waits gets it at the moment when the promise ends, without asking again.
    assertTrue(machine.dueAtNanos() <= READY + PROMISE);
    List<LeaseEffect> effects = tell(new LeaseEvent.Tick(), READY + PROMISE);
    assertEquals(Verdict.GRANTED, answers(effects).getFirst().verdict());
  }

  @Test
  void aReleaseEndsOnlyThePromiseOfItsRoundAndLife() {
    ask("c2", TO_C2, true, READY);
    long round = seqOfOthers;
    hear(pulse("c2", List.of(), List.of(new Release(TO_C2, round - 1))), READY + 1);
    assertEquals(
        Verdict.PROMISED, answers(ask("c3", TO_C2, false, READY + 2)).getFirst().verdict());
    Release release = new Release(TO_C2, round);
    hear(new Pulse("c2", 8, 8, 1, LEASE, List.of(), List.of(release)), READY + 3);
    assertEquals(
        Verdict.PROMISED, answers(ask("c3", TO_C2, false, READY + 4)).getFirst().verdict());
    hear(pulse("c2", List.of(), List.of(release)), READY + 5);
    assertEquals(Verdict.GRANTED, answers(ask("c3", TO_C2, false, READY + 6)).getFirst().verdict());
  }

  @Test
  void whoIsNotNamedGetsNothingAndLearnsWhoIs() {
    tell(new LeaseEvent.Assigned(List.of(new VipAssignment("vip", 5, "c1", List.of()))), START);
    Answer answer = answers(ask("c2", TO_C2, false, READY)).getFirst();
    assertEquals(Verdict.NOT_NAMED, answer.verdict());
    assertEquals(new VipAssignment("vip", 5, "c1", List.of()), answer.newer());
  }

  /// It may count on the longer one: its answer to the shorter ask may be lost.
  @Test
  void aPromiseIsNotShortenedByAnAskForLess() {
    LeaseTiming patient = LeaseTiming.PATIENT;
    Ask ask = new Ask(TO_C2, true);
    hear(new Pulse("c2", 9, 9, 1, patient.leaseNanos(), List.of(ask), List.of()), READY);
    hear(new Pulse("c2", 9, 9, 2, LEASE, List.of(ask), List.of()), READY + MILLI);
    assertEquals(
        Verdict.PROMISED,
        answers(ask("c3", TO_C2, false, READY + patient.leaseNanos())).getFirst().verdict());
  }

  /// What was asked for under the shorter timing was promised for no longer.
  @Test
  void aLongerTimingDoesNotLengthenWhatWasAskedBefore() {
    LeaseMachine one =
        new LeaseMachine(
            "c1", List.of("c1", "c2", "c3"), TIMING, LeaseTiming.PATIENT.promiseNanos(), 1, START);
    long ready = START + LeaseTiming.PATIENT.promiseNanos();
    one.step(new LeaseEvent.Assigned(List.of(TO_C1)), START);
    one.step(new LeaseEvent.Eligible("vip", true), START);
    one.step(new Received(pulse("c2", List.of(), List.of())), ready - MILLI);
    Pulse bid = lastPulse(one.step(new LeaseEvent.Tick(), ready));
    Pulse longer = lastPulse(one.step(new LeaseEvent.Retimed(LeaseTiming.PATIENT), ready + MILLI));
    assertEquals(LeaseTiming.PATIENT.leaseNanos(), longer.leaseNanos());
    one.step(new Received(granted("c2", bid)), ready + 2 * MILLI);
    assertEquals(ready + LEASE, one.holdsUntilNanos("vip"));
    // The next round comes as soon as under the shorter timing, in case this one is lost.
    assertTrue(one.dueAtNanos() <= ready + 2 * MILLI + TIMING.renewNanos());
    one.step(new Received(granted("c2", longer)), ready + 3 * MILLI);
    assertEquals(ready + MILLI + LeaseTiming.PATIENT.leaseNanos(), one.holdsUntilNanos("vip"));
  }

  @Test
  void aStartMustBeQuietForEveryTimingThatFollows() {
    assertThrows(
        IllegalArgumentException.class,
        () -> tell(new LeaseEvent.Retimed(LeaseTiming.PATIENT), READY));
  }

  @Test
  void whatIsNotGuardedIsLetGoAndGrantedToNobody() {
    holding();
    tell(new LeaseEvent.Guarding(List.of("vip")), READY + 2 * MILLI);
    assertEquals(READY + LEASE, machine.holdsUntilNanos("vip"));
    List<LeaseEffect> gone = tell(new LeaseEvent.Guarding(List.of()), READY + 3 * MILLI);
    assertEquals(1, only(Darken.class, gone).size());
    tell(new LeaseEvent.Darkened("vip", 1), READY + 4 * MILLI);
    assertEquals(
        Verdict.NOT_NAMED,
        answers(ask("c2", TO_C2, false, READY + 2 * LEASE)).getFirst().verdict());
  }

  /// Whatever was promised before, under any name, has ended by then.
  @Test
  void whatIsNewToGuardIsQuietFirst() {
    tell(new LeaseEvent.Guarding(List.of()), READY);
    long since = READY + LEASE;
    tell(new LeaseEvent.Guarding(List.of("vip")), since);
    assertEquals(
        Verdict.QUIET, answers(ask("c2", TO_C2, false, since + PROMISE - 1)).getFirst().verdict());
    assertEquals(
        Verdict.GRANTED, answers(ask("c2", TO_C2, false, since + PROMISE)).getFirst().verdict());
  }

  @Test
  void overtakenAndDoubledPulsesAndStrangersAreIgnored() {
    Pulse first = pulse("c2", List.of(new Ask(TO_C2, false)), List.of());
    Pulse second = pulse("c2", List.of(new Ask(TO_C2, false)), List.of());
    assertEquals(1, answers(hear(second, READY)).size());
    assertEquals(0, answers(hear(second, READY + 1)).size());
    assertEquals(0, answers(hear(first, READY + 1)).size());
    assertEquals(0, answers(ask("c9", TO_C2, false, READY + 1)).size());
  }

  @Test
  void aLeaseCountsFromTheAsk() {
    Pulse bid = bidding();
    assertEquals(List.of(), only(Hold.class, hear(granted("c2", bid), READY + LEASE)));
    assertEquals(Long.MIN_VALUE, machine.holdsUntilNanos("vip"));
  }

  @Test
  void anAnswerToAnotherLifeDoesNotCount() {
    Pulse bid = bidding();
    Answer answer = new Answer("vip", Verdict.GRANTED, null, false, 0, null);
    List<LeaseEffect> effects = hear(new PulseAck("c2", 7, bid.seq(), List.of(answer)), READY + 1);
    assertEquals(List.of(), only(Hold.class, effects));
  }

  @Test
  void aHolderWithoutRenewalDarkensWhenItsLeaseEnds() {
    holding();
    assertTrue(machine.dueAtNanos() <= READY + LEASE);
    assertEquals(
        List.of(new Darken("vip", 1)),
        only(Darken.class, tell(new LeaseEvent.Tick(), READY + LEASE)));
  }

  @Test
  void nothingIsReleasedBeforeTheKernelIsDark() {
    holding();
    List<LeaseEffect> moved = tell(new LeaseEvent.Assigned(List.of(TO_C2)), READY + 5 * MILLI);
    assertEquals(List.of(new Darken("vip", 1)), only(Darken.class, moved));
    Pulse before = lastPulse(tell(new LeaseEvent.Tick(), READY + 150 * MILLI));
    assertEquals(List.of(), before.asks());
    assertEquals(List.of(), before.releases());
    assertEquals(
        Verdict.PROMISED,
        answers(ask("c2", TO_C2, false, READY + 151 * MILLI)).getFirst().verdict());
    // A confirmation of something else confirms nothing.
    tell(new LeaseEvent.Darkened("vip", 7), READY + 152 * MILLI);
    List<LeaseEffect> dark = tell(new LeaseEvent.Darkened("vip", 1), READY + 153 * MILLI);
    assertEquals(1, lastPulse(dark).releases().size());
    assertEquals(Verdict.GRANTED, answers(dark).getFirst().verdict());
  }

  @Test
  void anUnconfirmedDarkenComesAgain() {
    holding();
    tell(new LeaseEvent.Eligible("vip", false), READY + 5 * MILLI);
    assertEquals(
        List.of(new Darken("vip", 1)),
        only(Darken.class, tell(new LeaseEvent.Tick(), READY + 5 * MILLI + LEASE)));
  }

  @Test
  void aFailedHoldIsGivenBackAndNotAskedForAtOnce() {
    holding();
    List<LeaseEffect> failed = tell(new LeaseEvent.HoldFailed("vip"), READY + 2 * MILLI);
    assertEquals(List.of(new Darken("vip", 1)), only(Darken.class, failed));
    Pulse after = lastPulse(tell(new LeaseEvent.Darkened("vip", 1), READY + 3 * MILLI));
    assertEquals(List.of(), after.asks());
    assertEquals(1, after.releases().size());
  }

  @Test
  void aSilentPeerIsToldOnceAndHeardAgainOnce() {
    hear(pulse("c2", List.of(), List.of()), START + MILLI);
    List<LeaseEffect> silent = new ArrayList<>();
    for (long now = START; now <= START + Peers.ALONE_NANOS + 2 * MILLI; now += MILLI) {
      silent.addAll(only(LeaseEffect.PeerSilent.class, tell(new LeaseEvent.Tick(), now)));
    }
    assertEquals(
        List.of(new LeaseEffect.PeerSilent("c3"), new LeaseEffect.PeerSilent("c2")).stream()
            .sorted((a, b) -> a.toString().compareTo(b.toString()))
            .toList(),
        silent.stream().sorted((a, b) -> a.toString().compareTo(b.toString())).toList());
    List<LeaseEffect> back = hear(pulse("c2", List.of(), List.of()), START + 6 * PROMISE);
    assertTrue(back.contains(new LeaseEffect.PeerHeard("c2")));
    assertEquals(
        List.of(new LeaseEffect.PeerBegan("c2", 9)), only(LeaseEffect.PeerBegan.class, back));
    List<LeaseEffect> again = hear(pulse("c2", List.of(), List.of()), START + 6 * PROMISE + 1);
    assertFalse(again.contains(new LeaseEffect.PeerHeard("c2")));
    assertEquals(List.of(), only(LeaseEffect.PeerBegan.class, again));
  }

  /// Ticks every few milliseconds, and c2 heard all the time when it is to be.
  private List<LeaseEffect> pass(long from, long to, boolean hearC2) {
    List<LeaseEffect> effects = new ArrayList<>();
    for (long now = from; now < to; now += 5 * MILLI) {
      effects.addAll(tell(new LeaseEvent.Tick(), now));
      if (hearC2) {
        effects.addAll(hear(pulse("c2", List.of(), List.of()), now));
      }
    }
    return effects;
  }

  private LeaseMessage.Missing c2Misses(String... names) {
    return new LeaseMessage.Missing("c2", 9, seqOfOthers + 1, List.of(names));
  }

  private static final LeaseEffect C3_GONE = new LeaseEffect.PeerSilent("c3");

  @Test
  void whoIsMissedByAMajorityIsGoneAtOnce() {
    hear(pulse("c3", List.of(), List.of()), START);
    List<LeaseEffect> effects = pass(START, START + PROMISE + MILLI, true);
    assertFalse(effects.contains(C3_GONE));
    List<LeaseEffect> missed = pass(START + PROMISE + MILLI, START + PROMISE + 10 * MILLI, true);
    assertFalse(missed.contains(C3_GONE));
    assertTrue(
        missed.stream()
            .anyMatch(
                e ->
                    e instanceof Send(String to, LeaseMessage.Missing said)
                        && to.equals("c2")
                        && said.names().equals(List.of("c3"))),
        "others are told at once: " + missed);
    assertTrue(hear(c2Misses("c3"), START + PROMISE + 20 * MILLI).contains(C3_GONE));
  }

  @Test
  void whoIsMissedByOneIsWaitedFor() {
    hear(pulse("c3", List.of(), List.of()), START);
    assertFalse(pass(START, START + Peers.ALONE_NANOS - MILLI, true).contains(C3_GONE));
    assertTrue(
        pass(START + Peers.ALONE_NANOS, START + Peers.ALONE_NANOS + MILLI, true).contains(C3_GONE));
  }

  /// It was missed for a moment and nobody was told: nobody is told that it is back either.
  @Test
  void whoIsBackBeforeItWasGoneWasNeverAway() {
    hear(pulse("c3", List.of(), List.of()), START);
    List<LeaseEffect> effects = pass(START, START + 2 * PROMISE, true);
    effects.addAll(hear(pulse("c3", List.of(), List.of()), START + 2 * PROMISE));
    assertFalse(effects.contains(C3_GONE));
    assertEquals(
        List.of(new LeaseEffect.PeerHeard("c2")), only(LeaseEffect.PeerHeard.class, effects));
    assertEquals(
        List.of(new LeaseEffect.PeerBegan("c2", 9)), only(LeaseEffect.PeerBegan.class, effects));
  }

  /// What was said before it was heard again, or before this member was silent itself, is old.
  @Test
  void whatAnotherMissedBeforeCountsNoMore() {
    hear(pulse("c3", List.of(), List.of()), START);
    hear(pulse("c2", List.of(), List.of()), START);
    hear(c2Misses("c3"), START + MILLI);
    hear(pulse("c2", List.of(), List.of()), START + 2 * MILLI);
    assertFalse(
        pass(START + 2 * MILLI, START + 100 * MILLI, true).contains(C3_GONE), "not even missed");
    assertFalse(pass(START + 100 * MILLI, START + 2 * PROMISE, true).contains(C3_GONE));
    LeaseMessage.Missing late = new LeaseMessage.Missing("c2", 9, 3, List.of("c3"));
    assertFalse(hear(late, START + 2 * PROMISE).contains(C3_GONE), "overtaken by later rounds");
    LeaseMessage.Missing other = new LeaseMessage.Missing("c2", 8, 900, List.of("c3"));
    assertFalse(hear(other, START + 2 * PROMISE).contains(C3_GONE), "of another life");
  }

  /// The thread of this member slept; what the others said meanwhile waits in its queue.
  @Test
  void whoWasLateItselfCountsNothingAndSaysNothing() {
    hear(pulse("c3", List.of(), List.of()), START);
    pass(START, START + 200 * MILLI, true);
    hear(c2Misses("c3"), START + 200 * MILLI);
    long woke = START + 2 * PROMISE;
    List<LeaseEffect> effects = tell(new LeaseEvent.Tick(), woke);
    effects.addAll(hear(pulse("c2", List.of(), List.of()), woke + MILLI));
    effects.addAll(hear(c2Misses("c3"), woke + 2 * MILLI));
    effects.addAll(hear(pulse("c3", List.of(), List.of()), woke + 3 * MILLI));
    effects.addAll(pass(woke + 4 * MILLI, woke + TIMING.renewNanos(), true));
    assertEquals(List.of(), only(LeaseEffect.PeerSilent.class, effects));
    assertFalse(
        effects.stream().anyMatch(e -> e instanceof Send(String _, LeaseMessage.Missing _)));
  }

  /// Busy or not, a dead member is found.
  @Test
  void whoIsLateAgainAndAgainFindsADeadMember() {
    hear(pulse("c3", List.of(), List.of()), START);
    List<LeaseEffect> effects = new ArrayList<>();
    for (long now = START; now < START + 2 * Peers.ALONE_NANOS + PROMISE; now += 180 * MILLI) {
      effects.addAll(tell(new LeaseEvent.Tick(), now));
      effects.addAll(hear(pulse("c2", List.of(), List.of()), now + MILLI));
    }
    assertTrue(effects.contains(C3_GONE));
  }

  @Test
  void aDaemonThatIsGoneOrAnotherOneIsToldOnceAndTheControllerStaysInHearing() {
    hear(pulse("c2", List.of(), List.of()), START + MILLI);
    List<LeaseEffect> gone = hear(daemonOfC2(LeaseMessage.NO_DAEMON), START + 2 * MILLI);
    assertTrue(gone.contains(new LeaseEffect.PeerLeft("c2")), gone.toString());
    assertEquals(List.of(), only(LeaseEffect.PeerSilent.class, gone));
    List<LeaseEffect> still = hear(daemonOfC2(LeaseMessage.NO_DAEMON), START + 3 * MILLI);
    assertEquals(List.of(), only(LeaseEffect.PeerLeft.class, still));
    List<LeaseEffect> unknown = hear(daemonOfC2(LeaseMessage.UNKNOWN_DAEMON), START + 4 * MILLI);
    assertEquals(List.of(), only(LeaseEffect.PeerBegan.class, unknown));
    List<LeaseEffect> back = hear(daemonOfC2(10), START + 5 * MILLI);
    assertEquals(
        List.of(new LeaseEffect.PeerBegan("c2", 10)), only(LeaseEffect.PeerBegan.class, back));
    assertEquals(List.of(), only(LeaseEffect.PeerHeard.class, back));
  }

  private Pulse daemonOfC2(long daemon) {
    return new Pulse("c2", 9, daemon, ++seqOfOthers, LEASE, List.of(), List.of());
  }

  @Test
  void aResumedHolderIsDarkFirstAndCountsNothingFromBefore() {
    Pulse asked = holding();
    List<LeaseEffect> effects = tell(new LeaseEvent.Resumed(), READY + 5 * MILLI);
    assertEquals(new Darken("vip", 1), effects.getFirst());
    assertEquals(List.of(), only(Hold.class, hear(granted("c2", asked), READY + 6 * MILLI)));
    assertEquals(Long.MIN_VALUE, machine.holdsUntilNanos("vip"));
  }

  @Test
  void aResumedBidderCountsNothingFromBefore() {
    Pulse bid = bidding();
    tell(new LeaseEvent.Resumed(), READY + MILLI);
    assertEquals(List.of(), only(Hold.class, hear(granted("c2", bid), READY + 2 * MILLI)));
  }

  /// All clocks of a virtual machine stood still, so its lease seems to go on.
  @Test
  void aVoterThatRefusesThoughItIsBoundProvesThatTimeWasLost() {
    Pulse asked = holding();
    List<LeaseEffect> effects = hear(refused("c2", "c3", false, asked), READY + 3 * MILLI);
    assertEquals(List.of(new Darken("vip", 1)), only(Darken.class, effects));
  }

  @Test
  void aMemberThatAnswersThatItHoldsProvesThatTimeWasLost() {
    Pulse asked = holding();
    List<LeaseEffect> effects = hear(refused("c3", "c3", true, asked), READY + 3 * MILLI);
    assertEquals(List.of(new Darken("vip", 1)), only(Darken.class, effects));
  }

  @Test
  void aRefusalThatProvesNothingDarkensNothing() {
    Pulse bid = bidding();
    Pulse asked = lastPulse(hear(granted("c2", bid), READY + MILLI));
    // c3 promised the VIP long ago to one that held it then; its promise has not ended yet.
    assertEquals(
        List.of(), only(Darken.class, hear(refused("c3", "c2", true, asked), READY + 2 * MILLI)));
    // c2 refused an earlier round, and granted a later one: overtaken on the way.
    hear(granted("c2", asked), READY + 3 * MILLI);
    assertEquals(
        List.of(), only(Darken.class, hear(refused("c2", "c3", false, bid), READY + 4 * MILLI)));
  }

  @Test
  void whoHearsAnotherHolderAsksItsVotersAtOnce() {
    holding();
    List<LeaseEffect> effects = ask("c2", TO_C1, true, READY + 9 * MILLI);
    assertTrue(lastPulse(effects).asks().getFirst().holding(), effects.toString());
  }

  private static PulseAck refused(String from, String holder, boolean holding, Pulse pulse) {
    Answer answer = new Answer("vip", Verdict.PROMISED, holder, holding, MILLI, null);
    return new PulseAck(from, pulse.incarnation(), pulse.seq(), List.of(answer));
  }

  /// A thread that waits for `dueAtNanos` must not spin.
  @Test
  void anAnswerIsASignOfLifeAndSavesAPulse() {
    tell(new LeaseEvent.Tick(), READY);
    long answered = machine.dueAtNanos() - MILLI;
    ask("c2", TO_C2, true, answered);
    List<Send> saved = only(Send.class, tell(new LeaseEvent.Tick(), answered + MILLI));
    assertEquals(List.of("c3"), receivers(saved));
    // Without another question the next pulse goes to everybody.
    List<Send> next = only(Send.class, tell(new LeaseEvent.Tick(), machine.dueAtNanos()));
    assertEquals(List.of("c2", "c3"), receivers(next));
  }

  private static List<String> receivers(List<Send> sends) {
    return sends.stream().filter(s -> s.message() instanceof Pulse).map(Send::to).toList();
  }

  @Test
  void aTickAtTheDueTimeMovesTheDueTime() {
    holding();
    for (int i = 0; i < 500; i++) {
      long due = machine.dueAtNanos();
      tell(new LeaseEvent.Tick(), due);
      assertTrue(machine.dueAtNanos() > due, machine.describe());
    }
  }

  @Test
  void nonsenseIsRefusedAtTheDoor() {
    List<String> members = List.of("c1", "c2", "c3");
    assertThrows(
        IllegalArgumentException.class,
        () -> new LeaseMachine("c9", members, TIMING, PROMISE, 1, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> new LeaseMachine("c1", members, TIMING, PROMISE - 1, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> new LeaseTiming(LEASE, LEASE / 2, LEASE));
    assertThrows(
        IllegalArgumentException.class, () -> new LeaseTiming(LEASE, LEASE / 4, LEASE / 100));
    assertThrows(
        IllegalArgumentException.class, () -> new VipAssignment("vip", 1, "c1", List.of("c1")));
    assertThrows(
        IllegalArgumentException.class, () -> new VipAssignment("v ip", 1, null, List.of()));
  }
}
