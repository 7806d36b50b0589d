package io.trivet.scheduler.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The actions of one key of a resource, in order of creation, and which is on which node: a probe
/// is asked for on every node.
final class KeyedActions {
  private static final int LOOK_THROUGH = 4;

  private final List<Action> all = new ArrayList<>(1);

  /// By the node's index, the oldest one on it; made once there are many.
  private @Nullable Action[] onNode = new Action[0];

  /// True if there is or was one without a node: that may change.
  private boolean homeless;

  List<Action> all() {
    return all;
  }

  void add(Action action) {
    all.add(action);
    homeless |= action.node == null;
    if (all.size() == LOOK_THROUGH + 1) {
      all.forEach(this::index);
    } else if (all.size() > LOOK_THROUGH) {
      index(action);
    }
  }

  private void index(Action action) {
    Node node = action.node;
    if (node == null) {
      return;
    }
    if (node.index >= onNode.length) {
      onNode = Arrays.copyOf(onNode, Math.max(node.index + 1, 2 * onNode.length));
    }
    if (onNode[node.index] == null) {
      onNode[node.index] = action;
    }
  }

  /// The oldest one on that node, or null; for no node, the oldest one. What has no node yet is put
  /// there.
  @Nullable Action on(@Nullable Node node) {
    if (node == null) {
      return all.getFirst();
    }
    if (!homeless && all.size() > LOOK_THROUGH) {
      return node.index < onNode.length ? onNode[node.index] : null;
    }
    Action found = null;
    for (int i = 0; i < all.size(); i++) {
      Action action = all.get(i);
      if (action.node == null) {
        action.node = node;
      }
      if (found == null && action.node == node) {
        found = action;
      }
    }
    return found;
  }
}
