package io.trivet.sim;

import java.util.ArrayList;
import java.util.List;

/// Finds a smaller world that breaks a law: leaves out every fault that is not needed for it.
final class Shrink {
  private Shrink() {}

  static Plan shortest(Plan plan) {
    if (World.run(plan, false).violation() == null) {
      return plan;
    }
    Plan best = plan;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (int i = 0; i < best.faults().size(); i++) {
        List<Fault> fewer = new ArrayList<>(best.faults());
        fewer.remove(i);
        Plan candidate = best.with(fewer);
        if (World.run(candidate, false).violation() != null) {
          best = candidate;
          smaller = true;
          break;
        }
      }
    }
    return best;
  }

  /// What happens in the shortest plan of a seed that breaks what the seed breaks; the plan comes
  /// last.
  static List<String> story(long seed) {
    Plan shortest = shortest(Plan.of(seed));
    List<String> story = new ArrayList<>(World.run(shortest, true).trace());
    story.add(shortest.toString());
    return story;
  }
}
