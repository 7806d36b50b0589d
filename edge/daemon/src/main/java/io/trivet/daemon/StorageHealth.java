package io.trivet.daemon;

import io.trivet.cluster.state.Notice;
import io.trivet.consensus.StorageTrouble;
import io.trivet.scheduler.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What this controller says about the disk of its replicated log. The others cannot know it, and
/// the log cannot tell it while it stands still; so it is a notice and a problem of this controller
/// alone. VIPs need no disk: leases go on.
final class StorageHealth {
  static final String WELL_AGAIN = "log-goes-on";

  private final String self;
  private final Consumer<Notice> say;
  private volatile @Nullable StorageTrouble trouble;

  StorageHealth(String self, Consumer<Notice> say) {
    this.self = self;
    this.say = say;
  }

  /// The log tells it when it changes.
  void changed(@Nullable StorageTrouble now) {
    StorageTrouble before = trouble;
    trouble = now;
    if (now == null) {
      say.accept(
          Notice.info(
                  WELL_AGAIN,
                  self,
                  self,
                  "The replicated log of "
                      + self
                      + " can be written again, and catches up with the others.")
              .stamped(System.currentTimeMillis()));
    } else if (before == null || before.kind() != now.kind()) {
      say.accept(
          Notice.critical(page(now), self, self, sentence(now) + " " + then(now))
              .stamped(System.currentTimeMillis()));
    }
  }

  List<Problem> problems() {
    StorageTrouble now = trouble;
    List<Problem> problems = new ArrayList<>();
    if (now != null) {
      problems.add(
          new Problem(
              self, sentence(now), first(now.remedy()) + ". See: trivet runbook " + page(now)));
    }
    return problems;
  }

  private String sentence(StorageTrouble now) {
    return "On " + self + " " + now.what() + ": it takes part in no decision until that is mended.";
  }

  private static String then(StorageTrouble now) {
    return "VIPs and services stay where they are. What to do: " + now.remedy() + ".";
  }

  private static String first(String remedy) {
    return Character.toUpperCase(remedy.charAt(0)) + remedy.substring(1);
  }

  private static String page(StorageTrouble trouble) {
    return switch (trouble.kind()) {
      case DISK_FULL -> "disk-full";
      case DAMAGED -> "log-damaged";
      case READ_ONLY, DISK_BROKEN, NO_ACCESS, TOO_MANY_FILES, OTHER -> "disk-unusable";
    };
  }
}
