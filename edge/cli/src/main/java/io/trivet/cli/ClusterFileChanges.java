package io.trivet.cli;

import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.expand.Resource;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.Database;
import io.trivet.cluster.file.Vip;
import java.util.ArrayList;
import java.util.List;

/// What is different between two cluster files, and what that does to a running cluster; a sentence
/// each. What is scheduled because of it, a plan says; here is what no plan shows.
final class ClusterFileChanges {
  private final ClusterFile before;
  private final ClusterFile after;
  private final List<String> lines = new ArrayList<>();

  private ClusterFileChanges(ClusterFile before, ClusterFile after) {
    this.before = before;
    this.after = after;
  }

  /// Empty when the files mean the same: then they differ in comments and layout at most.
  static List<String> between(ClusterFile before, ClusterFile after) {
    if (before.equals(after)) {
      return List.of();
    }
    ClusterFileChanges changes = new ClusterFileChanges(before, after);
    changes.resources();
    changes.vips();
    changes.timing();
    if (changes.lines.isEmpty()) {
      changes.lines.add("settings change; no resource comes or goes");
    }
    return List.copyOf(changes.lines);
  }

  private void resources() {
    Configuration old = Expansion.of(before);
    Configuration now = Expansion.of(after);
    for (Resource.Primitive primitive : old.primitives()) {
      Resource.Primitive next = now.primitive(primitive.id());
      boolean vip = before.vip(primitive.id()) != null;
      if (next == null && !vip) {
        lines.add(primitive.id() + " leaves: it is stopped on every controller");
      } else if (next != null && !vip && !next.parameters().equals(primitive.parameters())) {
        lines.add(primitive.id() + " has other settings: " + next.parameters());
      }
    }
    for (Resource.Primitive primitive : now.primitives()) {
      if (old.primitive(primitive.id()) == null && after.vip(primitive.id()) == null) {
        lines.add(primitive.id() + " is new: it is started where it belongs");
      }
    }
    Database was = before.database();
    Database is = after.database();
    if (was != null && is != null && !was.options().equals(is.options())) {
      lines.add("options of the database: each member takes them with its next start");
    }
  }

  private void vips() {
    for (Vip vip : before.vips()) {
      Vip next = after.vip(vip.name());
      if (next == null) {
        lines.add("VIP " + vip.name() + " leaves: nobody answers for it any more");
      } else if (!next.equals(vip)) {
        lines.add(
            next.leaseName().equals(vip.leaseName())
                ? "VIP " + vip.name() + " has other routes: it is held as before"
                : "VIP "
                    + vip.name()
                    + " lives elsewhere: it is dark for about a second, until nobody answers for"
                    + " the old one");
      }
    }
    for (Vip vip : after.vips()) {
      if (before.vip(vip.name()) == null) {
        lines.add("VIP " + vip.name() + " is new: it is answered for after about a second");
      }
    }
  }

  private void timing() {
    if (before.timing() != after.timing()) {
      lines.add(
          "timing: "
              + before.timing().word()
              + " becomes "
              + after.timing().word()
              + "; leases take it with their next renewal, nothing moves and nothing starts anew");
    }
  }
}
