package io.trivet.scheduler.actions;

import static io.trivet.scheduler.model.OrderFlag.FIRST_IMPLIES_SAME_NODE_THEN;
import static io.trivet.scheduler.model.OrderFlag.FIRST_IMPLIES_THEN;
import static io.trivet.scheduler.model.OrderFlag.FIRST_IMPLIES_THEN_GRAPHED;
import static io.trivet.scheduler.model.OrderFlag.IF_ON_SAME_NODE;
import static io.trivet.scheduler.model.OrderFlag.INTERMEDIATE_STOP;
import static io.trivet.scheduler.model.OrderFlag.NESTED_REMOTE_PROBE;
import static io.trivet.scheduler.model.OrderFlag.THEN_CANCELS_FIRST;
import static io.trivet.scheduler.model.OrderFlag.THEN_IMPLIES_FIRST;
import static io.trivet.scheduler.model.OrderFlag.THEN_IMPLIES_FIRST_GRAPHED;
import static io.trivet.scheduler.model.OrderFlag.UNRUNNABLE_FIRST_BLOCKS;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Action.Flag;
import io.trivet.scheduler.model.Action.Relation;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Lets the orderings act on actions, one action after the other, and again wherever something
/// changed, until nothing does.
final class OrderUpdates {
  /// What an update changed: bits.
  static final int FIRST = 1;

  static final int THEN = 2;

  /// Deeper than that, what is to be looked at again waits in a queue: no recursion without end.
  private static final int DEEPEST = 150;

  private final KindUpdates kinds;
  private final SequencedSet<Action> waiting = new LinkedHashSet<>();
  private final SequencedSet<Action> blocking = new LinkedHashSet<>();
  private final SequencedSet<Action> blocked = new LinkedHashSet<>();
  private int depth;

  OrderUpdates() {
    this.kinds = new KindUpdates(this);
  }

  /// Brings an action up to date with those before it, and those after it with it.
  void update(Action then) {
    if (depth >= DEEPEST) {
      waiting.add(then);
      return;
    }
    depth++;
    updateNow(then);
    depth--;
    catchUp();
  }

  /// Blocks what has to be where the action's resource cannot come.
  void blockDependents(Action action) {
    if (depth >= DEEPEST) {
      blocking.add(action);
      return;
    }
    depth++;
    ColocationBlocks.dependentsOf(action, this);
    depth--;
    catchUp();
  }

  /// Notes an action that was blocked by a colocation: what comes after it, as its monitors, may
  /// have had its turn before.
  void lookAgain(Action action) {
    blocked.add(action);
  }

  /// Brings what comes after actions blocked by a colocation up to date.
  void finish() {
    while (!blocked.isEmpty()) {
      updateAfter(blocked.removeFirst());
    }
  }

  private void catchUp() {
    while (depth == 0 && !(waiting.isEmpty() && blocking.isEmpty())) {
      depth++;
      if (blocking.isEmpty()) {
        updateNow(waiting.removeFirst());
      } else {
        ColocationBlocks.dependentsOf(blocking.removeFirst(), this);
      }
      depth--;
    }
  }

  private void updateNow(Action then) {
    int changed = 0;
    int before = then.flags();
    boolean runnable = then.is(Flag.RUNNABLE);
    if (then.is(Flag.MIN_RUNNABLE)) {
      then.runnableBefore = 0;
      if (then.requiredRunnableBefore == 0) {
        then.requiredRunnableBefore = 1;
      }
      // Set again once enough of the firsts are seen to be runnable.
      then.set(Flag.RUNNABLE, false);
    }
    boolean known = false;
    // Newest first; those that are added meanwhile are for the next turn.
    for (int i = then.before.size() - 1; i >= 0; i--) {
      Relation relation = then.before.get(i);
      if (isElsewhere(relation, then)) {
        relation.flags = NONE;
        continue;
      }
      changed &= ~FIRST;
      cancelFirst(relation, then);
      Action first = whole(relation.action, then);
      if (first == relation.action) {
        int done = along(relation, then, known);
        known = done == 0;
        changed |= done;
      } else if (Orderings.link(first, then, relation.flags)) {
        changed |= THEN;
        relation.flags = NONE;
      }
      if ((changed & FIRST) != 0) {
        updateAfter(first);
        update(first);
      }
    }
    if (then.is(Flag.MIN_RUNNABLE)) {
      changed = before == then.flags() ? changed & ~THEN : changed | THEN;
    }
    if ((changed & THEN) != 0) {
      if (runnable && !then.is(Flag.RUNNABLE)) {
        blockDependents(then);
      }
      update(then);
      updateAfter(then);
    }
  }

  private static final EnumSet<OrderFlag> NONE = EnumSet.noneOf(OrderFlag.class);

