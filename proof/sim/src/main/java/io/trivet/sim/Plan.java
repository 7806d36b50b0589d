package io.trivet.sim;

import io.trivet.cluster.lease.LeaseTiming;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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

  /// Whether cluster files change in it.
  boolean changes() {
    return faults.stream().anyMatch(f -> f instanceof Fault.Retime || f instanceof Fault.Redefine);
  }

  /// The longest of all timings in it.
  LeaseTiming longest() {
    LeaseTiming longest = timing;
    for (Fault fault : faults) {
      if (fault instanceof Fault.Retime retime
          && retime.timing().leaseNanos() > longest.leaseNanos()) {
        longest = retime.timing();
      }
    }
    return longest;
  }

  /// The timing that all have in the end, where it changed.
  Optional<LeaseTiming> newestTiming() {
    return faults.stream()
        .filter(Fault.Retime.class::isInstance)
        .map(fault -> ((Fault.Retime) fault).timing())
        .reduce((_, later) -> later);
  }

  /// The name under which all know a VIP in the end.
  int newestGeneration(int vip) {
    int newest = 0;
    for (Fault fault : faults) {
      if (fault instanceof Fault.Redefine redefine && redefine.vip() == vip) {
        newest = Math.max(newest, redefine.generation());
      }
    }
    return newest;
  }

  /// The world of a seed, in which also the cluster file changes: its timing, and which VIP has
  /// which addresses. Each controller takes that over at a moment of its own, or late, or never
  /// before all is healed.
  public static Plan changing(long seed) {
    Plan plain = of(seed);
    Chance chance = new Chance(Chance.mix(seed ^ 0xC4A6E5L));
    List<LeaseTiming> timings =
        List.of(LeaseTiming.FAST, LeaseTiming.STANDARD, LeaseTiming.PATIENT);
    long settled = settledNanos(plain.timing);
    long lease = plain.timing.leaseNanos();
    List<Fault> faults = new ArrayList<>(plain.faults);
    int generation = 0;
    for (int change = 1 + chance.below(4); change > 0; change--) {
      LeaseTiming timing = timings.get(chance.below(3));
      boolean times = chance.below(2) == 0;
      int vip = chance.below(2);
      generation++;
      long at = chance.between(settled, settled + 4 * lease);
      for (int node = 0; node < plain.nodes; node++) {
        long when = at + chance.betweenOrders(MILLI, 2 * lease);
        if (chance.below(4) > 0) {
          faults.add(
              times
                  ? new Fault.Retime(when, node, timing)
                  : new Fault.Redefine(when, node, vip, generation));
        }
      }
    }
    faults.sort(Comparator.comparingLong(Fault::atNanos));
    long longest = plain.with(faults).longest().promiseNanos();
    return new Plan(seed, plain.nodes, 2, plain.timing, 2, plain.faultNanos + 3 * longest, faults);
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
