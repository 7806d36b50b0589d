package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.NodeScores.Probing;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Probes ("Pacemaker Explained", resource discovery): one monitor without interval for each
/// resource on each node where its state is not known, before it is started anywhere.
public final class Probes {
  private static final EnumSet<OrderFlag> ORDERED = EnumSet.of(OrderFlag.ORDERED);
  private static final EnumSet<OrderFlag> BLOCKS =
      EnumSet.of(OrderFlag.ORDERED, OrderFlag.UNRUNNABLE_FIRST_BLOCKS);

  private Probes() {}

  /// Makes the probes that are needed, node by node. Uses where resources are assigned.
  public static void create(Cluster cluster) {
    if (!cluster.is(Cluster.Flag.PROBE_RESOURCES)) {
      return;
    }
    for (Node node : cluster.nodes) {
      if (!node.online) {
        if (node.isRemote()
            && node.remoteResource != null
            && RemoteOrder.state(node) == RemoteOrder.State.FAILED) {
          Actions.fenceNode(cluster, node, "the connection is unrecoverable", false);
        }
      } else if (!node.unclean && node.resourceDiscoveryEnabled) {
        probeAll(cluster, cluster.resources, node);
      }
    }
  }

  /// Orders the probes before what is ordered after the resources' stops and starts; after all
  /// other orderings are applied.
  public static void order(Cluster cluster) {
    ProbeOrder.add(cluster);
  }

  private static boolean probeAll(Cluster cluster, List<Resource> resources, Node node) {
    boolean any = false;
    for (Resource resource : resources) {
      any |= probe(cluster, resource, node);
    }
    return any;
  }

  private static boolean probe(Cluster cluster, Resource resource, Node node) {
    return switch (resource) {
      case Resource.Primitive p -> probePrimitive(cluster, p, node);
      case Resource.Group g -> probeAll(cluster, g.members, node);
      case Resource.Clone c -> probeClone(cluster, c, node);
      case Resource.Bundle b -> probeBundle(cluster, b, node);
    };
  }

  private static boolean probeClone(Cluster cluster, Resource.Clone clone, Node node) {
    if (clone.is(Resource.Flag.EXCLUSIVE_DISCOVERY)) {
      NodeScores.Candidate allowed = clone.allowed.get(node);
      if (allowed == null || allowed.probing != Probing.EXCLUSIVE) {
        // Notifications name allowed nodes only, so it must not be one.
        clone.allowed.remove(node);
        return false;
      }
    }
    Resources.sortInstances(clone);
    if (clone.is(Resource.Flag.GLOBALLY_UNIQUE)) {
      return probeAll(cluster, clone.instances, node);
    }
    if (clone.instances.isEmpty()) {
      return false;
    }
    return probe(cluster, instanceFor(clone, node), node);
  }

  /// Instances of an anonymous clone are all the same: one that is known on the node, else one that
  /// will run there, else the first.
  private static Resource instanceFor(Resource.Clone clone, Node node) {
    for (Resource instance : clone.instances) {
      if (known(instance, node)) {
        return instance;
      }
    }
    for (Resource instance : clone.instances) {
      if (Resources.assignedNode(instance) == node) {
        return instance;
      }
    }
    return clone.instances.getFirst();
  }

  private static boolean known(Resource resource, Node node) {
    List<Resource> children = resource.children();
    if (children.isEmpty()) {
      return resource.knownOn.contains(node);
    }
    for (Resource child : children) {
      if (known(child, node)) {
        return true;
      }
    }
    return false;
  }

  private static boolean probeBundle(Cluster cluster, Resource.Bundle bundle, Node node) {
    boolean any = false;
    for (Resource.Bundle.Replica replica : bundle.replicas) {
      if (replica.ip != null) {
        any |= probe(cluster, replica.ip, node);
      }
      if (replica.child != null && node == replica.node) {
        any |= probe(cluster, replica.child, node);
      }
      if (replica.container != null && probe(cluster, replica.container, node)) {
        any = true;
        if (bundle.perHost == 1) {
          orderContainerStarts(cluster, bundle, replica);
        }
      }
      if (replica.remote != null && probe(cluster, replica.remote, node)) {
        any = true;
        orderAfterContainer(cluster, replica, node);
      }
    }
    return any;
  }

  /// Where one container is probed on a node, no other may start there before: they could clash.
  private static void orderContainerStarts(
      Cluster cluster, Resource.Bundle bundle, Resource.Bundle.Replica replica) {
    for (Resource.Bundle.Replica other : bundle.replicas) {
      if (other != replica && other.container != null && replica.container != null) {
        Orderings.add(
            cluster,
            replica.container,
            "monitor",
            other.container,
            "start",
            EnumSet.of(OrderFlag.ORDERED, OrderFlag.IF_ON_SAME_NODE));
      }
    }
  }

