package io.trivet.scheduler.story;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Failure;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.text.PlanView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What is not as it should be, in sentences: the cluster, its nodes, what failed, what does not
/// run.
final class Problems {
  private final Cluster cluster;
  private final PlanView view;
  private final List<String> sentences = new ArrayList<>();

  private Problems(Cluster cluster, PlanView view) {
    this.cluster = cluster;
    this.view = view;
  }

  /// @param cluster as unpacked
  /// @param view the plan that was made for it
  static List<String> before(Cluster cluster, PlanView view) {
    Problems problems = new Problems(cluster, view);
    problems.cluster();
    problems.nodes();
    problems.failures();
    problems.resources();
    return problems.sentences;
  }

  /// @param cluster as unpacked after the plan was executed
  /// @param view the plan that was executed
  static List<String> after(Cluster cluster, PlanView view) {
    Problems problems = new Problems(cluster, view);
    problems.cluster();
    problems.nodes();
    problems.remaining();
    return problems.sentences;
  }

  private void say(String sentence) {
    sentences.add(sentence);
  }

  private void cluster() {
    if (!cluster.is(Cluster.Flag.HAVE_QUORUM)) {
      say(
          "There is no quorum here; no-quorum-policy is "
              + cluster.noQuorum.name().toLowerCase(Locale.ROOT)
              + ".");
    }
    if (cluster.is(Cluster.Flag.MAINTENANCE_MODE)) {
      say("The cluster is in maintenance mode: nothing is started, stopped or checked.");
    }
    if (cluster.is(Cluster.Flag.STOP_ALL)) {
      say("The option stop-all-resources is set.");
    }
    // In Trivet's own clusters the kernel of a lost node ends its lease.
    boolean leases = "trivet".equals(cluster.options.get("cluster-infrastructure"));
    if (!cluster.is(Cluster.Flag.FENCING_ENABLED) && !leases) {
      say("Fencing is switched off: what a lost node still does is not known, and not stopped.");
    }
  }

  private void nodes() {
    for (Node node : cluster.nodes) {
      String what = state(node);
      if (!what.isEmpty()) {
        say("Node " + node.name + " " + what + ".");
      }
    }
  }

  private String state(Node node) {
    if (node.unclean) {
      String why = node.fenceReason;
      for (PlanView.FencingView fencing : view.fencing()) {
        why = why == null && fencing.node().equals(node.name) ? fencing.reason() : why;
      }
      return "is unclean" + (why == null ? "" : ": " + why) + mayStillRun(node);
    }
    if (node.pending) {
      return "is joining and not ready yet";
    }
    if (!node.online) {
      return node.isGuest() ? "" : "is offline";
    }
    if (node.shutdown) {
      return "is about to leave the cluster";
    }
    if (node.standbyOnFail) {
      return "is in standby because something failed on it";
    }
    if (node.standby) {
      return "is in standby";
    }
    return node.maintenance ? "is in maintenance" : "";
  }

  /// What nobody can say of a lost node: whether this still runs there.
  private String mayStillRun(Node node) {
    List<String> there =
        cluster.resourcesById.values().stream()
            .filter(r -> r instanceof Resource.Primitive && r.runningOn.contains(node))
            .map(r -> r.id)
            .distinct()
            .toList();
    return there.isEmpty() ? "" : "; it may still run " + few(there);
  }

  private static String few(List<String> names) {
    int shown = Math.min(names.size(), 8);
    String rest = names.size() > shown ? " and " + (names.size() - shown) + " more" : "";
    return String.join(", ", names.subList(0, shown)) + rest;
  }

  private void failures() {
    for (Failure failure : cluster.failures) {
      say(failure.text() + ".");
    }
  }

  private void resources() {
    List<String> down = new ArrayList<>();
    List<String> unpromoted = new ArrayList<>();
    for (PlanView.ResourceView view : view.resources()) {
      Resource resource = cluster.resource(view.id());
      if (resource == null) {
        continue;
      }
      if (resource.is(Resource.Flag.REMOVED)) {
        if (!resource.runningOn.isEmpty()) {
          say(
              view.id()
                  + " is not configured any more, and runs on "
                  + String.join(", ", view.nodes())
                  + ".");
        }
        continue;
      }
      if (resource.runningOn.size() > 1 && resource.children().isEmpty()) {
        say(view.id() + " runs on several nodes at once: " + String.join(", ", view.nodes()) + ".");
      }
      if (resource.is(Resource.Flag.BLOCKED)) {
        say(view.id() + " is left as it is: a failure that the cluster must not repair holds it.");
      }
      boolean wanted = !view.nextRole().equals(Role.STOPPED.text()) && view.nextNode() != null;
      if (wanted && !resource.role.active()) {
        down.add(view.id());
      } else if (view.nextRole().equals(Role.PROMOTED.text()) && resource.role != Role.PROMOTED) {
        unpromoted.add(view.id());
      }
    }
    many(down, "does not run", "do not run");
    many(unpromoted, "is not promoted", "are not promoted");
  }

  private void many(List<String> names, String one, String more) {
    if (names.size() == 1) {
      say(names.getFirst() + " " + one + ".");
    } else if (names.size() > 1) {
      say(few(names) + " " + more + ".");
    }
  }

  /// What should run and does not: of what exists in several instances, only where none runs.
  private void remaining() {
    List<String> down = new ArrayList<>();
    for (Resource top : cluster.resources) {
      if (top.is(Resource.Flag.REMOVED)
          || "stopped".equalsIgnoreCase(top.meta.get("target-role"))) {
        continue;
      }
      switch (top) {
        case Resource.Primitive p -> missing(p, down);
        case Resource.Group g -> g.members.forEach(m -> missing(m, down));
        case Resource.Clone c -> none(c, down);
        case Resource.Bundle b -> none(b, down);
      }
    }
    many(down, "does not run", "do not run");
    for (PlanView.ChangeView change : view.changes()) {
      if (change.blocked()) {
        say(change.change() + " of " + change.resource() + " cannot be done.");
      }
    }
  }

  private static void missing(Resource resource, List<String> down) {
    boolean disabled = "stopped".equalsIgnoreCase(resource.meta.get("target-role"));
    if (!disabled && !resource.role.active()) {
      down.add(resource.id);
    }
  }

  private static void none(Resource resource, List<String> down) {
    boolean any =
        resource.flattened().stream()
            .anyMatch(r -> r instanceof Resource.Primitive && r.role.active());
    if (!any) {
      down.add(resource.id);
    }
  }
}
