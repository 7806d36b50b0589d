package io.trivet.scheduler.graph;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Action.Flag;
import io.trivet.scheduler.model.Action.Relation;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import java.util.EnumSet;

/// Which actions are in the graph, and for which of the actions ordered before them they wait.
public final class GraphInputs {
  private static final EnumSet<OrderFlag> NONE = EnumSet.noneOf(OrderFlag.class);
  private static final EnumSet<OrderFlag> ONLY_ORDERED = EnumSet.of(OrderFlag.ORDERED);
  private static final EnumSet<OrderFlag> ONLY_TARGET =
      EnumSet.of(OrderFlag.IF_ON_SAME_NODE_OR_TARGET);
  private static final EnumSet<OrderFlag> ONLY_REQUIRED =
      EnumSet.of(OrderFlag.IF_REQUIRED_ON_SAME_NODE);

  /// Flags with which an action that cannot run changes nothing for what comes after it.
  private static final EnumSet<OrderFlag> HARMLESS =
      EnumSet.of(
          OrderFlag.ORDERED,
          OrderFlag.THEN_IMPLIES_FIRST_GRAPHED,
          OrderFlag.FIRST_IMPLIES_THEN_GRAPHED);

  private GraphInputs() {}

  /// True if the action is done in this transition.
  static boolean inGraph(Action action) {
    if (!action.is(Flag.RUNNABLE)
        || (action.is(Flag.OPTIONAL) && !action.is(Flag.ALWAYS_IN_GRAPH))) {
      return false;
    }
    Resource resource = action.resource;
    if (resource != null && !resource.is(Resource.Flag.MANAGED) && !action.task.equals("monitor")) {
      // Of what is not managed, only monitors, and the end of recurring ones.
      String interval = action.meta.get("interval");
      if (interval == null || interval.equals("0")) {
        return false;
      }
    }
    if (action.is(Flag.PSEUDO)
        || action.task.equals("stonith")
        || action.task.equals("do_shutdown")) {
      return true;
    }
    Node node = action.node;
    if (node == null) {
      return false;
    }
    boolean guest = node.isGuest() && !node.remoteRequiresReset;
    return action.is(Flag.ON_DC) || guest || (node.online && !node.unclean);
  }

  /// True if the action waits for that input. An ordering that turns out not to count is disabled.
  public static boolean counts(Action action, Relation input) {
    if (input.inGraph) {
      return true;
    }
    Action first = input.action;
    EnumSet<OrderFlag> flags = input.flags;
    if (flags.isEmpty()) {
      return false;
    }
    if (!first.is(Flag.RUNNABLE)
        && (HARMLESS.containsAll(flags)
            || flags.contains(OrderFlag.MIN_RUNNABLE)
            || flags.contains(OrderFlag.UNMIGRATABLE_THEN_BLOCKS))) {
      return false;
    }
    if (first.is(Flag.MIGRATABLE)
        && (flags.contains(OrderFlag.IF_FIRST_UNMIGRATABLE)
            || (flags.equals(ONLY_ORDERED) && first.key.endsWith("_stop_0")))) {
      return false;
    }
    if (flags.equals(ONLY_TARGET) || flags.equals(ONLY_REQUIRED)) {
      return onSameNode(action, input);
    }
    Resource resource = first.resource;
    if (resource != null
        && resource != action.resource
        && resource.is(Resource.Flag.FAILED)
        && !resource.is(Resource.Flag.MANAGED)
        && first.key.endsWith("_stop_0")
        && action.resource instanceof Resource.Clone) {
      return false;
    }
    return !first.is(Flag.OPTIONAL)
        || first.is(Flag.ALWAYS_IN_GRAPH)
        || first.is(Flag.ADDED_TO_GRAPH)
        || inGraph(first);
  }

  private static boolean onSameNode(Action action, Relation input) {
    Action first = input.action;
    boolean counts;
    if (input.flags.equals(ONLY_REQUIRED)) {
      boolean elsewhere = first.node != null && action.node != null && first.node != action.node;
      counts = !elsewhere && !first.is(Flag.OPTIONAL);
    } else if (action.resource != null && action.task.equals("migrate_to")) {
      // Where it goes to counts, not from where it is sent.
      counts = first.node != null && first.node == action.resource.assignedTo;
    } else {
      counts = first.node != null && first.node == action.node && !first.is(Flag.OPTIONAL);
    }
    if (!counts) {
      input.flags = NONE;
    }
    return counts;
  }
}
