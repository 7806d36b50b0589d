package io.trivet.sim;

/// The only source of chance in a world: SplitMix64 (Steele, Lea, Flood, "Fast splittable
/// pseudorandom number generators", OOPSLA 2014), so that a seed means the same on every machine.
public final class Chance {
  /// Ticks of ten percent, and 500 ppm of frequency.
  private static final long MOST_SLEW = 100_500;

  private long state;

  public Chance(long seed) {
    state = seed;
  }

  /// An independent stream.
  public Chance split() {
    return new Chance(next());
  }

  public long next() {
    state += 0x9E3779B97F4A7C15L;
    return mix(state);
  }

  public static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// From 0 to `bound` - 1.
  public int below(int bound) {
    return (int) Long.remainderUnsigned(next(), bound);
  }

  /// From `least` to `most`, both included.
  public long between(long least, long most) {
    return least + Long.remainderUnsigned(next(), most - least + 1);
  }

  /// From `least` to `most`, each order of magnitude as likely as the others.
  public long betweenOrders(long least, long most) {
    double orders = Math.log((double) most / least);
    double unit = (next() >>> 11) * 0x1.0p-53;
    return Math.min(most, (long) (least * Math.exp(unit * orders)));
  }

  /// True in `parts` of a thousand cases.
  public boolean perMille(int parts) {
    return below(1_000) < parts;
  }

  /// By how many millionths a kernel's clock is slewed: as far as adjtimex(2) goes, or anything
  /// between.
  public long slew() {
    return switch (below(4)) {
      case 0 -> 0;
      case 1 -> -MOST_SLEW;
      case 2 -> MOST_SLEW;
      default -> between(-MOST_SLEW, MOST_SLEW);
    };
  }
}
