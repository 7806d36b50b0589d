package io.trivet.scheduler.model;

import io.trivet.scheduler.cib.Element;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// A node of the working set. Mutable while one plan is made.
public final class Node {
  /// What kind of node it is.
  public enum Kind {
    CLUSTER,
    /// Runs no cluster stack; reached by way of a connection resource.
    REMOTE,
    /// A remote node whose machine is itself a resource.
    GUEST
  }

  public final String id;
  public final String name;

  /// A remote node turns out to be a guest when its connection's container is known.
  public Kind kind;

  /// Its place in [Cluster#nodesByIndex]; [NodeScores] counts with it.
  public final int index;

  /// The node's own score, from its `score` attribute.
  public int score;

  /// How resources are probed on it by default; never on a bundle's nodes.
  public NodeScores.Probing probing = NodeScores.Probing.ALWAYS;

  public boolean online;
  public boolean standby;
  public boolean standbyOnFail;
  public boolean maintenance;
  public boolean pending;
  public boolean unclean;

  /// True if it was seen by the cluster, false where a node is only known by configuration.
  public boolean unseen = true;

  public boolean shutdown;
  public boolean expectedUp;
  public boolean isDc;
  public boolean resourceDiscoveryEnabled = true;
  public boolean rscDiscoveryRunPerNode;

  /// For remote nodes: its connection has to be reset.
  public boolean remoteRequiresReset;

  public boolean remoteWasFenced;
  public boolean remoteMaintenance;

  /// The connection resource of a remote or guest node.
  public @Nullable Resource remoteResource;

  public boolean unpacked;

  /// Number of resources assigned to it so far.
  public int assignedResources;

  /// Resources that run on it, in the order in which the history told so.
  public final List<Resource> running = new ArrayList<>();

  /// Resources assigned to it.
  public final SequencedSet<Resource> assigned = new LinkedHashSet<>();

  /// Node attributes, permanent ones first, then transient ones.
  public final SequencedMap<String, String> attributes = new LinkedHashMap<>();

  /// Utilization: capacity by name; changes while resources are assigned.
  public final SequencedMap<String, Integer> capacity = new LinkedHashMap<>();

  /// Why it is to be fenced, or null.
  public @Nullable String fenceReason;

  /// Sum of the priorities of what runs on it, for `priority-fencing-delay`.
  public int priority;

  /// Digest-of-parameters cache of the planning rooms, by resource id.
  public final SequencedMap<String, Object> digestCache = new LinkedHashMap<>();

  /// Its `node_state` in the status section, or null.
  public @Nullable Element state;

  public Node(String id, String name, Kind kind, int index) {
    this.id = id;
    this.name = name;
    this.kind = kind;
    this.index = index;
  }

  public boolean isRemoteOrGuest() {
    return kind != Kind.CLUSTER;
  }

  public boolean isGuest() {
    return kind == Kind.GUEST;
  }

  public boolean isRemote() {
    return kind == Kind.REMOTE;
  }

  @Override
  public String toString() {
    return name;
  }
}
