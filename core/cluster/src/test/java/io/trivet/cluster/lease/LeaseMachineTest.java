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
    for (long now = START; now <= START + 3 * PROMISE; now += 50 * MILLI) {
      silent.addAll(only(LeaseEffect.PeerSilent.class, tell(new LeaseEvent.Tick(), now)));
    }
    assertEquals(
        List.of(new LeaseEffect.PeerSilent("c3"), new LeaseEffect.PeerSilent("c2")).stream()
            .sorted((a, b) -> a.toString().compareTo(b.toString()))
            .toList(),
        silent.stream().sorted((a, b) -> a.toString().compareTo(b.toString())).toList());
    List<LeaseEffect> back = hear(pulse("c2", List.of(), List.of()), START + 4 * PROMISE);
    assertTrue(back.contains(new LeaseEffect.PeerHeard("c2")));
    assertEquals(
        List.of(new LeaseEffect.PeerBegan("c2", 9)), only(LeaseEffect.PeerBegan.class, back));
    List<LeaseEffect> again = hear(pulse("c2", List.of(), List.of()), START + 4 * PROMISE + 1);
    assertFalse(again.contains(new LeaseEffect.PeerHeard("c2")));
    assertEquals(List.of(), only(LeaseEffect.PeerBegan.class, again));
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
    return sends.stream().map(Send::to).toList();
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
