package io.trivet.sim.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.state.RunState;
import org.junit.jupiter.api.Test;

class SiteTest {
  /// More of them with `-Dseeds=N`, one with `-Dseed=N`, which also tells its story.
  private static final int SEEDS = Integer.getInteger("seeds", 24);

  private static Site firstStart(long seed, boolean tracing) {
    Site site = new Site(seed, tracing);
    site.machines.forEach(m -> site.after(site.between(0, 5 * Site.SECOND), m::powerOn));
    site.run(site.now() + 60 * Site.SECOND);
    return site;
  }

  @Test
  void threeEmptyControllersStartByThemselves() {
    for (long seed = 0; seed < SEEDS / 6 + 1; seed++) {
      Site site = firstStart(seed, true);
      assertHealthy(site, "seed " + seed);
      assertTrue(site.databases.acknowledged() > 0, "seed " + seed);
    }
  }

  /// Whatever was decided in the first seconds, nobody has written anything yet: it begins anew.
  @Test
  void aFirstStartThatBreaksOffIsTakenUpAgain() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Site site = new Site(seed, true);
      site.machines.forEach(Machine::powerOn);
      site.run(site.now() + site.between(3 * Site.SECOND, 12 * Site.SECOND));
      boolean oneByOne = seed % 3 == 0;
      for (Machine machine : site.machines) {
        site.after(oneByOne ? site.between(0, 8 * Site.SECOND) : 0, machine::powerOff);
      }
      site.run(site.now() + 10 * Site.SECOND);
      for (Machine machine : site.machines) {
        site.after(site.between(0, 20 * Site.SECOND), machine::powerOn);
      }
      site.run(site.now() + 120 * Site.SECOND);
      assertHealthy(site, "seed " + seed);
    }
  }

  @Test
  void aFullOutageHealsByItselfInAnyOrderOfReturn() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Site site = firstStart(seed, true);
      for (Machine machine : site.machines) {
        site.after(seed % 2 == 0 ? 0 : site.between(0, 20 * Site.SECOND), machine::powerOff);
      }
      site.run(site.now() + 25 * Site.SECOND);
      for (Machine machine : site.machines) {
        site.after(site.between(0, 20 * Site.SECOND), machine::powerOn);
      }
      site.run(site.now() + 120 * Site.SECOND);
      assertHealthy(site, "seed " + seed);
    }
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    String once = firstStart(42, true).trace();
    assertEquals(once, firstStart(42, true).trace());
  }

  private static void assertHealthy(Site site, String where) {
    String tail =
        "\n"
            + site.trace()
                .lines()
                .skip(Math.max(0, site.trace().lines().count() - 60))
                .reduce("", (a, b) -> a + "\n" + b);
    assertNull(site.violation(), where + tail);
    for (Machine machine : site.machines) {
      for (String resource : site.agreed().roster().resources()) {
        if (!site.agreed().roster().vips().contains(resource)
            && !resource.equals(Singleton.RESOURCE)) {
          assertEquals(
              RunState.STARTED,
              site.agreed().runState(resource, machine.name),
              where + ": " + resource + " on " + machine.name + tail);
        }
      }
    }
    assertEquals(
        1, site.machines.stream().filter(site.laws::speaks).count(), where + ": singleton" + tail);
  }
}
