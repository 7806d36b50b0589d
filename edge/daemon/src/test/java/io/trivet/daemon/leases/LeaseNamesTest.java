package io.trivet.daemon.leases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.file.Vip;
import io.trivet.cluster.lease.LeaseEvent;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A VIP with other addresses is another lease, and one that is new is told what is known of it.
class LeaseNamesTest {
  private static Vip vip(String name, String address) {
    return new Vip(name, List.of(IpPrefix.of(address)), "eth0", null, List.of());
  }

  private static final Vip PUBLIC = vip("public", "10.77.0.100/24");
  private static final Vip MOVED = vip("public", "10.77.0.101/24");
  private static final Vip INTERNAL = vip("internal", "10.77.0.100/24");

  @Test
  void theSameAddressesUnderTheSameNameAreTheSameLease() {
    assertEquals(PUBLIC.leaseName(), vip("public", "10.77.0.100/24").leaseName());
    assertNotEquals(PUBLIC.leaseName(), MOVED.leaseName());
    assertNotEquals(PUBLIC.leaseName(), INTERNAL.leaseName());
  }

  @Test
  void whatIsSaidOfAVipIsSaidOfItsLease() {
    LeaseNames names = new LeaseNames(List.of(PUBLIC));
    assertEquals(
        new LeaseEvent.Eligible(PUBLIC.leaseName(), true),
        names.of(new LeaseEvent.Eligible("public", true)));
    assertNull(names.of(new LeaseEvent.Eligible("internal", true)));
    LeaseEvent unit = new LeaseEvent.Eligible("unit:cinder-volume", true);
    assertEquals(unit, names.of(unit));
  }

  @Test
  void aLeaseThatIsNewIsToldWhatIsKnown() {
    LeaseNames names = new LeaseNames(List.of(PUBLIC));
    VipAssignment assigned = new VipAssignment("internal", 7, "c1", List.of("c2"));
    names.of(new LeaseEvent.Eligible("internal", true));
    names.of(new LeaseEvent.Assigned(List.of(assigned)));
    String lease = INTERNAL.leaseName();
    assertEquals(
        List.of(
            new LeaseEvent.Guarding(List.of(lease, PUBLIC.leaseName())),
            new LeaseEvent.Fit(lease, true),
            new LeaseEvent.Eligible(lease, true),
            new LeaseEvent.Assigned(List.of(new VipAssignment(lease, 7, "c1", List.of("c2"))))),
        names.become(List.of(PUBLIC, INTERNAL)));
  }

  @Test
  void whatStaysIsNotToldAgain() {
    LeaseNames names = new LeaseNames(List.of(PUBLIC, INTERNAL));
    names.of(new LeaseEvent.Eligible("public", true));
    assertEquals(List.of(PUBLIC.leaseName()), names.shared(List.of(PUBLIC)));
    assertEquals(
        List.of(
            new LeaseEvent.Guarding(List.of(PUBLIC.leaseName())),
            new LeaseEvent.Assigned(List.of())),
        names.become(List.of(PUBLIC)));
  }
}
