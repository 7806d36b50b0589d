package io.trivet.scheduler.text;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Running;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What becomes of a resource, in a word, with the nodes and roles that it is about.
///
/// @param word Start, Stop, Move, Migrate, Restart, Recover, Reload, Promote, Demote, Re-promote
/// @param from where it runs, or null
/// @param to where it shall run, or null
/// @param action the action that says whether it can be done, or null
/// @param because the action that has the reason; null where `action` has it
public record ResourceChange(
    String word,
    Resource.Primitive resource,
    @Nullable Node from,
    @Nullable Node to,
    @Nullable Action action,
    @Nullable Action because) {

  /// The changes of one resource: none where it is left as it is; more than one where it is stopped
  /// on several nodes.
  static List<ResourceChange> of(Resource.Primitive resource) {
    Node current = Running.currentNode(resource);
    if (current != null && resource.role == Role.STOPPED) {
      resource.role = Role.STARTED;
    }
    Node next = resource.assignedTo;
    boolean gone = current == null && resource.is(Resource.Flag.REMOVED);
    if (gone || !resource.is(Resource.Flag.MANAGED) || (current == null && next == null)) {
      return List.of();
    }
    return new Finder(resource, current, next).find();
  }

  /// Looks at the actions of a resource and finds the word for them.
  private static final class Finder {
    private final Resource.Primitive resource;
    private final @Nullable Node current;
    private final @Nullable Node next;
    private final boolean moving;
    private final @Nullable Action start;
    private final @Nullable Action stop;
    private final @Nullable Action promote;
    private final @Nullable Action demote;

    Finder(Resource.Primitive resource, @Nullable Node current, @Nullable Node next) {
      this.resource = resource;
      this.current = current;
      this.next = next;
      this.moving = current != null && next != null && current != next;
      this.start = action("start", next);
      Action stopThere =
          action("stop", start == null || !start.is(Action.Flag.RUNNABLE) ? null : current);
      if (stopThere == null && resource.is(Resource.Flag.STOP_UNEXPECTED)) {
        stopThere = action("stop", null);
      }
      this.stop = stopThere;
      this.promote = action("promote", next);
      this.demote = action("demote", next);
    }

    /// The oldest action of the task on the node (on any for null).
    private @Nullable Action action(String task, @Nullable Node node) {
      String key = resource.id + "_" + task + "_0";
      for (Action action : resource.actions) {
        if (action.key.equals(key)
            && (node == null || action.node == null || action.node == node)) {
          return action;
        }
      }
      return null;
    }

    List<ResourceChange> find() {
      if (resource.role == resource.nextRole) {
        ResourceChange change = sameRole();
        return change == null ? List.of() : List.of(change);
      }
      if (stop != null
          && (resource.nextRole == Role.STOPPED
              || (start != null && !start.is(Action.Flag.RUNNABLE)))) {
        return stops();
      }
      ResourceChange change = otherRole(stop);
      return change == null ? List.of() : List.of(change);
    }

    private ResourceChange change(
        String word, @Nullable Node to, @Nullable Action action, @Nullable Action because) {
      return new ResourceChange(word, resource, current, to, action, because);
    }

    private @Nullable ResourceChange sameRole() {
      Action migrate = action("migrate_from", next);
      boolean failed = resource.is(Resource.Flag.FAILED);
      if (migrate != null && current != null && migrate.is(Action.Flag.RUNNABLE)) {
        return change("Migrate", next, start, null);
      }
      if (resource.is(Resource.Flag.RELOAD)) {
        return change("Reload", next, start, null);
      }
      if (start == null || start.is(Action.Flag.OPTIONAL)) {
        return needed(demote) && needed(promote)
            ? change("Re-promote", next, promote, demote)
            : null;
      }
      if (!start.is(Action.Flag.RUNNABLE)) {
        return change("Stop", null, stop, stop == null || stop.reason == null ? start : stop);
      }
      if (moving) {
        return change(failed ? "Recover" : "Move", next, stop, null);
      }
      return failed ? change("Recover", null, stop, null) : change("Restart", next, start, null);
    }

    private static boolean needed(@Nullable Action action) {
      return action != null && !action.is(Action.Flag.OPTIONAL);
    }

    private List<ResourceChange> stops() {
      List<ResourceChange> changes = new ArrayList<>();
      for (Node node : resource.runningOn) {
        Action there = action("stop", node);
        Action because = there != null && there.reason != null ? there : start;
        changes.add(new ResourceChange("Stop", resource, node, null, there, because));
      }
      return changes;
    }

    private @Nullable ResourceChange otherRole(@Nullable Action stop) {
      // One that failed and is demoted for it is not stopped.
      if (stop != null
          && resource.is(Resource.Flag.FAILED)
          && resource.is(Resource.Flag.STOP_IF_FAILED_ASSIGN)) {
        return change("Recover", next, stop, start);
      }
      if (moving) {
        return change("Move", next, stop, null);
      }
      if (resource.is(Resource.Flag.RELOAD)) {
        return change("Reload", next, start, null);
      }
      if (needed(stop)) {
        return change("Restart", next, start, null);
      }
      if (resource.role == Role.PROMOTED) {
        return change("Demote", next, demote, null);
      }
      if (resource.nextRole == Role.PROMOTED) {
        return change("Promote", next, promote, null);
      }
      boolean starts = resource.role == Role.STOPPED && resource.nextRole.active();
      return starts ? change("Start", next, start, null) : null;
    }
  }

  /// Nodes and roles, such as `Unpromoted -> Promoted node1`.
  String details() {
    Role role = resource.role;
    Role nextRole = resource.nextRole;
    boolean tellRole = role.compareTo(Role.STARTED) > 0 || nextRole.compareTo(Role.UNPROMOTED) > 0;
    boolean sameNode = from == to;
    boolean sameRole = role == nextRole;
    if (from == null && to == null) {
      return "";
    }
    if (from == null) {
      return (tellRole ? role.text() + " -> " + nextRole.text() + " " : "") + to;
    }
    if (to == null) {
      return (tellRole ? role.text() + " " : "") + from;
    }
    if (sameRole) {
      String where = sameNode ? from.name : from + " -> " + to;
      return !tellRole ? where : sameNode ? role.text() + " " + where : where + " " + role.text();
    }
    return sameNode
        ? role.text() + " -> " + nextRole.text() + " " + from
        : role.text() + " " + from + " -> " + nextRole.text() + " " + to;
  }

  /// True if it cannot be done.
  boolean blocked() {
    return action != null && !action.is(Action.Flag.RUNNABLE);
  }

  /// Why, as people read it; empty where there is no reason to tell.
  String reason() {
    Action source = because == null ? action : because;
    boolean blocked = blocked();
    if (source != null && source.reason != null) {
      return "due to " + source.reason + (blocked ? " (blocked)" : "");
    }
    return blocked ? "blocked" : "";
  }
}
