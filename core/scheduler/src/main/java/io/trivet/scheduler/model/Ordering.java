package io.trivet.scheduler.model;

import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/// Two actions in order, before the actions are looked up: either side is an action, or a task of a
/// resource.
public final class Ordering {
  public int id;
  public final @Nullable Resource firstResource;
  public @Nullable Action first;
  public final @Nullable String firstTask;
  public final @Nullable Resource thenResource;
  public @Nullable Action then;
  public final @Nullable String thenTask;
  public final EnumSet<OrderFlag> flags;

  /// Tasks are action keys such as `rsc1_start_0`.
  public Ordering(
      @Nullable Resource firstResource,
      @Nullable Action first,
      @Nullable String firstTask,
      @Nullable Resource thenResource,
      @Nullable Action then,
      @Nullable String thenTask,
      EnumSet<OrderFlag> flags) {
    this.firstResource = firstResource;
    this.first = first;
    this.firstTask = firstTask;
    this.thenResource = thenResource;
    this.then = then;
    this.thenTask = thenTask;
    this.flags = flags;
  }
}
