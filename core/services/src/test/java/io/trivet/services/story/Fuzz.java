package io.trivet.services.story;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.Predicate;

/// Damages recorded output of real tools in every way that has a cheap name, with fixed seeds.
public final class Fuzz {
  private static final int ROUNDS = 4_000;
  private static final String STRANGE = "\0\n\r\t ,:-{}[]\"\\0129aZ\u00e9\uffff";

  private Fuzz() {}

  /// Gives damaged variants of `text` to the reader, which must neither throw nor return false.
  public static void damage(String text, Predicate<String> reader) {
    for (int cut = 0; cut < Math.min(text.length(), 2_000); cut++) {
      assertTrue(reader.test(text.substring(0, cut)), "cut at " + cut);
    }
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      StringBuilder damaged = new StringBuilder(text);
      int strokes = 1 + random.nextInt(6);
      for (int i = 0; i < strokes && !damaged.isEmpty(); i++) {
        int at = random.nextInt(damaged.length());
        char strange = STRANGE.charAt(random.nextInt(STRANGE.length()));
        switch (random.nextInt(4)) {
          case 0 -> damaged.setCharAt(at, strange);
          case 1 -> damaged.insert(at, strange);
          case 2 -> damaged.delete(at, Math.min(damaged.length(), at + 1 + random.nextInt(40)));
          default -> damaged.insert(at, damaged.substring(at, Math.min(damaged.length(), at + 30)));
        }
      }
      assertTrue(reader.test(damaged.toString()), "seed " + seed);
    }
  }
}
