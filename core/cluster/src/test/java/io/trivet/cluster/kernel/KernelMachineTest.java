package io.trivet.cluster.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.kernel.Difference.Found;
import io.trivet.cluster.state.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What follows from what is wrong in the kernel.
class KernelMachineTest {
  private static final long MILLI = 1_000_000L;
  private static final String VIP = "public";
  private static final Difference GUARD = of(new Part.Guard("vip"), Found.CHANGED);
  private static final Difference ADDRESS =
      of(new Part.Address("vip", "vip-eth0", "10.0.0.100/32"), Found.GONE);
  private static final Difference UPLINK = of(new Part.Uplink("eth0"), Found.NO_CARRIER);
  private static final String NFT = "nft (process 4711)";

  private final KernelMachine machine = new KernelMachine("c1");
  private long nowMillis;

  private static Difference of(Part part, Found found) {
    return new Difference(part, found, new TreeSet<>(List.of(VIP)));
  }

  private List<KernelEffect> look(Difference... differences) {
    return machine.step(
        new KernelEvent.Looked(List.of(differences), differences.length == 0 ? "" : NFT),
        nowMillis * MILLI);
  }

  private List<KernelEffect> tickAfter(long millis) {
    nowMillis += millis;
    return machine.step(new KernelEvent.Tick(), nowMillis * MILLI);
  }

  private static List<String> ids(List<KernelEffect> effects) {
    return notices(effects).stream().map(Notice::id).toList();
  }

  private static List<Notice> notices(List<KernelEffect> effects) {
    List<Notice> notices = new ArrayList<>();
    for (KernelEffect effect : effects) {
      if (effect instanceof KernelEffect.Say(Notice notice)) {
        notices.add(notice);
      }
    }
    return notices;
  }

  @Test
  void whatTrivetMadeIsPutRightAndToldOnceWithWhoDidIt() {
    assertEquals(List.of(new KernelEffect.PutRight(List.of(GUARD, ADDRESS))), look(GUARD, ADDRESS));
    nowMillis += 3;
    List<KernelEffect> after = look();
    assertEquals(List.of("kernel-put-right"), ids(after));
    String text = notices(after).getFirst().text();
    assertEquals(
        "On c1 the address 10.0.0.100/32 of vip-eth0 in the namespace vip is gone, the nftables"
            + " guard of the VIPs in the namespace vip was changed; it was put right. Likely done"
            + " by nft (process 4711).",
        text);
    assertEquals(List.of(), look());
    assertEquals("", machine.unfit(VIP));
  }

  @Test
  void theSameIsToldOnceAMinute() {
    look(GUARD);
    look();
    nowMillis += 10_000;
    look(GUARD);
    assertEquals(List.of(), ids(look()));
    nowMillis += 60_000;
    look(GUARD);
    assertEquals(List.of("kernel-put-right"), ids(look()));
  }

  @Test
  void anInterfaceWithoutCarrierIsGivenUpAtOnceAndComesBackWhenItIsWell() {
    List<KernelEffect> effects = look(UPLINK);
    assertTrue(
        effects.contains(new KernelEffect.SetFit(VIP, false, "the interface eth0 has no carrier")));
    assertEquals(List.of("vip-given-up"), ids(effects));
    assertEquals(
        "c1 does not serve VIP public, because the interface eth0 has no carrier. Likely done by"
            + " nft (process 4711).",
        notices(effects).getFirst().text());
    nowMillis += 5_000;
    assertEquals(List.of(), look(UPLINK));
    assertEquals(List.of(), look());
    nowMillis += 1_000;
    assertEquals(List.of(), look(UPLINK), "it flaps: nothing is said twice");
    look();
    List<KernelEffect> well = tickAfter(2_000);
    assertEquals(new KernelEffect.SetFit(VIP, true, ""), well.getFirst());
    assertEquals(List.of("vip-fit-again"), ids(well));
  }

  @Test
  void whatCannotBePutRightIsGivenUpAfterASecond() {
    look(ADDRESS);
    nowMillis += 999;
    assertEquals(List.of(new KernelEffect.PutRight(List.of(ADDRESS))), look(ADDRESS));
    nowMillis += 1;
    List<KernelEffect> effects = look(ADDRESS);
    assertEquals(List.of("vip-given-up"), ids(effects));
    assertTrue(effects.contains(new KernelEffect.PutRight(List.of(ADDRESS))), "still tried");
  }

