package io.trivet.sim;

import io.trivet.sim.site.SiteRun;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/// Runs worlds from the command line: `sim --seeds N --from S` looks for a broken law, in worlds of
/// whole controllers, or with `--leases` in the denser ones of leases alone. For the first seed
/// that breaks one it tells the shortest plan that still does, and the end of its story. `sim
/// --seed S` tells one world's whole story.
public final class Main {
  private static final long PROGRESS_NANOS = 10_000_000_000L;
  private static final int END_OF_STORY = 60;

  private Main() {}

  /// @param args see above
  public static void main(String[] args) {
    long seeds = 1_000;
    long from = 1;
    long one = -1;
    boolean leases = false;
    for (int i = 0; i < args.length; i++) {
      switch (args[i]) {
        case "--leases" -> leases = true;
        case "--seeds" -> seeds = number(args, ++i);
        case "--from" -> from = number(args, ++i);
        case "--seed" -> one = number(args, ++i);
        default -> refuse("unknown option " + args[i]);
      }
    }
    if (one >= 0) {
      story(one, leases).forEach(System.out::println);
    } else {
      System.exit(look(from, seeds, leases) ? 1 : 0);
    }
  }

  private static long number(String[] args, int i) {
    try {
      long number = i < args.length ? Long.parseLong(args[i]) : -1;
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, with all other nonsense.
    }
    refuse(args[i - 1] + " needs a number that is not negative");
    return 0;
  }

  private static void refuse(String why) {
    System.err.println("sim: " + why + "; known are --seeds N, --from S, --seed S, --leases");
    System.exit(2);
  }

  /// @return true when a law was broken
  private static boolean look(long from, long seeds, boolean leases) {
    long began = System.nanoTime();
    AtomicLong done = new AtomicLong();
    AtomicLong said = new AtomicLong(began);
    List<Long> broken =
        LongStream.range(from, from + seeds)
            .parallel()
            .filter(
                seed -> {
                  boolean bad = violation(seed, leases) != null;
                  long count = done.incrementAndGet();
                  long now = System.nanoTime();
                  long last = said.get();
                  if (now - last > PROGRESS_NANOS && said.compareAndSet(last, now)) {
                    System.err.println(count + " of " + seeds + " worlds");
                  }
                  return bad;
                })
            .boxed()
            .toList();
    for (long seed : broken) {
      System.out.println("seed " + seed + ": " + violation(seed, leases));
    }
    System.out.println(
        seeds
            + " worlds from seed "
            + from
            + ", "
            + broken.size()
            + " broke a law, "
            + (System.nanoTime() - began) / Plan.SECOND
            + " s");
    if (broken.isEmpty()) {
      return false;
    }
    List<String> story = story(broken.getFirst(), leases);
    story
        .subList(Math.max(0, story.size() - END_OF_STORY), story.size())
        .forEach(System.out::println);
    return true;
  }

  private static @Nullable String violation(long seed, boolean leases) {
    return leases ? World.run(Plan.of(seed), false).violation() : SiteRun.violation(seed);
  }

  private static List<String> story(long seed, boolean leases) {
    return leases ? Shrink.story(seed) : SiteRun.story(seed);
  }
}
