package io.trivet.daemon.leases;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trivet.cluster.lease.LeaseEvent;
import io.trivet.cluster.lease.LeaseEvent.Attended;
import io.trivet.cluster.lease.LeaseEvent.Eligible;
import io.trivet.cluster.lease.LeaseMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How long the word of a daemon holds that is killed, frozen, or started anew.
class AttendanceTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long GRACE = Attendance.GRACE_NANOS;
  private static final List<LeaseEvent> NOTHING = List.of();
  private static final LeaseEvent ABSENT = new Attended(LeaseMessage.NO_DAEMON);

  private final Attendance attendance = new Attendance(0);

  private void served(long run, long now) {
    assertEquals(List.of(new Attended(run)), attendance.attend(run, now));
    assertEquals(List.of(new Eligible("public", true)), attendance.serve("public", true, now));
  }

  @Test
  void withoutADaemonTheBeginningSaysSoAfterAMoment() {
    assertEquals(NOTHING, attendance.passed(Attendance.NEW_NANOS - 1));
    assertEquals(List.of(ABSENT), attendance.passed(Attendance.NEW_NANOS));
    assertEquals(NOTHING, attendance.passed(Attendance.NEW_NANOS + SECOND));
  }

  @Test
  void aDaemonThatIsGoneOrFrozenLosesTheVipsAfterTheGrace() {
    served(1, SECOND);
    assertEquals(NOTHING, attendance.passed(SECOND + GRACE - 1));
    assertEquals(List.of(ABSENT, new Eligible("public", false)), attendance.passed(SECOND + GRACE));
  }

  @Test
  void aFrozenDaemonThatGoesOnFindsItsOwnWord() {
    served(1, SECOND);
    attendance.passed(SECOND + GRACE);
    assertEquals(
        List.of(new Attended(1), new Eligible("public", true)),
        attendance.attend(1, SECOND + GRACE + SECOND));
  }

  @Test
  void aNewRunKeepsTheVipsUntilItHasAWordOfItsOwn() {
    served(1, SECOND);
    long again = 5 * SECOND;
    assertEquals(List.of(new Attended(2)), attendance.attend(2, again));
    assertEquals(NOTHING, attendance.passed(again + GRACE / 2));
    assertEquals(NOTHING, attendance.serve("public", true, again + GRACE / 2));
    attendance.attend(2, again + GRACE);
    assertEquals(NOTHING, attendance.passed(again + GRACE + SECOND));
  }

  @Test
  void aNewRunThatFindsTheLoadBalancerDownSaysSoAtOnce() {
    served(1, SECOND);
    attendance.attend(2, 2 * SECOND);
    assertEquals(
        List.of(new Eligible("public", false)), attendance.serve("public", false, 3 * SECOND));
  }

  @Test
  void aNewRunThatNeverSaysAnythingDoesNotInheritForEver() {
    served(1, SECOND);
    long again = 2 * SECOND;
    attendance.attend(2, again);
    attendance.attend(2, again + GRACE - 1);
    assertEquals(NOTHING, attendance.passed(again + GRACE - 1));
    assertEquals(List.of(new Eligible("public", false)), attendance.attend(2, again + GRACE));
  }

  @Test
  void aRunAfterTheGraceInheritsNothing() {
    served(1, SECOND);
    long late = SECOND + GRACE;
    attendance.passed(late);
    assertEquals(List.of(new Attended(2)), attendance.attend(2, late + SECOND));
    assertEquals(
        List.of(new Eligible("public", true)), attendance.serve("public", true, late + 2 * SECOND));
  }
}
