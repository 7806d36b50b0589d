package io.trivet.scheduler.model;

import io.trivet.scheduler.cib.Element;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// The working set of one plan: configuration and status, unpacked. Mutable while the plan is made;
/// it never leaves the scheduler.
public final class Cluster {
  /// Cluster options and facts that are yes or no.
  public enum Flag {
    HAVE_QUORUM,
    SYMMETRIC,
    MAINTENANCE_MODE,
    FENCING_ENABLED,
    HAVE_FENCING_RESOURCE,
    ENABLE_UNFENCING,
    CONCURRENT_FENCING,
    STOP_REMOVED_RESOURCES,
    CANCEL_REMOVED_ACTIONS,
    STOP_ALL,
    START_FAILURE_FATAL,
    REMOVE_AFTER_STOP,
    STARTUP_FENCING,
    SHUTDOWN_LOCK,
    PROBE_RESOURCES,
    HAVE_STATUS,
    HAVE_REMOTE_NODES,
    HAVE_WATCHDOG
  }

  /// `no-quorum-policy`.
  public enum NoQuorum {
    FREEZE,
    STOP,
    IGNORE,
    DEMOTE,
    FENCE
  }

  public final Element cib;

  /// Seconds since 1970: the time that counts as now.
  public final long now;

  public final EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);

  /// Cluster options as configured (rules evaluated), under their new names.
  public final SequencedMap<String, String> options = new LinkedHashMap<>();

  public NoQuorum noQuorum = NoQuorum.STOP;
  public String placementStrategy = "default";
  public String fencingAction = "reboot";
  public long fencingTimeoutMillis = 60_000;
  public long priorityFencingDelayMillis;
  public long shutdownLockMillis;
  public long nodePendingTimeoutMillis;

  /// Nodes in the order of their names, numbers in names compared as numbers.
  public final List<Node> nodes = new ArrayList<>();

  /// Nodes in the order of [Node#index].
  public final List<Node> nodesByIndex = new ArrayList<>();

  /// Top-level resources; first in the order of the configuration, later in that of assignment.
  public final List<Resource> resources = new ArrayList<>();

  /// Every resource at every level by id (instances with their number).
  public final SequencedMap<String, Resource> resourcesById = new LinkedHashMap<>();

  public final SequencedMap<String, Element> templates = new LinkedHashMap<>();

  /// Template id → ids of the resources made from it; tag id → referenced ids.
  public final SequencedMap<String, SequencedSet<String>> templateUsers = new LinkedHashMap<>();

  public final SequencedMap<String, SequencedSet<String>> tags = new LinkedHashMap<>();
  public final SequencedMap<String, Ticket> tickets = new LinkedHashMap<>();
  public final List<LocationRule> locations = new ArrayList<>();
  public final List<Colocation> colocations = new ArrayList<>();
  public final List<Ordering> orderings = new ArrayList<>();
  public final List<Ordering> ticketOrderings = new ArrayList<>();

  public final List<Action> actions = new ArrayList<>();

  /// Actions of which there is one a cluster, by key.
  public final SequencedMap<String, Action> singletons = new LinkedHashMap<>();

  public int nextActionId = 1;
  public int nextOrderId = 1;
  public @Nullable Node dc;
  public int disabledResources;
  public int blockedResources;
  public int ninstances;

  public final List<Failure> failures = new ArrayList<>();

  /// The node's index and the key of each of them.
  public final SequencedSet<String> failureKeys = new LinkedHashSet<>();

  /// Resources to be stopped because of their container's failure, and the like.
  public final List<Resource> stopNeeded = new ArrayList<>();

  /// Scores as they stood at each step, told to people who ask for them; null where nobody asks.
  public @Nullable List<String> scoreLog;

  /// Why scores are as they are; null where nobody asks.
  public @Nullable Reasons reasons;

  /// What was odd in the input, for the log; never for decisions.
  public final SequencedSet<String> warnings = new LinkedHashSet<>();

  /// Recurring operations of the history whose failure expired: they are scheduled anew, as if
  /// their parameters had changed.
  public final SequencedSet<Element> rescheduled = new LinkedHashSet<>();

  /// Comparisons of the history with the configuration that wait until resources are assigned.
  public final List<ParameterCheck> parameterChecks = new ArrayList<>();

  /// @param lastFailure true if the failure of the operation is what may be forgotten
  public record ParameterCheck(
      Resource.Primitive resource, Node node, Element operation, boolean lastFailure) {}

  private final SequencedMap<String, Node> nodesById = new LinkedHashMap<>();
  private final SequencedMap<String, Node> nodesByName = new LinkedHashMap<>();

  public Cluster(Element cib, long now) {
    this.cib = cib;
    this.now = now;
  }

  public boolean is(Flag flag) {
    return flags.contains(flag);
  }

  public void set(Flag flag, boolean on) {
    if (on) {
      flags.add(flag);
    } else {
      flags.remove(flag);
    }
  }

  /// The section `configuration/NAME` of the CIB, or null.
  public @Nullable Element configuration(String name) {
    Element configuration = cib.child("configuration");
    return configuration == null ? null : configuration.child(name);
  }

  /// Makes a node and puts it where it belongs in [#nodes].
  public Node addNode(String id, String name, Node.Kind kind) {
    Node node = new Node(id, name, kind, nodesByIndex.size());
    nodesByIndex.add(node);
    nodesById.put(id, node);
    nodesByName.put(name, node);
    int at = 0;
    while (at < nodes.size() && Names.compare(nodes.get(at).name, name) <= 0) {
      at++;
    }
    nodes.add(at, node);
    return node;
  }

  public @Nullable Node nodeById(String id) {
    return nodesById.get(id);
  }

  public @Nullable Node node(@Nullable String name) {
    return name == null ? null : nodesByName.get(name);
  }

  public @Nullable Resource resource(@Nullable String id) {
    return id == null ? null : resourcesById.get(id);
  }

  /// Registers the resource under its id.
  public void register(Resource resource) {
    resource.order = resourcesById.size();
    resourcesById.put(resource.id, resource);
  }
}