  @Test
  void whatNoVipNeedsAndCannotBePutRightIsSaid() {
    Difference setting =
        new Difference(
            new Part.Setting("", "net.ipv4.ip_nonlocal_bind=1"), Found.CHANGED, new TreeSet<>());
    look(setting);
    nowMillis += 1_000;
    assertEquals(List.of("kernel-not-right"), ids(look(setting)));
    nowMillis += 1_000;
    assertEquals(List.of(), ids(look(setting)));
  }

  @Test
  void aFightIsGivenUpAndThePeaceAfterItIsAwaited() {
    List<String> said = new ArrayList<>();
    for (int i = 0; i < KernelMachine.MOST_REPAIRS; i++) {
      look(ADDRESS);
      nowMillis += 100;
      said.addAll(ids(look()));
      nowMillis += 1_000;
    }
    assertEquals(List.of("kernel-put-right", "vip-given-up"), said);
    assertEquals(
        "the address 10.0.0.100/32 of vip-eth0 in the namespace vip was put right 5 times within 30"
            + " s, and somebody undoes it",
        machine.unfit(VIP));
    assertEquals(List.of(), tickAfter(58_000));
    assertEquals(List.of("vip-fit-again"), ids(tickAfter(2_000)));
  }

  @Test
  void repairsFarApartAreNoFight() {
    for (int i = 0; i < 20; i++) {
      look(ADDRESS);
      look();
      nowMillis += 10_000;
    }
    assertEquals("", machine.unfit(VIP));
  }

  @Test
  void aFightOverWhatNoVipNeedsByItselfIsToldOnceAndGoesOnQuietly() {
    Difference forwarding =
        new Difference(new Part.Forwarding("rules"), Found.CHANGED, new TreeSet<>());
    List<String> said = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      machine.step(
          new KernelEvent.Looked(List.of(forwarding), "nft (process " + i + ")"),
          nowMillis * MILLI);
      nowMillis += 100;
      said.addAll(ids(look()));
      nowMillis += 2_000;
    }
    assertEquals(List.of("kernel-put-right", "kernel-not-right"), said);
    assertEquals("", machine.unfit(VIP));
  }

  @Test
  void anotherProcessThatDoesTheSameIsNotToldAgain() {
    for (int process = 1; process <= 3; process++) {
      machine.step(
          new KernelEvent.Looked(List.of(GUARD), "nft (process " + process + ")"),
          nowMillis * MILLI);
      List<String> said = ids(look());
      assertEquals(process == 1 ? List.of("kernel-put-right") : List.of(), said);
      nowMillis += 15_000;
    }
  }

  @Test
  void whatStaysWrongIsLookedAtNoMoreOftenThanTheRest() {
    long idle = 2_000 * MILLI;
    look(ADDRESS);
    assertEquals(250 * MILLI, machine.dueAtNanos(0, idle));
    nowMillis = 31_000;
    look(ADDRESS);
    assertEquals(nowMillis * MILLI + idle, machine.dueAtNanos(nowMillis * MILLI, idle));
  }

  @Test
  void somethingFoundSaysNothingAboutTheRest() {
    look(ADDRESS);
    List<KernelEffect> effects =
        machine.step(new KernelEvent.Found(List.of(GUARD), NFT), nowMillis * MILLI);
    assertEquals(List.of(new KernelEffect.PutRight(List.of(GUARD))), effects);
  }

  @Test
  void aStrangerIsNamedAnnouncedAgainstAndForgotten() {
    KernelEvent claimed = new KernelEvent.Claimed(VIP, "10.0.0.100", "02:00:00:00:00:07");
    List<KernelEffect> first = machine.step(claimed, 0);
    assertTrue(first.contains(new KernelEffect.Announce(VIP)));
    assertTrue(first.contains(new KernelEffect.SetStranger(VIP, "02:00:00:00:00:07")));
    assertEquals(List.of("vip-stranger"), ids(first));
    nowMillis = 30_000;
    assertEquals(List.of(new KernelEffect.Announce(VIP)), machine.step(claimed, nowMillis * MILLI));
    assertEquals(List.of(), tickAfter(99_000));
    List<KernelEffect> gone = tickAfter(1_000);
    assertTrue(gone.contains(new KernelEffect.SetStranger(VIP, "")));
    assertEquals(List.of("vip-stranger-gone"), ids(gone));
  }
}
