package io.trivet.scheduler.unpack;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// `on-fail`: what the failure of an operation leads to ("Pacemaker Explained", Resource
/// Operations).
public final class OnFail {
  /// From the mildest to the most severe.
  private static final List<Action.OnFail> SEVERITY =
      List.of(
          Action.OnFail.IGNORE,
          Action.OnFail.DEMOTE,
          Action.OnFail.RECOVER,
          Action.OnFail.RESET_REMOTE,
          Action.OnFail.RESTART_CONTAINER,
          Action.OnFail.BAN,
          Action.OnFail.BLOCK,
          Action.OnFail.STOP,
          Action.OnFail.STANDBY,
          Action.OnFail.FENCE);

  private OnFail() {}

  /// Less than 0 if the first is milder than the second.
  public static int compare(Action.OnFail first, Action.OnFail second) {
    return Integer.compare(SEVERITY.indexOf(first), SEVERITY.indexOf(second));
  }

  /// What the value means for that operation; null is the default of the operation.
  public static Action.OnFail parse(
      Cluster cluster,
      Resource resource,
      String task,
      long intervalMillis,
      @Nullable String value) {
    boolean managed = resource.is(Resource.Flag.MANAGED);
    boolean probe = task.equals("monitor") && intervalMillis == 0;
    boolean reset = toRemoteNode(cluster, resource) && !probe && !task.equals("start");
    Action.OnFail configured = configured(cluster, resource, value);
    if (configured != null && (managed || !reset)) {
      return configured;
    }
    if (resource.container != null) {
      return Action.OnFail.RESTART_CONTAINER;
    }
    if (reset) {
      return managed ? Action.OnFail.RESET_REMOTE : Action.OnFail.STOP;
    }
    if (task.equals("stop")) {
      return cluster.is(Cluster.Flag.FENCING_ENABLED) ? Action.OnFail.FENCE : Action.OnFail.BLOCK;
    }
    return Action.OnFail.RECOVER;
  }

  private static Action.@Nullable OnFail configured(
      Cluster cluster, Resource resource, @Nullable String value) {
    return switch (value == null ? "" : value.toLowerCase(Locale.ROOT)) {
      case "block" -> Action.OnFail.BLOCK;
      case "fence" ->
          cluster.is(Cluster.Flag.FENCING_ENABLED) ? Action.OnFail.FENCE : Action.OnFail.STOP;
      case "standby" -> Action.OnFail.STANDBY;
      case "ignore", "nothing" -> Action.OnFail.IGNORE;
      case "migrate" -> Action.OnFail.BAN;
      case "stop" -> Action.OnFail.STOP;
      case "restart" -> Action.OnFail.RECOVER;
      case "restart-container" ->
          resource.container == null ? null : Action.OnFail.RESTART_CONTAINER;
      case "demote" -> Action.OnFail.DEMOTE;
      default -> null;
    };
  }

  private static boolean toRemoteNode(Cluster cluster, Resource resource) {
    if (!resource.is(Resource.Flag.REMOTE_CONNECTION)) {
      return false;
    }
    Node node = cluster.node(resource.id);
    return node != null && node.isRemote();
  }

  /// The role that the resource is to be in after the failure.
  public static Role roleAfterFailure(
      Resource resource, String task, Action.OnFail onFail, SequencedMap<String, String> meta) {
    if (onFail == Action.OnFail.STOP
        || (onFail == Action.OnFail.RESET_REMOTE && resource.remoteReconnectMillis > 0)) {
      return Role.STOPPED;
    }
    Role configured = Role.parse(meta.get("role_after_failure"));
    if (configured != null) {
      return configured;
    }
    return task.equals("promote") ? Role.UNPROMOTED : Role.STARTED;
  }
}
