package io.trivet.scheduler.model;

import org.jspecify.annotations.Nullable;

/// The pseudo-actions around one task of a clone that tells its instances what is done: before it
/// (`pre`, until all have confirmed) and after it (`post`).
public final class Notification {
  /// The task that is told of.
  public final String task;

  public @Nullable Action pre;
  public @Nullable Action preDone;
  public @Nullable Action post;
  public @Nullable Action postDone;

  public Notification(String task) {
    this.task = task;
  }
}
