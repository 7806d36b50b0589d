package io.trivet.services.controller;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Proposal;
import io.trivet.scheduler.LeadershipAdvice;
import io.trivet.scheduler.Transition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a member does only while it leads: writes down who is gone and who is back, plans, and
/// advises where the leadership should be. It keeps no memory that the next leader would lack:
/// everything follows from the replicated state and from who is heard.
final class LeaderDuties {
  /// How often a plan is made when nothing happened: some decisions wait for time to pass.
  static final long PLAN_EVERY_NANOS = 1_000_000_000L;

  /// A leader that just came stays for this long before it moves the leadership elsewhere:
  /// elections must not chase VIPs.
  static final long SETTLED_NANOS = 3_000_000_000L;

  private final String self;
  private final Command.SetClusterFile seed;
  private final Presences presences;
  private final LocalTimes times;
  private final Outbox decisions;
  private final Outbox presenceChanges;
  private boolean leads;
  private boolean dirty;
  private long leadsSinceNanos;
  private long planDueNanos = Long.MAX_VALUE;
  private long adviceDueNanos = Long.MAX_VALUE;
  private boolean hears = true;
  private long handOverDueNanos;
  private int handOvers;

  /// @param seed the cluster file that a leader puts into a log without one
  /// @param times since when things are as they are, on this controller's clock
  LeaderDuties(
      String self,
      Command.SetClusterFile seed,
      Presences presences,
      LocalTimes times,
      Outbox.Tokens tokens) {
    this.self = self;
    this.seed = seed;
    this.presences = presences;
    this.times = times;
    this.decisions = new Outbox(tokens);
    this.presenceChanges = new Outbox(tokens);
  }

  boolean leads() {
    return leads;
  }

  void leadershipChanged(boolean nowLeads, long nowNanos) {
    leads = nowLeads;
    decisions.reset();
    presenceChanges.reset();
    leadsSinceNanos = nowNanos;
    dirty = nowLeads;
    planDueNanos = nowLeads ? nowNanos : Long.MAX_VALUE;
    adviceDueNanos = nowLeads ? nowNanos + SETTLED_NANOS : Long.MAX_VALUE;
  }

  /// Whether this controller's leases are there. A leader without them cannot tell who is gone.
  void hears(boolean nowHears, long nowNanos) {
    hears = nowHears;
    handOverDueNanos = nowNanos;
  }

  /// Something that a plan depends on has changed.
  void stateChanged() {
    dirty = true;
  }

  void submitEnded(long token, @Nullable String failure, long nowNanos) {
    boolean failed = failure != null;
    boolean mine =
        decisions.ended(token, failed, nowNanos) || presenceChanges.ended(token, failed, nowNanos);
    dirty |= mine;
  }

  /// Does what is due. Called after every event.
  ///
  /// @param begun whether the log says that this run of the daemon began; before, what it says of
  ///   this controller is from an earlier run, and no plan is made
  void run(
      ClusterState state,
      @Nullable ServiceSet services,
      boolean begun,
      long nowNanos,
      long atMillis,
      List<ControllerEffect> out) {
    if (!leads) {
      return;
    }
    if (!hears && handOverDueNanos <= nowNanos) {
      handOverDueNanos = nowNanos + SETTLED_NANOS;
      handOver(state, out);
    }
    if (state.clusterFile() == null) {
      if (decisions.free(nowNanos)) {
        decisions.submit(by(), state.index(), seed, nowNanos, atMillis, out);
      }
      return;
    }
    if (presenceChanges.free(nowNanos)) {
      List<Command> changes = presences.changes(state, nowNanos);
      if (!changes.isEmpty()) {
        presenceChanges.submit(
            by(), Proposal.ANY_STATE, new Command.Batch(changes), nowNanos, atMillis, out);
      }
    }
    if (services != null
        && begun
        && (dirty || planDueNanos <= nowNanos)
        && decisions.free(nowNanos)) {
      dirty = false;
      planDueNanos = nowNanos + PLAN_EVERY_NANOS;
      ClusterState now = times.in(state, nowNanos, atMillis);
      Transition plan = Plans.of(services, now, self, true, atMillis, presences.incarnations());
      if (!plan.isEmpty()) {
        decisions.submit(by(), state.index(), plan.command(), nowNanos, atMillis, out);
      }
    }
    if (services != null && adviceDueNanos <= nowNanos) {
      adviceDueNanos = nowNanos + SETTLED_NANOS;
      ClusterState now = times.in(state, nowNanos, atMillis);
      LeadershipAdvice advice =
          LeadershipAdvice.of(now, Plans.view(now, self, true, atMillis, presences.incarnations()));
      if (advice != null && nowNanos - leadsSinceNanos >= SETTLED_NANOS) {
        out.add(new ControllerEffect.MoveLeadership(advice.to(), advice.reason()));
      }
    }
  }

  long dueAtNanos(ClusterState state, boolean hasServices, boolean begun, long nowNanos) {
    if (!leads) {
      return Long.MAX_VALUE;
    }
    long handOver = hears ? Long.MAX_VALUE : handOverDueNanos;
    if (!hasServices) {
      return Math.min(handOver, decisions.dueAtNanos());
    }
    long plan = !begun ? Long.MAX_VALUE : dirty ? nowNanos : planDueNanos;
    long presence =
        presences.changes(state, nowNanos).isEmpty() ? presences.dueAtNanos(state) : nowNanos;
    return Math.min(
        Math.min(handOver, adviceDueNanos),
        Math.min(
            Math.max(plan, decisions.dueAtNanos()),
            Math.max(presence, presenceChanges.dueAtNanos())));
  }

  /// To each of the others in turn: which of them is there cannot be known here.
  private void handOver(ClusterState state, List<ControllerEffect> out) {
    List<String> others =
        state.roster().nodes().stream()
            .filter(node -> !node.equals(self) && state.node(node).present())
            .toList();
    if (!others.isEmpty()) {
      String to = others.get(handOvers++ % others.size());
      out.add(
          new ControllerEffect.MoveLeadership(
              to, "the lease process of " + self + " is away, so nobody here hears the others"));
    }
  }

  private String by() {
    return Proposal.leader(self);
  }
}
