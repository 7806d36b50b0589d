package io.trivet.sim.site;

import io.trivet.sim.Law;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs one site's world from its plan to its end.
public final class SiteRun {
  /// All is well again within this long after the last trouble.
  static final long HEALED_WITHIN_NANOS = 240 * Site.SECOND;

  /// All has to stay well for so long.
  private static final long STEADY_NANOS = 2 * Site.SECOND;

  private SiteRun() {}

  /// @param tracing whether to put into words what happens; it changes nothing else
  public static Verdict run(SitePlan plan, boolean tracing) {
    Site site = new Site(plan.seed(), plan.timing(), tracing);
    Trouble trouble = new Trouble(site);
    long began = site.now();
    site.machines.forEach(m -> site.after(site.between(0, 2 * Site.SECOND), m::powerOn));
    for (Blow blow : plan.blows()) {
      site.at(began + blow.atNanos(), () -> trouble.strike(blow));
    }
    long healed = began + plan.troubleNanos();
    site.run(healed);
    trouble.end();
    long wellSince = -1;
    String unwell = "not looked";
    while (site.violation() == null && site.now() < healed + HEALED_WITHIN_NANOS) {
      site.run(site.now() + Site.SECOND / 2);
      unwell = site.laws.unwell();
      if (unwell != null) {
        wellSince = -1;
      } else if (wellSince < 0) {
        wellSince = site.now();
      } else if (site.now() - wellSince >= STEADY_NANOS) {
        break;
      }
    }
    if (unwell != null) {
      site.laws.breach(
          Law.LIVENESS,
          unwell + ", " + (site.now() - healed) / Site.SECOND + " s after all was healed");
    }
    return new Verdict(
        site.violation(),
        site.fingerprint(),
        wellSince < 0 ? Long.MAX_VALUE : wellSince - healed,
        site.databases.acknowledged(),
        site.lines());
  }

  /// The law that the world of a seed breaks, and how; null when it breaks none.
  public static @Nullable String violation(long seed) {
    return run(SitePlan.of(seed), false).violation();
  }

  /// What happens in the shortest plan of a seed that breaks what the seed breaks; the plan comes
  /// last.
  public static List<String> story(long seed) {
    SitePlan shortest = shortest(SitePlan.of(seed));
    Verdict verdict = run(shortest, true);
    List<String> story = new ArrayList<>(verdict.trace());
    shortest.blows().forEach(blow -> story.add(blow.toString()));
    story.add("seed " + seed + ": " + verdict.violation());
    return story;
  }

  /// Leaves out every blow that is not needed to break a law.
  private static SitePlan shortest(SitePlan plan) {
    SitePlan best = plan;
    boolean smaller = run(plan, false).violation() != null;
    while (smaller) {
      smaller = false;
      for (int i = 0; i < best.blows().size() && !smaller; i++) {
        List<Blow> fewer = new ArrayList<>(best.blows());
        fewer.remove(i);
        SitePlan candidate = best.with(fewer);
        if (run(candidate, false).violation() != null) {
          best = candidate;
          smaller = true;
        }
      }
    }
    return best;
  }
}
