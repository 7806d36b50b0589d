package io.trivet.services.unit;

import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.AgentStep;
import io.trivet.services.agent.ResourceAgent;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Keeps one systemd unit at its target, and looks after its health.
///
/// | wanted | unit | health | does | reports |
/// |---|---|---|---|---|
/// | started | down | | starts it after a pause ([Backoff]) | FAILED if it ran or was tried, else STARTING |
/// | started | coming up | | waits | STARTING |
/// | started | down or coming up for [#PENDING_NANOS], by the same job | | waits | STARTING, and that systemd does not get on |
/// | started | up | not proven yet | asks every 0.5 s | STARTING for [#GRACE_NANOS] after it last used processor time, at most [#LONGEST_START_NANOS]; then FAILED |
/// | started | up | good | asks every 0.7 s | STARTED |
/// | started | up | good after 1.2 s and more | likewise | STARTED, answers slowly |
/// | started | up | three bad answers | asks every 0.5 s | FAILED |
/// | started | up | no answer, overdue ([Answers]) | waits for it, then asks again | FAILED: it hangs |
/// | started | up | hangs, and it is its turn ([Restarts]) | stops it, after 10 s kills it | FAILED |
/// | started | up | nobody listens, and the start is over | as if it hung | FAILED |
/// | stopped | up or coming up | | stops it | STOPPING |
/// | started, from before the daemon's start | down | | waits for a new target | STOPPED |
/// | stopped | down | | nothing | STOPPED |
/// | nothing yet | any | | watches | what it sees |
///
/// An answer with an error is reported but is no reason to restart: the cause is mostly elsewhere,
/// e.g. in the database, and a restart would only add to it. Nor is a slow answer. Whoever takes
/// this instance out of use while it hangs is the load balancer, at once.
public final class UnitAgent implements ResourceAgent<UnitAgent.State> {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;

  /// How long a service may take from systemd's `active` to its first answer while it seems to do
  /// nothing.
  public static final long GRACE_NANOS = 60 * SECOND;

  /// How long it may take at most, however much it does.
  public static final long LONGEST_START_NANOS = 600 * SECOND;

  static final long QUICK_PROBE_NANOS = 500 * MILLI;
  static final long CALM_PROBE_NANOS = 700 * MILLI;

  /// An order to systemd that had no effect for this long is given again.
  static final long ORDER_NANOS = 5 * SECOND;

  /// How long systemd may take to start a unit before people are told that it does.
  static final long PENDING_NANOS = 60 * SECOND;

  /// How long what hangs may take to stop.
  static final long KILL_NANOS = 10 * SECOND;

  /// Good for this long, it counts as never started anew.
  static final long FORGET_NANOS = 300 * SECOND;

  static final long NEVER = Long.MAX_VALUE;

  private final String resource;
  private final String unit;
  private final Health health;

  /// @param resource id of the resource
  /// @param unit full name of the unit, e.g. `memcached.service`
  /// @param health what proves that it is of use
  public UnitAgent(String resource, String unit, Health health) {
    this.resource = resource;
    this.unit = unit;
    this.health = health;
  }

  /// @param unit last known state of the unit
  /// @param target newest target, or null
  /// @param inheritedEpoch epoch of the target that was there before this agent
  /// @param dormant true while the unit is down and only an inherited target wants it up
  /// @param failures failures in a row
  /// @param actAtNanos when the next order to systemd may be given
  /// @param tellAtNanos when to say that systemd does not get on with its start, [#NEVER] if it is
  ///   not asked to or it was said
  /// @param pending true once that was said
  /// @param upSinceNanos since when the unit is up, or -1
  /// @param proven true if it was good since it is up
  /// @param goodSinceNanos since when it is good, or -1
  /// @param missed questions in a row that had a bad answer
  /// @param slow true if the last good answer came late
  /// @param answers whether it answers
  /// @param probeAtNanos when to ask next
  /// @param anew how often in a row it was started anew because it hung
  /// @param returning who else was started anew, see [Restarts]
  /// @param killAtNanos when to kill it if it has not stopped, [#NEVER] if it was not told to
  /// @param trouble what the last bad answer or run said
  /// @param last the report given last
  public record State(
      UnitState unit,
      @Nullable Target target,
      long inheritedEpoch,
      boolean dormant,
      int failures,
      long actAtNanos,
      long tellAtNanos,
      boolean pending,
      long upSinceNanos,
      boolean proven,
      long goodSinceNanos,
      int missed,
      boolean slow,
      Answers answers,
      long probeAtNanos,
      int anew,
      NavigableMap<String, Restarts.Returning> returning,
      long killAtNanos,
      String trouble,
      @Nullable Report last) {}

  @Override
  public String resource() {
    return resource;
  }

  @Override
  public List<String> units() {
    return List.of(unit);
  }

  @Override
  public AgentStep<State> initial(AgentContext context) {
    Target there = context.view().target(resource, context.node());
    long inherited = there == null ? 0 : there.epoch();
    long now = context.nowNanos();
    State fresh =
        new State(
            UnitState.UNKNOWN,
            null,
            inherited,
            false,
            0,
            now,
            NEVER,
            false,
            -1,
            false,
            -1,
            0,
            false,
            Answers.none(now),
            NEVER,
            0,
            new TreeMap<>(),
            NEVER,
            "",
            null);
    return AgentStep.quiet(fresh);
  }

  @Override
  public Object madeOf() {
    return List.of(unit, health);
  }

  /// What proved its health before is believed until the new check has answered.
  @Override
  public AgentStep<State> takeOver(State before, AgentContext context) {
    UnitTurn turn = new UnitTurn(resource, unit, health, before, context);
    turn.checkAnew();
    return turn.end();
  }

  @Override
  public long dueAtNanos(State state) {
    Target target = state.target;
    boolean stopping = target != null && target.wanted() == Wanted.STOPPED;
    boolean mustStop = stopping && (state.unit.up() || state.unit.comingUp());
    boolean mustStart = target != null && !stopping && state.unit.down() && !state.dormant;
    long act = mustStop || mustStart ? state.actAtNanos : NEVER;
    return Math.min(
        Math.min(act, state.tellAtNanos),
        Math.min(state.killAtNanos, UnitTurn.questionAtNanos(state)));
  }

  @Override
  public AgentStep<State> step(State state, AgentEvent event, AgentContext context) {
    UnitTurn turn = new UnitTurn(resource, unit, health, state, context);
    switch (event) {
      case AgentEvent.TargetSet e -> turn.targetSet(e.target());
      case AgentEvent.UnitChanged e when e.unit().equals(unit) -> turn.unitChanged(UnitState.of(e));
      case AgentEvent.ProbeDone e when e.tag().equals(UnitTurn.PROBE) ->
          turn.probed(e.ok(), e.detail());
      case AgentEvent.CpuUsed e when e.unit().equals(unit) -> turn.cpuUsed(e.nanos());
      case AgentEvent.Tick _,
          AgentEvent.UnitChanged _,
          AgentEvent.ToolDone _,
          AgentEvent.SqlDone _,
          AgentEvent.HaproxyDone _,
          AgentEvent.ProbeDone _,
          AgentEvent.CpuUsed _,
          AgentEvent.FileRead _,
          AgentEvent.FolderListed _,
          AgentEvent.WriteFailed _,
          AgentEvent.PeerGone _,
          AgentEvent.PeerBack _,
          AgentEvent.LeaseChanged _,
          AgentEvent.ViewChanged _ -> {}
    }
    return turn.end();
  }
}
