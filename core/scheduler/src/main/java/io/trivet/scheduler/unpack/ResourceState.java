package io.trivet.scheduler.unpack;

import io.trivet.scheduler.actions.Actions;
import io.trivet.scheduler.actions.Resources;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Action.OnFail;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Scores;
import org.jspecify.annotations.Nullable;

/// What follows from the role in which the history of a node left a resource, and from its failures
/// there.
final class ResourceState {
  private final Cluster cluster;
  private final Resource resource;
  private final Node node;

  ResourceState(Cluster cluster, Resource resource, Node node) {
    this.cluster = cluster;
    this.resource = resource;
    this.node = node;
  }

  /// @param failure the most severe reaction that a failure asks for
  void apply(OnFail failure) {
    boolean active = resource.role.active();
    if (resource.role != Role.UNKNOWN) {
      known();
    }
    if (active && !node.online && !node.maintenance && resource.is(Flag.MANAGED)) {
      fenceLostNode();
    }
    // A fenced node starts afresh.
    OnFail onFail = node.unclean ? OnFail.IGNORE : failure;
    react(onFail, active);
    seeFailedConnection();
    if (active) {
      RunningOn.add(cluster, resource, node, failure != OnFail.IGNORE);
      if (onFail == OnFail.DEMOTE || onFail == OnFail.BLOCK) {
        resource.set(Flag.FAILED, true);
      } else if (onFail != OnFail.IGNORE) {
        fail();
      }
    } else if (resource.historyName != null && Instances.numbered(resource.historyName)) {
      // Old releases numbered the instances in their history.
      resource.historyId = Instances.base(resource.id);
      resource.historyName = null;
    } else {
      for (Action stop : Actions.find(resource.actions, resource.key("stop"), node)) {
        stop.set(Action.Flag.OPTIONAL, true);
      }
    }
    // The source stopped it, but it may run on the target of the migration.
    if (resource.role == Role.STOPPED
        && resource.partialMigrationSource == node
        && resource.partialMigrationTarget != null
        && !resource.runningOn.isEmpty()) {
      resource.role = Role.STARTED;
    }
  }

  private void known() {
    for (Resource r = resource; r != null; r = r.parent) {
      r.knownOn.add(node);
      if (r.is(Flag.GLOBALLY_UNIQUE)) {
        break;
      }
    }
  }

  /// It is thought to run on a node that is not there. A guest is fenced by recovering its
  /// container, with or without fencing.
  private void fenceLostNode() {
    Resource connection = node.remoteResource;
    if (node.isGuest()) {
      fail();
    } else if (!cluster.is(Cluster.Flag.FENCING_ENABLED)) {
      return;
    } else if (node.isRemote() && connection != null && !connection.is(Flag.FAILED)) {
      node.unseen = true;
      Actions.fenceNode(
          cluster,
          node,
          resource.id
              + " is active there (fencing will be revoked if remote connection can be"
              + " re-established elsewhere)",
          false);
      return;
    }
    Actions.fenceNode(cluster, node, resource.id + " is thought to be active there", false);
  }

  private void react(OnFail onFail, boolean active) {
    switch (onFail) {
      case IGNORE -> {}
      case DEMOTE -> {
        resource.set(Flag.FAILED, true);
        Actions.of(cluster, resource, "demote", node, false);
      }
      case FENCE -> Actions.fenceNode(cluster, node, resource.id + " failed there", false);
      case STANDBY -> {
        node.standby = true;
        node.standbyOnFail = true;
      }
      case BLOCK -> {
        resource.set(Flag.MANAGED, false);
        resource.set(Flag.BLOCKED, true);
      }
      case BAN -> AllowedNodes.add(resource, node, -Scores.INFINITY);
      case STOP -> Resources.nextRole(resource, Role.STOPPED, "on-fail=stop");
      case RECOVER -> {
        if (active) {
          fail();
          stop(resource);
        }
      }
      case RESTART_CONTAINER -> restartContainer(active);
      case RESET_REMOTE -> resetRemote(active);
    }
  }

  private void restartContainer(boolean active) {
    fail();
    Resource container = resource.container;
    if (container != null && resource.bundled()) {
      // Where the container runs may not be known yet: it may be another node.
      cluster.stopNeeded.addFirst(container);
    } else if (container != null) {
      stop(container);
    } else if (active) {
      stop(resource);
    }
  }

  private void resetRemote(boolean active) {
    fail();
    Node remote = remoteNode();
    if (cluster.is(Cluster.Flag.FENCING_ENABLED)
        && remote != null
        && remote.isRemote()
        && !remote.remoteWasFenced) {
      Actions.fenceNode(cluster, remote, "remote connection is unrecoverable", false);
    }
    if (active) {
      stop(resource);
    }
    if (resource.remoteReconnectMillis > 0) {
      Resources.nextRole(resource, Role.STOPPED, "remote reset");
    }
  }

  /// A failed connection to an unclean node means that the node is fenced, even if the connection
  /// is to be tried again.
  private void seeFailedConnection() {
    Node remote = remoteNode();
    if (remote != null && resource.is(Flag.FAILED) && remote.unclean) {
      remote.unseen = false;
    }
  }

  private @Nullable Node remoteNode() {
    return resource.is(Flag.REMOTE_CONNECTION) ? cluster.node(resource.id) : null;
  }

  private void fail() {
    resource.set(Flag.FAILED, true);
    resource.set(Flag.STOP_IF_FAILED_ASSIGN, true);
  }

  private void stop(Resource what) {
    Actions.of(cluster, what, "stop", node, false);
  }
}