  void updateAfter(Action action) {
    List<Relation> after = action.after;
    for (int i = after.size() - 1; i >= 0; i--) {
      update(after.get(i).action);
    }
  }

  /// True for what only counts on one node, and is on two.
  private static boolean isElsewhere(Relation relation, Action then) {
    if (!relation.flags.contains(IF_ON_SAME_NODE)) {
      return false;
    }
    Node firstNode = nodeOf(relation.action);
    Node thenNode = nodeOf(then);
    return firstNode != null && thenNode != null && firstNode != thenNode;
  }

  /// Where an action is, for what is ordered with it: the start of a group where the group will be.
  private static @Nullable Node nodeOf(Action action) {
    return action.resource instanceof Resource.Group group && action.task.equals(Tasks.START)
        ? Family.location(group, false)
        : action.node;
  }

  /// A required stop makes a reload pointless, and the like.
  private static void cancelFirst(Relation relation, Action then) {
    Resource resource = relation.action.resource;
    if (resource != null
        && relation.flags.contains(THEN_CANCELS_FIRST)
        && !then.is(Flag.OPTIONAL)) {
      relation.action.set(Flag.OPTIONAL, true);
      if (relation.action.task.equals(Tasks.RELOAD_AGENT)) {
        resource.set(Resource.Flag.RELOAD, false);
      }
    }
  }

  /// What has to be waited for in place of the action, seen from another resource: the start of a
  /// collective resource is over once it is running, and once that was told to its instances.
  private static Action whole(Action first, Action then) {
    Resource resource = first.resource;
    Resource other = then.resource;
    if (resource == null
        || other == null
        || resource == other
        || resource instanceof Resource.Primitive
        || Family.isAncestor(resource, other)) {
      return first;
    }
    String key = wholeKey(first, resource);
    List<Action> found = key == null ? List.of() : resource.actionsOfKey(key);
    return found.isEmpty() ? first : found.getLast();
  }

  private static @Nullable String wholeKey(Action first, Resource resource) {
    if (first.key.contains(Tasks.NOTIFY) || first.intervalMillis > 0) {
      return null;
    }
    String done = Tasks.done(first.task);
    boolean known = !done.equals(first.task) || !Tasks.begun(first.task).equals(first.task);
    if (!known) {
      return null;
    }
    boolean notifies =
        resource.is(Resource.Flag.NOTIFY)
            && (resource instanceof Resource.Clone || Family.inBundle(resource));
    return notifies ? resource.id + "_confirmed-post_notify_" + done + "_0" : resource.key(done);
  }

  /// The turns in which flags act.
  private static final OrderFlag[] IN_TURN = {
    FIRST_IMPLIES_THEN,
    INTERMEDIATE_STOP,
    THEN_IMPLIES_FIRST,
    OrderFlag.PROMOTED_THEN_IMPLIES_FIRST,
    OrderFlag.MIN_RUNNABLE,
    NESTED_REMOTE_PROBE,
    UNRUNNABLE_FIRST_BLOCKS,
    OrderFlag.UNMIGRATABLE_THEN_BLOCKS,
    OrderFlag.FIRST_ELSE_THEN,
    OrderFlag.ORDERED,
    OrderFlag.ASYMMETRIC
  };

  /// Lets one ordering act, flag by flag.
  ///
  /// @param known true if nothing changed since then's flags were last worked out
  private int along(Relation relation, Action then, boolean known) {
    Action first = relation.action;
    Node node = then.node;
    if (relation.flags.contains(FIRST_IMPLIES_SAME_NODE_THEN)) {
      EnumSet<OrderFlag> flags = EnumSet.copyOf(relation.flags);
      flags.remove(FIRST_IMPLIES_SAME_NODE_THEN);
      flags.add(FIRST_IMPLIES_THEN);
      relation.flags = flags;
      node = first.node;
    }
    int firstFlags = ActionFlags.forOrdering(first, nodeOf(then));
    // What then's flags are on first's node counts for one flag only; for a clone it is work.
    int thenFlags =
        relation.flags.contains(THEN_IMPLIES_FIRST_GRAPHED)
            ? ActionFlags.forOrdering(then, nodeOf(first))
            : known ? 0 : ActionFlags.of(then, null);
    int changed = 0;
    for (OrderFlag type : IN_TURN) {
      if (relation.flags.contains(type)) {
        changed |= along(relation, type, then, node, firstFlags);
      }
    }
    graphed(relation, then, firstFlags, thenFlags);
    return changed | blockedByFailedStop(relation, then);
  }

