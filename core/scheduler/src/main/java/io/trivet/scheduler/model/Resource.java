package io.trivet.scheduler.model;

import io.trivet.scheduler.cib.Element;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// A resource of the working set. Mutable while one plan is made; rooms switch over the kinds.
public abstract sealed class Resource
    permits Resource.Primitive, Resource.Group, Resource.Clone, Resource.Bundle {

  /// Yes-or-no facts about a resource.
  public enum Flag {
    /// In the history, no longer in the configuration ("orphan").
    REMOVED,
    /// Like REMOVED, and what fills a container.
    REMOVED_FILLER,
    MANAGED,
    /// A failure or a constraint holds it where it is.
    BLOCKED,
    MAINTENANCE,
    GLOBALLY_UNIQUE,
    ANONYMOUS_INSTANCE,
    NOTIFY,
    FAILED,
    STOP_IF_FAILED_ASSIGN,
    STOPPING_UNEXPECTED,
    STOP_UNEXPECTED,
    START_PENDING,
    MIGRATABLE,
    NEEDS_QUORUM,
    NEEDS_FENCING,
    NEEDS_UNFENCING,
    FENCE_DEVICE,
    CRITICAL,
    UNASSIGNED,
    ASSIGNING,
    UPDATING_NODES,
    RELOAD,
    RESTARTING,
    EXCLUSIVE_DISCOVERY,
    REPLICA_CONTAINER,
    REMOTE_CONNECTION,
    DETECT_LOOP,
    REMOTE_NESTING_ALLOWED,
    LRM_IGNORE_FAILURE,
    PROBING_ONLY,
    VISITED,
    ON_FAIL_BAN;

    /// Within this process only: it is written nowhere.
    @SuppressWarnings("EnumOrdinal")
    private final long bit = 1L << ordinal();
  }

  /// `multiple-active`.
  public enum MultipleActive {
    STOP_START,
    STOP_ONLY,
    BLOCK,
    STOP_UNEXPECTED
  }

  /// Unique: for an instance of a clone, the configured id and `:number`.
  public final String id;

  /// The id in the history: for an instance of an anonymous clone, without the number.
  public String historyId;

  /// The id by which the history told of it where that is not [#id]; null where it did not.
  public @Nullable String historyName;

  /// Its configuration, template merged in.
  public final Element xml;

  /// Its configuration before the template was merged in.
  public Element originalXml;

  /// Its `operations`, template merged in, or null.
  public @Nullable Element operations;

  public @Nullable Resource parent;

  /// Its place among all resources, in the order of the configuration.
  public int order;

  /// One bit for each [Flag].
  private long flags;

  /// Meta-attributes after defaults, parents and rules.
  public final SequencedMap<String, String> meta = new LinkedHashMap<>();

  /// Utilization after rules.
  public final SequencedMap<String, Integer> utilization = new LinkedHashMap<>();

  public int priority;
  public int effectivePriority;
  public int stickiness;
  public int migrationThreshold = Scores.INFINITY;
  public long failureTimeoutMillis;
  public long remoteReconnectMillis;
  public MultipleActive multipleActive = MultipleActive.STOP_START;

  public Role role = Role.UNKNOWN;
  public Role nextRole = Role.UNKNOWN;
  public @Nullable String nextRoleReason;

  public final List<Node> runningOn = new ArrayList<>();
  public final SequencedSet<Node> knownOn = new LinkedHashSet<>();
  public NodeScores allowed = new NodeScores();
  public @Nullable Node assignedTo;
  public boolean assignedDone;

  /// Score of the node that it is assigned to, as it stood when it was assigned.
  public int assignedScore;

  /// For an instance of a promotable clone: how much it wants to be promoted where it is assigned.
  public int promotionPriority;

  /// [#promotionPriority] with all that others wish; instances are promoted in its order.
  public int promotionOrder;

  public @Nullable Node partialMigrationSource;
  public @Nullable Node partialMigrationTarget;

  /// Nodes that a migration which was not finished left it on.
  public final List<Node> danglingMigrations = new ArrayList<>();

  /// Operation that is being executed, such as `start`, or null.
  public @Nullable String pendingTask;

  public @Nullable Node pendingNode;
  public @Nullable Node lockNode;
  public long lockTime;

  /// Colocations in which it is the dependent, unpacked ones only, best first.
  public final List<Colocation> thisWith = new ArrayList<>();

  /// Colocations in which it is the primary.
  public final List<Colocation> withThis = new ArrayList<>();

  public final List<LocationRule> locations = new ArrayList<>();
  public final List<TicketConstraint> tickets = new ArrayList<>();

  /// Its actions, in order of creation; only ever added to.
  public final List<Action> actions = new ArrayList<>();

  private final SequencedMap<String, List<Action>> actionsByTask = new LinkedHashMap<>();
  private final SequencedMap<String, KeyedActions> actionsByKey = new LinkedHashMap<>();
  private int indexedActions;
  private String lastTask = "";
  private String lastKey = "";
  private List<Action> lastOfTask = List.of();
  private KeyedActions lastOfKey = new KeyedActions();
  private final SequencedMap<String, String> keys = new LinkedHashMap<>();

  /// The container of what fills it (guest nodes, bundles), or null.
  public @Nullable Resource container;

  public final List<Resource> fillers = new ArrayList<>();

  /// For a connection resource: the name of the node that it connects to.
  public @Nullable String remoteNodeName;

  public @Nullable String promotionScoreNode;

  /// Meta-attributes of its operations by action key, where they are the same on every node.
  public final SequencedMap<String, SequencedMap<String, String>> operationMeta =
      new LinkedHashMap<>();

  /// Meta-attributes of a probe that expects it to be stopped, once there is one.
  public @Nullable SequencedMap<String, String> stoppedProbe;

  /// Instance attributes as evaluated so far, by node name; the empty name is for no node.
  public final SequencedMap<String, SequencedMap<String, String>> parameters =
      new LinkedHashMap<>();

  protected Resource(String id, Element xml) {
    this.id = id;
    this.historyId = id;
    this.xml = xml;
    this.originalXml = xml;
  }

  public boolean is(Flag flag) {
    return (flags & flag.bit) != 0;
  }

  public void set(Flag flag, boolean on) {
    if (on) {
      flags |= flag.bit;
    } else {
      flags &= ~flag.bit;
    }
  }

  /// Its actions of that task, in order of creation.
  public List<Action> actionsOfTask(String task) {
    indexActions();
    return actionsByTask.getOrDefault(task, List.of());
  }

  /// Its actions of that key, in order of creation.
  public List<Action> actionsOfKey(String key) {
    indexActions();
    KeyedActions found = actionsByKey.get(key);
    return found == null ? List.of() : found.all();
  }

  /// Its oldest action of that key on that node, or null; for no node, its oldest one. What has no
  /// node yet is put there.
  public @Nullable Action actionOn(String key, @Nullable Node node) {
    indexActions();
    KeyedActions found = actionsByKey.get(key);
    return found == null ? null : found.on(node);
  }

  /// The key of a task of it that does not recur: `ID_TASK_0`.
  public String key(String task) {
    String key = keys.get(task);
    if (key == null) {
      key = id + "_" + task + "_0";
      keys.put(task, key);
    }
    return key;
  }

  /// True if the key is that of a task of its own; false where that cannot be seen at once.
  public boolean isKey(String key) {
    int start = id.length() + 1;
    return key.startsWith(id)
        && key.length() > start
        && key.charAt(start - 1) == '_'
        && key.indexOf('_', start) == key.lastIndexOf('_');
  }

  private void indexActions() {
    for (; indexedActions < actions.size(); indexedActions++) {
      Action action = actions.get(indexedActions);
      // Most often they are the same as those of the one before: another probe.
      if (indexedActions == 0 || !action.task.equals(lastTask)) {
        lastTask = action.task;
        lastOfTask = actionsByTask.computeIfAbsent(action.task, t -> new ArrayList<>(1));
      }
      lastOfTask.add(action);
      if (indexedActions == 0 || !action.key.equals(lastKey)) {
        lastKey = action.key;
        lastOfKey = actionsByKey.computeIfAbsent(action.key, k -> new KeyedActions());
      }
      lastOfKey.add(action);
    }
  }

  /// Its children: members, instances, or a bundle's resources; empty for a primitive.
  public abstract List<Resource> children();

  /// The outermost resource that contains it, not counting a bundle: of what a bundle replicates,
  /// it is the clone of it.
  public Resource topInBundle() {
    Resource top = this;
    while (top.parent != null && !(top.parent instanceof Bundle)) {
      top = top.parent;
    }
    return top;
  }

  /// True for all that a bundle consists of, and for the bundle.
  public boolean bundled() {
    return top() instanceof Bundle;
  }

  /// True for a promotable clone and all in it.
  public boolean promotable() {
    return topInBundle() instanceof Clone clone && clone.promotable;
  }

  /// The outermost resource that contains it.
  public Resource top() {
    Resource top = this;
    while (top.parent != null) {
      top = top.parent;
    }
    return top;
  }

  /// It and all below it.
  public List<Resource> flattened() {
    List<Resource> all = new ArrayList<>();
    flatten(this, all);
    return all;
  }

  private static void flatten(Resource resource, List<Resource> into) {
    into.add(resource);
    resource.children().forEach(c -> flatten(c, into));
  }

  public @Nullable String meta(String name) {
    return meta.get(name);
  }

  @Override
  public String toString() {
    return id;
  }

  /// One thing that an agent runs.
  public static final class Primitive extends Resource {
    public final String standard;
    public final @Nullable String provider;
    public final String type;

    /// Promotion score as last read for it; only for an instance of a promotable clone.
    public int promotionScore;

    public Primitive(
        String id, Element xml, String standard, @Nullable String provider, String type) {
      super(id, xml);
      this.standard = standard;
      this.provider = provider;
      this.type = type;
    }

    @Override
    public List<Resource> children() {
      return List.of();
    }

    /// `ocf:heartbeat:IPaddr2`, `stonith:fence_xvm`.
    public String agent() {
      return provider == null ? standard + ":" + type : standard + ":" + provider + ":" + type;
    }
  }

  /// Primitives that are placed together and started in order.
  public static final class Group extends Resource {
    public final List<Resource> members = new ArrayList<>();
    public boolean ordered = true;
    public boolean colocated = true;

    public Group(String id, Element xml) {
      super(id, xml);
    }

    @Override
    public List<Resource> children() {
      return members;
    }
  }

  /// What runs on several nodes.
  public static final class Clone extends Resource {
    public final List<Resource> instances = new ArrayList<>();
    public int max;
    public int nodeMax = 1;
    public int min;
    public int promotedMax;
    public int promotedNodeMax;
    public int promotedCount;
    public boolean promotable;
    public boolean ordered;
    public boolean interleave;

    /// What is cloned, as configured.
    public @Nullable Element childXml;

    /// Next free number of an instance.
    public int total;

    /// What its instances are told: of starts, stops, and, where promotable, promotions, demotions.
    public final List<Notification> notifications = new ArrayList<>();

    /// True once colocations with it were merged into its instances' promotion.
    public boolean addedPromotedConstraints;

    public Clone(String id, Element xml) {
      super(id, xml);
    }

    @Override
    public List<Resource> children() {
      return instances;
    }
  }

  /// Containers, and what runs in them.
  public static final class Bundle extends Resource {
    /// One container of a bundle with what belongs to it.
    public static final class Replica {
      public final int offset;
      public @Nullable String address;
      public @Nullable Resource child;
      public @Nullable Primitive container;
      public @Nullable Primitive remote;
      public @Nullable Primitive ip;

      /// The guest node that the replica is, or null.
      public @Nullable Node node;

      public Replica(int offset) {
        this.offset = offset;
      }
    }

    /// docker, podman or rkt.
    public String technology = "docker";

    public String image = "";
    public int replicasWanted = 1;
    public int perHost = 1;
    public int promotedMax;
    public final List<Replica> replicas = new ArrayList<>();

    /// The clone of what runs in the containers, or null.
    public @Nullable Clone clone;

    public Bundle(String id, Element xml) {
      super(id, xml);
    }

    /// The resources of its replicas (container, address, connection) and the clone within.
    @Override
    public List<Resource> children() {
      List<Resource> all = new ArrayList<>();
      if (clone != null) {
        all.add(clone);
      }
      for (Replica r : replicas) {
        for (Resource x : new Resource[] {r.ip, r.container, r.remote}) {
          if (x != null) {
            all.add(x);
          }
        }
      }
      return all;
    }
  }
}
