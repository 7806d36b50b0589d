package io.trivet.sim;

import io.trivet.cluster.lease.LeaseTiming;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// All that is decided about a world before it begins.
///
/// @param seed for what is left to chance: delays, clocks, costs
/// @param nodes how many controllers
/// @param vips how many VIPs
/// @param timing of the leases
/// @param keys 2 for the product; 1 to measure what a single kernel set would be worth
/// @param faultNanos how long faults begin; then everything is healed
/// @param faults by time
public record Plan(
    long seed,
    int nodes,
    int vips,
    LeaseTiming timing,
    int keys,
    long faultNanos,
    List<Fault> faults) {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000 * MILLI;

  public Plan {
    faults = List.copyOf(faults);
  }

  /// The same world with other faults.
  public Plan with(List<Fault> others) {
    return new Plan(seed, nodes, vips, timing, keys, faultNanos, others);
  }

  /// The same world with a kernel that looks at that many sets.
  public Plan withKeys(int count) {
    return new Plan(seed, nodes, vips, timing, count, faultNanos, faults);
  }

  /// A world in which nothing goes wrong.
  public static Plan calm(long seed, LeaseTiming timing, long forNanos) {
    return new Plan(seed, 3, 2, timing, 2, forNanos, List.of());
  }

  /// When the VIPs are held at the latest, in a world without faults.
  static long settledNanos(LeaseTiming timing) {
    return 2 * timing.promiseNanos();
  }

  /// The world of a seed: its size, its timing, and the weather. Faults come in clusters of about a
  /// lease, because one alone seldom hurts.
  public static Plan of(long seed) {
    Chance chance = new Chance(Chance.mix(seed));
    int nodes = chance.below(5) == 0 ? 5 : 3;
    LeaseTiming timing =
        switch (chance.below(4)) {
          case 0 -> LeaseTiming.FAST;
          case 1 -> LeaseTiming.PATIENT;
          default -> LeaseTiming.STANDARD;
        };
    long settled = settledNanos(timing);
    long span = 5 * timing.leaseNanos();
    List<Fault> faults = new ArrayList<>();
    Weather weather = new Weather(chance, nodes, timing.leaseNanos(), faults);
    for (int clusters = chance.below(4); clusters > 0; clusters--) {
      boolean early = chance.below(10) == 0;
      weather.cluster(chance.between(early ? 0 : settled, settled + span));
    }
    faults.sort(Comparator.comparingLong(Fault::atNanos));
    return new Plan(seed, nodes, 2, timing, 2, settled + span + timing.leaseNanos(), faults);
  }
}
