package io.trivet.sim;

import java.util.List;

/// Runs seeds from the command line: `Main FIRST COUNT` looks for a broken law, `Main SEED` tells
/// one world's story.
public final class Main {
  private Main() {}

  /// @param args a seed, or the first seed and how many
  public static void main(String[] args) {
    long first = Long.parseLong(args[0]);
    if (args.length == 1) {
      Plan shortest = Shrink.shortest(Plan.of(first));
      Outcome outcome = World.run(shortest, true);
      outcome.trace().forEach(System.out::println);
      System.out.println(shortest);
      System.out.println(outcome.violation() == null ? "no law broken" : outcome.violation());
      return;
    }
    long count = Long.parseLong(args[1]);
    long began = System.nanoTime();
    long events = 0;
    long broken = 0;
    for (long seed = first; seed < first + count; seed++) {
      Outcome outcome = World.run(Plan.of(seed), false);
      events += outcome.events();
      if (outcome.violation() != null) {
        broken++;
        System.out.println("seed " + seed + ": " + outcome.violation());
      }
    }
    long millis = (System.nanoTime() - began) / Plan.MILLI;
    System.out.println(
        List.of(count + " seeds", events + " events", millis + " ms", broken + " broken"));
  }
}
