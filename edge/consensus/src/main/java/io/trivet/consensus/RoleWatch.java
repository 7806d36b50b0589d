package io.trivet.consensus;

import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.jspecify.annotations.Nullable;

/// Tells the listener when role, term or leader differ from what it was told last.
///
/// Ratis says at once when a leader is found, ready or gone, but is silent when a follower becomes
/// a candidate or loses its leader; so one thread looks again, at Ratis' word and every half
/// election timeout.
final class RoleWatch implements OpaqueStateMachine.Watch, AutoCloseable {
  private record Seen(Role role, long term, @Nullable String leader) {}

  private final Listener listener;
  private final Consumer<Throwable> stopped;
  private final int periodMillis;
  private final ScheduledThreadPoolExecutor thread;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile @Nullable DivisionInfo info;

  // Only the watch thread touches these.
  private Seen told = new Seen(Role.FOLLOWER, 0, null);
  private boolean failureTold;
  private @Nullable StorageTrouble troubleTold;

  /// @param stopped takes the reason when the log cannot go on as it is
  RoleWatch(String self, Listener listener, int electionMinMillis, Consumer<Throwable> stopped) {
    this.listener = listener;
    this.stopped = stopped;
    this.periodMillis = Math.max(100, electionMinMillis / 2);
    this.thread =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name(self + "-log-watch").unstarted(task));
    var _ = thread.scheduleWithFixedDelay(this::look, 0, periodMillis, TimeUnit.MILLISECONDS);
  }

  /// Watches this one from now on; null: there is none, which is a follower without a leader.
  void watch(@Nullable DivisionInfo division) {
    info = division;
    changed();
  }

  /// Tells what is wrong with the storage; null: nothing is.
  void tell(@Nullable StorageTrouble trouble) {
    onThread(
        () -> {
          if (!Objects.equals(trouble, troubleTold)) {
            troubleTold = trouble;
            listener.storage(trouble);
          }
        });
  }

  @Override
  public void changed() {
    onThread(this::look);
  }

  @Override
  public void failed(Throwable cause) {
    failure.compareAndSet(null, cause);
    changed();
  }

  @Override
  public void storageFailed(Throwable cause) {
    stopped.accept(cause);
  }

  private void onThread(Runnable task) {
    try {
      thread.execute(task);
    } catch (RejectedExecutionException e) {
      // Closed: there is nobody left to tell.
    }
  }

  private void look() {
    DivisionInfo division = info;
    Seen now =
        division == null
            ? new Seen(Role.FOLLOWER, told.term, null)
            : new Seen(role(division), division.getCurrentTerm(), leader(division));
    Seen before = told;
    told = now;
    if (now.role != before.role || (now.term != before.term && now.role != Role.FOLLOWER)) {
      listener.roleChanged(now.role, now.term);
    }
    if (!Objects.equals(now.leader, before.leader)
        || (now.leader != null && now.term != before.term)) {
      listener.leaderChanged(now.leader, now.term);
    }
    Throwable cause = failure.get();
    if (cause != null && !failureTold) {
      failureTold = true;
      listener.failed(cause);
    }
    if (cause == null && division != null && !division.isAlive()) {
      stopped.accept(new IllegalStateException("it stopped by itself; its log lines say why"));
    }
  }

  static Role role(DivisionInfo division) {
    return switch (division.getCurrentRole()) {
      case LEADER -> division.isLeaderReady() ? Role.LEADER : Role.LEADER_ELECT;
      case CANDIDATE -> Role.CANDIDATE;
      case FOLLOWER, LISTENER, UNRECOGNIZED -> Role.FOLLOWER;
    };
  }

  static @Nullable String leader(DivisionInfo division) {
    RaftPeerId leader = division.getLeaderId();
    return leader == null ? null : leader.toString();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
