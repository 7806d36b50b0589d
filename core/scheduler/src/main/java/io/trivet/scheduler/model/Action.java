package io.trivet.scheduler.model;

import java.util.ArrayList;
import java.util.Collections;
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
    INPUTS_DEDUPLICATED;

    /// Within this process only: it is written nowhere.
    @SuppressWarnings("EnumOrdinal")
    private final int bit = 1 << ordinal();
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

  /// One bit for each [Flag].
  private int flags;

  /// Configured meta-attributes of the operation, after defaults and rules. For reading: it may be
  /// shared with other actions, so it is written to by [#put] only.
  public SequencedMap<String, String> meta = NO_META;

  private static final SequencedMap<String, String> NO_META =
      Collections.unmodifiableSequencedMap(new LinkedHashMap<>());

  private boolean ownMeta;

  public Needs needs = Needs.NOTHING;
  public OnFail onFail = OnFail.RECOVER;
  public Role failRole = Role.STARTED;
  public long intervalMillis;

  public int priority;

  /// How many runnable actions before it were seen, and how many are needed (MIN_RUNNABLE).
  public int runnableBefore;

  public int requiredRunnableBefore;

  // Most have one or none: with no capacity at first, the lists stay as small as they can be.
  public final List<Relation> before = new ArrayList<>(0);
  public final List<Relation> after = new ArrayList<>(0);

  public Action(int id, @Nullable Resource resource, @Nullable Node node, String task, String key) {
    this.id = id;
    this.resource = resource;
    this.node = node;
    this.task = task;
    this.key = key;
  }

  public boolean is(Flag flag) {
    return (flags & flag.bit) != 0;
  }

  /// All flags as a number, to see whether any changed.
  public int flags() {
    return flags;
  }

  public void set(Flag flag, boolean on) {
    if (on) {
      flags |= flag.bit;
    } else {
      flags &= ~flag.bit;
    }
  }

  /// Sets a meta-attribute.
  public void put(String name, String value) {
    if (!ownMeta) {
      meta = new LinkedHashMap<>(meta);
      ownMeta = true;
    }
    meta.put(name, value);
  }

  /// Takes these meta-attributes in place of its own, without a copy: they must not change.
  public void share(SequencedMap<String, String> known) {
    meta = known;
    ownMeta = false;
  }

  @Override
  public String toString() {
    return key + (node == null ? "" : " on " + node.name);
  }
}
