package io.trivet.scheduler.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Something that may be done in a transition. Mutable while one plan is made.
public final class Action {
  /// Yes-or-no facts about an action.
  public enum Flag {
    /// Nothing is executed for it; it only orders others.
    PSEUDO,
    RUNNABLE,
    /// Need not be done.
    OPTIONAL,
    /// In the graph even when it is optional.
    ALWAYS_IN_GRAPH,
    /// Its inputs are not needed.
    ATTRS_KNOWN,
    MIGRATABLE,
    MIGRATION_ABORT,
    /// Pseudo counterpart is enough where a minimum of the actions before it ran.
    MIN_RUNNABLE,
    RESCHEDULE,
    TRACKED,
    DEDUPLICATED,
    ON_DC,
    ADDED_TO_GRAPH,
    DETECT_LOOP,
    /// Its output is part of the plan's summary already.
    REPORTED,
    INPUTS_DEDUPLICATED
  }

  /// `requires`.
  public enum Needs {
    NOTHING,
    QUORUM,
    FENCING
  }

  /// `on-fail`.
  public enum OnFail {
    IGNORE,
    RECOVER,
    RESTART_CONTAINER,
    BAN,
    DEMOTE,
    BLOCK,
    STOP,
    STANDBY,
    FENCE,
    RESET_REMOTE
  }

  /// An ordering with another action, as seen from this one.
  public static final class Relation {
    public final Action action;

    /// May be shared between relations: replaced where they change, never changed in place.
    public EnumSet<OrderFlag> flags;

    /// True once it is in the graph.
    public boolean inGraph;

    public Relation(Action action, EnumSet<OrderFlag> flags) {
      this.action = action;
      this.flags = flags;
    }
  }

  public final int id;
  public final @Nullable Resource resource;

  /// Where it is executed, or null.
  public @Nullable Node node;

  /// What is done; changes only where a monitor turns out to be one to cancel.
  public String task;

  /// `resource_task_interval`.
  public final String key;

  /// For a cancellation, the task that is cancelled.
  public @Nullable String cancelTask;

  public @Nullable String reason;
  public final EnumSet<Flag> flags = EnumSet.noneOf(Flag.class);

  /// Configured meta-attributes of the operation, after defaults and rules.
  public final SequencedMap<String, String> meta = new LinkedHashMap<>();

  /// Further parameters of the operation.
  public final SequencedMap<String, String> extra = new LinkedHashMap<>();

  public Needs needs = Needs.NOTHING;
  public OnFail onFail = OnFail.RECOVER;
  public Role failRole = Role.STARTED;
  public long intervalMillis;

  public int priority;

  /// How many runnable actions before it were seen, and how many are needed (MIN_RUNNABLE).
  public int runnableBefore;

  public int requiredRunnableBefore;

  public final List<Relation> before = new ArrayList<>();
  public final List<Relation> after = new ArrayList<>();

  public Action(int id, @Nullable Resource resource, @Nullable Node node, String task, String key) {
    this.id = id;
    this.resource = resource;
    this.node = node;
    this.task = task;
    this.key = key;
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

  @Override
  public String toString() {
    return key + (node == null ? "" : " on " + node.name);
  }
}
