package io.trivet.scheduler.text;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import java.util.ArrayList;
import java.util.List;

/// The summary of a transition: which nodes are fenced, and what becomes of each resource, with the
/// reason.
public final class SummaryText {
  private SummaryText() {}

  /// A line for each; empty where nothing is to be done.
  public static String of(Cluster cluster) {
    StringBuilder text = new StringBuilder();
    for (Action action : cluster.actions.reversed()) {
      if (action.resource == null
          && !action.is(Action.Flag.OPTIONAL)
          && action.task.equals("stonith")) {
        text.append(fencing(action)).append('\n');
      }
    }
    List<ResourceChange> changes = changes(cluster);
    int nameWidth = 5;
    int detailWidth = 5;
    for (ResourceChange change : changes) {
      int length = change.resource().id.length();
      nameWidth = length > nameWidth ? length + 2 : nameWidth;
      detailWidth = Math.max(detailWidth, change.details().length());
    }
    for (ResourceChange change : changes) {
      text.append(
          "  * %-8s   %s   ( %s )"
              .formatted(
                  change.word(),
                  pad(change.resource().id, -nameWidth),
                  pad(change.details(), detailWidth)));
      String reason = change.reason();
      text.append(reason.isEmpty() ? "" : "  " + reason).append('\n');
    }
    return text.toString();
  }

  private static String pad(String text, int width) {
    return ("%" + width + "s").formatted(text);
  }

  private static String fencing(Action action) {
    String how = action.meta.getOrDefault("stonith_action", "reboot");
    Node node = action.node;
    String guest = "";
    if (node != null
        && node.isGuest()
        && node.remoteResource != null
        && node.remoteResource.container != null) {
      guest = " (resource: " + node.remoteResource.container.id + ")";
    }
    String reason = action.reason == null ? "" : " '" + action.reason + "'";
    return "  * Fence (" + how + ") " + (node == null ? "" : node.name) + guest + reason;
  }

  /// What becomes of each resource of which there is something to tell.
  public static List<ResourceChange> changes(Cluster cluster) {
    List<ResourceChange> changes = new ArrayList<>();
    for (Resource resource : cluster.resources) {
      collect(resource, changes);
    }
    return changes;
  }

  private static void collect(Resource resource, List<ResourceChange> changes) {
    switch (resource) {
      case Resource.Primitive p -> changes.addAll(ResourceChange.of(p));
      case Resource.Group g -> g.members.forEach(m -> collect(m, changes));
      case Resource.Clone c -> c.instances.forEach(i -> collect(i, changes));
      case Resource.Bundle b -> {
        for (Resource.Bundle.Replica replica : b.replicas) {
          for (Resource part :
              new Resource[] {replica.ip, replica.container, replica.remote, replica.child}) {
            if (part != null) {
              collect(part, changes);
            }
          }
        }
      }
    }
  }
}
