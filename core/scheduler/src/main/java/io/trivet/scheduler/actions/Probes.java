package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.NodeScores.Probing;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Probes ("Pacemaker Explained", resource discovery): one monitor without interval for each
/// resource on each node where its state is not known, before it is started anywhere.
public final class Probes {
  private static final EnumSet<OrderFlag> ORDERED = EnumSet.of(OrderFlag.ORDERED);
  private static final EnumSet<OrderFlag> BLOCKS =
      EnumSet.of(OrderFlag.ORDERED, OrderFlag.UNRUNNABLE_FIRST_BLOCKS);

  private final Cluster cluster;

  /// Of anonymous clones, the instance that is probed on each node, by the node's index.
  private final SequencedMap<Resource.Clone, Resource[]> anonymous = new LinkedHashMap<>();

  private Probes(Cluster cluster) {
    this.cluster = cluster;
  }

  /// Makes the probes that are needed, node by node. Uses where resources are assigned.
  public static void create(Cluster cluster) {
    if (!cluster.is(Cluster.Flag.PROBE_RESOURCES)) {
      return;
    }
    Probes probes = new Probes(cluster);
    for (Node node : cluster.nodes) {
      if (!node.online) {
        if (node.isRemote()
            && node.remoteResource != null
            && RemoteOrder.state(node) == RemoteOrder.State.FAILED) {
          Actions.fenceNode(cluster, node, "the connection is unrecoverable", false);
        }
      } else if (!node.unclean && node.resourceDiscoveryEnabled) {
        probes.probeAll(cluster.resources, node);
      }
    }
  }

  /// Orders the probes before what is ordered after the resources' stops and starts; after all
  /// other orderings are applied.
  public static void order(Cluster cluster) {
    ProbeOrder.add(cluster);
  }

  private boolean probeAll(List<Resource> resources, Node node) {
    boolean any = false;
    for (Resource resource : resources) {
      any |= probe(resource, node);
    }
    return any;
  }

  private boolean probe(Resource resource, Node node) {
    return switch (resource) {
      case Resource.Primitive p -> probePrimitive(p, node);
      case Resource.Group g -> probeAll(g.members, node);
      case Resource.Clone c -> probeClone(c, node);
      case Resource.Bundle b -> probeBundle(b, node);
    };
  }

  private boolean probeClone(Resource.Clone clone, Node node) {
    if (clone.is(Resource.Flag.EXCLUSIVE_DISCOVERY)) {
      NodeScores.Candidate allowed = clone.allowed.get(node);
      if (allowed == null || allowed.probing != Probing.EXCLUSIVE) {
        // Notifications name allowed nodes only, so it must not be one.
        clone.allowed.remove(node);
        return false;
      }
    }
    if (clone.is(Resource.Flag.GLOBALLY_UNIQUE)) {
      Resources.sortInstances(clone);
      return probeAll(clone.instances, node);
    }
    if (clone.instances.isEmpty()) {
      return false;
    }
    return probe(anonymous.computeIfAbsent(clone, this::instances)[node.index], node);
  }

  /// Instances of an anonymous clone are all the same: one that is known on the node, else one that
  /// will run there, else the first.
  private Resource[] instances(Resource.Clone clone) {
    Resources.sortInstances(clone);
    Resource[] chosen = new Resource[cluster.nodesByIndex.size()];
    for (Resource instance : clone.instances) {
      for (Resource primitive : instance.flattened()) {
        if (primitive instanceof Resource.Primitive) {
          for (Node node : primitive.knownOn) {
            chosen[node.index] = chosen[node.index] == null ? instance : chosen[node.index];
          }
        }
      }
    }
    Resource first = clone.instances.getFirst();
    for (Resource instance : clone.instances) {
      Node node = Resources.assignedNode(instance);
      if (node != null && chosen[node.index] == null) {
        chosen[node.index] = instance;
      }
    }
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = chosen[i] == null ? first : chosen[i];
    }
    return chosen;
  }

  private boolean probeBundle(Resource.Bundle bundle, Node node) {
    boolean any = false;
    for (Resource.Bundle.Replica replica : bundle.replicas) {
      if (replica.ip != null) {
        any |= probe(replica.ip, node);
      }
      if (replica.child != null && node == replica.node) {
        any |= probe(replica.child, node);
      }
      if (replica.container != null && probe(replica.container, node)) {
        any = true;
        if (bundle.perHost == 1) {
          orderContainerStarts(bundle, replica);
        }
      }
      if (replica.remote != null && probe(replica.remote, node)) {
        any = true;
        orderAfterContainer(replica, node);
      }
    }
    return any;
  }

  /// Where one container is probed on a node, no other may start there before: they could clash.
  private void orderContainerStarts(Resource.Bundle bundle, Resource.Bundle.Replica replica) {
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
  private void orderAfterContainer(Resource.Bundle.Replica replica, Node node) {
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

  private boolean probePrimitive(Resource.Primitive resource, Node node) {
    Resource top = resource.topInBundle();
    if (!possible(resource, node)
        || (resource.container != null && !resource.is(Resource.Flag.REMOTE_CONNECTION))
        || resource.is(Resource.Flag.REMOVED)
        || resource.knownOn.contains(node)
        || !discovered(resource, top, node)
        || (node.isGuest() && !guestStays(top, node))) {
      return false;
    }
    Action probe = makeProbe(resource, node);
    // The start of a clone is the whole clone's.
    Resource starts = top instanceof Resource.Clone ? top : resource;
    // Without a probe it may not start, but what runs already need not stop.
    boolean blocks = !probe.is(Action.Flag.RUNNABLE) && starts.runningOn.isEmpty();
    EnumSet<OrderFlag> flags = blocks ? BLOCKS : ORDERED;
    Orderings.add(cluster, resource, probe, null, starts, null, starts.key("start"), flags);
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
  private boolean guestStays(Resource top, Node node) {
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

  private Action makeProbe(Resource.Primitive resource, Node node) {
    Action probe = Actions.of(cluster, resource, "monitor", node, false);
    probe.set(Action.Flag.OPTIONAL, false);
    Unfencing.order(cluster, resource, node, probe, ORDERED);
    String expected = expected(resource, node);
    if (expected != null) {
      expect(resource, probe, expected);
    }
    return probe;
  }

  /// Most probes of a resource expect the same: they share what says so.
  private static void expect(Resource resource, Action probe, String exit) {
    boolean usual =
        exit.equals(STOPPED) && probe.meta.equals(resource.operationMeta.get(probe.key));
    if (!usual) {
      probe.put("op_target_rc", exit);
    } else if (resource.stoppedProbe == null) {
      probe.put("op_target_rc", exit);
      resource.stoppedProbe = Collections.unmodifiableSequencedMap(probe.meta);
      probe.share(resource.stoppedProbe);
    } else {
      probe.share(resource.stoppedProbe);
    }
  }

  private static final String STOPPED = "7";

  private static @Nullable String expected(Resource resource, Node node) {
    if (!resource.runningOn.contains(node)) {
      return STOPPED;
    }
    return resource.role == Role.PROMOTED ? "8" : null;
  }
}