  /// A connection is not probed before it is known where its container runs.
  private static void orderAfterContainer(
      Cluster cluster, Resource.Bundle.Replica replica, Node node) {
    if (replica.remote == null || replica.container == null) {
      return;
    }
    String key = replica.remote.key("monitor");
    Action probe = Actions.first(replica.remote.actions, key, null, node);
    if (probe != null) {
      Orderings.add(
          cluster, replica.container, "start", probe, EnumSet.of(OrderFlag.NESTED_REMOTE_PROBE));
    }
  }

  private static boolean probePrimitive(Cluster cluster, Resource.Primitive resource, Node node) {
    Resource top = resource.topInBundle();
    if (!possible(resource, node)
        || (resource.container != null && !resource.is(Resource.Flag.REMOTE_CONNECTION))
        || resource.is(Resource.Flag.REMOVED)
        || resource.knownOn.contains(node)
        || !discovered(resource, top, node)
        || (node.isGuest() && !guestStays(cluster, top, node))) {
      return false;
    }
    Action probe = makeProbe(cluster, resource, node);
    // The start of a clone is the whole clone's.
    Resource starts = top instanceof Resource.Clone ? top : resource;
    // Without a probe it may not start, but what runs already need not stop.
    boolean blocks = !probe.is(Action.Flag.RUNNABLE) && starts.runningOn.isEmpty();
    EnumSet<OrderFlag> flags = blocks ? BLOCKS : ORDERED;
    Orderings.add(
        cluster, resource, probe, null, starts, null, starts.key("start"), flags);
    String reload = resource.key("reload-agent");
    // Reloads are known before probes are.
    if (!starts.actionsOfKey(reload).isEmpty()) {
      Orderings.add(cluster, resource, probe, null, starts, null, reload, ORDERED);
    }
    return true;
  }

  /// Remote nodes run no fence devices and no connections; guests hold no guests.
  private static boolean possible(Resource.Primitive resource, Node node) {
    if (!node.isRemoteOrGuest()) {
      return true;
    }
    if (resource.standard.equals("stonith") || resource.is(Resource.Flag.REMOTE_CONNECTION)) {
      return false;
    }
    return !node.isGuest() || Resources.guestConnection(resource) == null;
  }

  private static boolean discovered(Resource resource, Resource top, Node node) {
    NodeScores.Candidate allowed = resource.allowed.get(node);
    if ((resource.is(Resource.Flag.EXCLUSIVE_DISCOVERY)
            || top.is(Resource.Flag.EXCLUSIVE_DISCOVERY))
        && (allowed == null || allowed.probing != Probing.EXCLUSIVE)) {
      return false;
    }
    return (allowed == null ? node.probing : allowed.probing) != Probing.NEVER;
  }

  /// False where the guest is down or goes down: nothing is active in it then. What starts in it
  /// waits until that is certain.
  private static boolean guestStays(Cluster cluster, Resource top, Node node) {
    Resource guest = node.remoteResource == null ? null : node.remoteResource.container;
    if (guest == null) {
      return true;
    }
    if (guest.role == Role.STOPPED) {
      if (guest.assignedTo != null && !guest.knownOn.contains(guest.assignedTo)) {
        Orderings.add(cluster, guest, "monitor", top, "start", EnumSet.of(OrderFlag.ORDERED));
      }
      return false;
    }
    if (guestStops(guest, node)) {
      Orderings.add(cluster, guest, "stop", top, "start", EnumSet.of(OrderFlag.ORDERED));
      return false;
    }
    return true;
  }

  /// Whether the guest will stop, as far as can be told before its actions are made.
  private static boolean guestStops(Resource guest, Node node) {
    return node.remoteRequiresReset
        || node.unclean
        || guest.is(Resource.Flag.FAILED)
        || guest.nextRole == Role.STOPPED
        || (guest.role.compareTo(Role.STOPPED) > 0
            && guest.assignedTo != null
            && !guest.runningOn.contains(guest.assignedTo));
  }

  private static Action makeProbe(Cluster cluster, Resource.Primitive resource, Node node) {
    Action probe = Actions.of(cluster, resource, "monitor", node, false);
    probe.set(Action.Flag.OPTIONAL, false);
    Unfencing.order(cluster, resource, node, probe, ORDERED);
    String expected = expected(resource, node);
    if (expected != null) {
      probe.put("op_target_rc", expected);
    }
    return probe;
  }

  private static @Nullable String expected(Resource resource, Node node) {
    if (!resource.runningOn.contains(node)) {
      return "7";
    }
    return resource.role == Role.PROMOTED ? "8" : null;
  }
}