  private int along(
      Relation relation, OrderFlag type, Action then, @Nullable Node node, int firstFlags) {
    Action first = relation.action;
    return switch (type) {
      case FIRST_IMPLIES_THEN ->
          then.resource != null
              ? kinds.update(
                  then.resource,
                  first,
                  then,
                  node,
                  firstFlags & ActionFlags.OPTIONAL,
                  ActionFlags.OPTIONAL,
                  type)
              : (firstFlags & ActionFlags.OPTIONAL) == 0 ? clear(then, Flag.OPTIONAL, THEN) : 0;
      case THEN_IMPLIES_FIRST ->
          first.resource != null
              ? kinds.update(
                  first.resource, first, then, node, firstFlags, ActionFlags.OPTIONAL, type)
              : (firstFlags & ActionFlags.OPTIONAL) == 0 ? clear(first, Flag.RUNNABLE, FIRST) : 0;
      case INTERMEDIATE_STOP ->
          onThen(first, then, node, firstFlags, ActionFlags.OPTIONAL | ActionFlags.RUNNABLE, type);
      case PROMOTED_THEN_IMPLIES_FIRST ->
          onThen(first, then, node, firstFlags & ActionFlags.OPTIONAL, ActionFlags.OPTIONAL, type);
      case UNMIGRATABLE_THEN_BLOCKS, FIRST_ELSE_THEN ->
          onThen(first, then, node, firstFlags, ActionFlags.OPTIONAL, type);
      case ORDERED, ASYMMETRIC -> onThen(first, then, node, firstFlags, ActionFlags.RUNNABLE, type);
      case MIN_RUNNABLE ->
          then.resource != null
              ? onThen(first, then, node, firstFlags, ActionFlags.RUNNABLE, type)
              : oneMore(then, firstFlags);
      case NESTED_REMOTE_PROBE -> nestedProbe(relation, then, node, firstFlags);
      case UNRUNNABLE_FIRST_BLOCKS ->
          then.resource != null
              ? onThen(first, then, node, firstFlags, ActionFlags.RUNNABLE, type)
              : (firstFlags & ActionFlags.RUNNABLE) == 0 ? clear(then, Flag.RUNNABLE, THEN) : 0;
      default -> 0;
    };
  }

  private int onThen(
      Action first, Action then, @Nullable Node node, int flags, int filter, OrderFlag type) {
    return then.resource == null
        ? 0
        : kinds.update(then.resource, first, then, node, flags, filter, type);
  }

  private static int clear(Action action, Flag flag, int changed) {
    if (!action.is(flag)) {
      return 0;
    }
    action.set(flag, false);
    return changed;
  }

  private static int oneMore(Action then, int firstFlags) {
    if ((firstFlags & ActionFlags.RUNNABLE) == 0) {
      return 0;
    }
    then.runnableBefore++;
    if (then.runnableBefore < then.requiredRunnableBefore || then.is(Flag.RUNNABLE)) {
      return 0;
    }
    then.set(Flag.RUNNABLE, true);
    return THEN;
  }

  private int nestedProbe(Relation relation, Action then, @Nullable Node node, int firstFlags) {
    Resource container = relation.action.resource;
    if (container == null) {
      return 0;
    }
    if ((firstFlags & ActionFlags.RUNNABLE) == 0 && !container.runningOn.isEmpty()) {
      relation.flags = NONE;
      return 0;
    }
    return onThen(
        relation.action, then, node, firstFlags, ActionFlags.RUNNABLE, UNRUNNABLE_FIRST_BLOCKS);
  }

  private static void graphed(Relation relation, Action then, int firstFlags, int thenFlags) {
    Action first = relation.action;
    if (relation.flags.contains(FIRST_IMPLIES_THEN_GRAPHED)
        && first.is(Flag.RUNNABLE)
        && (firstFlags & ActionFlags.OPTIONAL) == 0) {
      then.set(Flag.ALWAYS_IN_GRAPH, true);
    }
    if (relation.flags.contains(THEN_IMPLIES_FIRST_GRAPHED)
        && (thenFlags & ActionFlags.OPTIONAL) == 0) {
      first.set(Flag.ALWAYS_IN_GRAPH, true);
    }
  }

  /// What has to wait for the stop of something blocked waits in vain.
  private static int blockedByFailedStop(Relation relation, Action then) {
    Action first = relation.action;
    Resource resource = first.resource;
    boolean binding =
        relation.flags.contains(FIRST_IMPLIES_THEN)
            || relation.flags.contains(THEN_IMPLIES_FIRST)
            || relation.flags.contains(INTERMEDIATE_STOP);
    if (!binding
        || resource == null
        || resource.is(Resource.Flag.MANAGED)
        || !resource.is(Resource.Flag.BLOCKED)
        || first.is(Flag.RUNNABLE)
        || !first.task.equals(Tasks.STOP)) {
      return 0;
    }
    return clear(then, Flag.RUNNABLE, THEN);
  }
}
