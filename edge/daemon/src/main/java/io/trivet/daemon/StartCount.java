package io.trivet.daemon;

import io.trivet.daemon.effect.Files;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Counts on the disk how often a daemon was started since one had run for a while. A cluster file
/// that ends the daemon would end every one after it, since the log hands it to each.
final class StartCount {
  private static final Logger LOG = LoggerFactory.getLogger(StartCount.class);

  /// Two ends in a row may be chance: power, a kill, somebody's debugger.
  private static final int CHANCE = 2;

  private StartCount() {}

  /// Counts a start.
  static void started(Places places) {
    write(places, read(places) + 1);
  }

  /// Why no cluster file but the last one that worked is to be used by the daemon that starts now,
  /// a clause for people; empty for an ordinary start.
  static String doubt(Places places) {
    int before = read(places);
    return before < CHANCE
        ? ""
        : "trivetd ended " + before + " times in a row before it had run with it for some seconds";
  }

  /// A daemon has run for a while, or ended as it was asked to.
  static void settled(Places places) {
    if (read(places) != 0) {
      write(places, 0);
    }
  }

  private static int read(Places places) {
    String text = Files.read(places.starts().toString());
    try {
      return text == null ? 0 : Math.clamp(Long.parseLong(text.strip()), 0, 1_000_000);
    } catch (NumberFormatException e) {
      return 0; // not ours, or damaged: an ordinary start
    }
  }

  private static void write(Places places, int count) {
    try {
      Files.replace(places.starts().toString(), count + "\n", "0600", "root:root");
    } catch (IOException e) {
      LOG.warn("The start is not counted: {}", e.getMessage());
    }
  }
}
