package io.trivet.services.unit;

import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.AgentStep;
import io.trivet.services.agent.ResourceAgent;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Keeps one systemd unit at its target, and looks after its health.
///
/// | wanted | unit | health | does | reports |
/// |---|---|---|---|---|
/// | started | down | | starts it after a pause ([Backoff]) | FAILED if it ran or was tried, else STARTING |
/// | started | coming up | | waits | STARTING |
/// | started | up | not proven yet | probes every 0.5 s | STARTING, after [#GRACE_NANOS] FAILED |
/// | started | up | good | probes every 5 s | STARTED |
/// | started | up | three probes failed | probes every 0.5 s; no answer for 30 s: restarts it | FAILED |
/// | stopped | up or coming up | | stops it | STOPPING |
/// | started, from before the daemon's start | down | | waits for a new target | STOPPED |
/// | stopped | down | | nothing | STOPPED |
/// | nothing yet | any | | watches | what it sees |
///
/// An HTTP error is reported but is no reason to restart: the cause is mostly elsewhere, e.g. in
/// the database, and a restart would only add to it.
public final class UnitAgent implements ResourceAgent<UnitAgent.State> {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;

  /// How long a service may take from systemd's `active` to its first answer.
  public static final long GRACE_NANOS = 60 * SECOND;

  static final long QUICK_PROBE_NANOS = 500 * MILLI;
  static final long CALM_PROBE_NANOS = 5 * SECOND;
  static final long PROBE_TIMEOUT_NANOS = 3 * SECOND;
  static final long HUNG_NANOS = 30 * SECOND;

  /// An order to systemd that had no effect for this long is given again.
  static final long ORDER_NANOS = 5 * SECOND;

  private static final int FAILED_PROBES = 3;
  private static final long NEVER = Long.MAX_VALUE;
  private static final String PROBE = "health";

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
  /// @param upSinceNanos since when the unit is up, or -1
  /// @param goodSinceNanos since when its health is proven, or -1
  /// @param silentSinceNanos since when there was no answer at all, or -1
  /// @param missed probes in a row that failed
  /// @param probeAtNanos when to probe next, [Long#MAX_VALUE] while one is on its way
  /// @param trouble what the last failed probe or run said
  /// @param last the report given last
  public record State(
      UnitState unit,
      @Nullable Target target,
      long inheritedEpoch,
      boolean dormant,
      int failures,
      long actAtNanos,
      long upSinceNanos,
      long goodSinceNanos,
      long silentSinceNanos,
      int missed,
      long probeAtNanos,
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
            UnitState.UNKNOWN, null, inherited, false, 0, now, -1, -1, -1, 0, NEVER, "", null);
    return AgentStep.quiet(fresh);
  }

  @Override
  public Object madeOf() {
    return List.of(unit, health);
  }

  /// What proved its health before is believed until the new check has answered.
  @Override
  public AgentStep<State> takeOver(State before, AgentContext context) {
    Turn turn = new Turn(before, context);
    turn.checkAnew();
    return turn.end();
  }

  @Override
  public long dueAtNanos(State state) {
    Target target = state.target;
    boolean stopping = target != null && target.wanted() == Wanted.STOPPED;
    boolean mustStop = stopping && (state.unit.up() || state.unit.comingUp());
    boolean mustStart = target != null && !stopping && state.unit.down() && !state.dormant;
    return Math.min(mustStop || mustStart ? state.actAtNanos : NEVER, state.probeAtNanos);
  }

  @Override
  public AgentStep<State> step(State state, AgentEvent event, AgentContext context) {
    Turn turn = new Turn(state, context);
    switch (event) {
      case AgentEvent.TargetSet e -> turn.targetSet(e.target());
      case AgentEvent.UnitChanged e when e.unit().equals(unit) -> turn.unitChanged(UnitState.of(e));
      case AgentEvent.ProbeDone e when e.tag().equals(PROBE) -> turn.probed(e.ok(), e.detail());
      case AgentEvent.Tick _,
          AgentEvent.UnitChanged _,
          AgentEvent.ToolDone _,
          AgentEvent.SqlDone _,
          AgentEvent.HaproxyDone _,
          AgentEvent.ProbeDone _,
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

  /// The working copy of one step.
  private final class Turn {
    private final long now;
    private final String node;
    private final List<AgentEffect> effects = new ArrayList<>();
    private UnitState unitState;
    private @Nullable Target target;
    private final long inheritedEpoch;
    private boolean dormant;
    private int failures;
    private long actAt;
    private long upSince;
    private long goodSince;
    private long silentSince;
    private int missed;
    private long probeAt;
    private String trouble;
    private final @Nullable Report last;

    Turn(State s, AgentContext context) {
      now = context.nowNanos();
      node = context.node();
      unitState = s.unit;
      target = s.target;
      inheritedEpoch = s.inheritedEpoch;
      dormant = s.dormant;
      failures = s.failures;
      actAt = s.actAtNanos;
      upSince = s.upSinceNanos;
      goodSince = s.goodSinceNanos;
      silentSince = s.silentSinceNanos;
      missed = s.missed;
      probeAt = s.probeAtNanos;
      trouble = s.trouble;
      last = s.last;
    }

    void targetSet(Target newest) {
      if (target == null || newest.epoch() > target.epoch()) {
        target = newest;
        dormant = newest.epoch() <= inheritedEpoch && !unitState.up();
        failures = 0;
        actAt = now;
        trouble = "";
      }
    }

    void unitChanged(UnitState next) {
      UnitState before = unitState;
      unitState = next;
      if (next.up() && !before.up()) {
        upSince = now;
        dormant = false;
        trouble = "";
        forgetHealth();
        probeAt = health instanceof Health.None ? NEVER : now;
      }
      if (!next.up() && before.up()) {
        if (upSince >= 0 && now - upSince >= Backoff.STABLE_NANOS) {
          failures = 0;
        }
        trouble = wantsStarted() && trouble.isEmpty() ? next.ending() : trouble;
        upSince = -1;
        forgetHealth();
        probeAt = NEVER;
      }
      // The first state after a start of the daemon tells how things are, not that something
      // failed.
      if (next.down() && ran(before) && wantsStarted()) {
        failures++;
        trouble = next.ending();
        actAt = now + Backoff.pauseNanos(failures);
      }
    }

    private static boolean ran(UnitState before) {
      return before.up() || before.comingUp() || before.goingDown();
    }

    void checkAnew() {
      missed = 0;
      silentSince = -1;
      trouble = "";
      if (health instanceof Health.None) {
        probeAt = NEVER;
      } else if (unitState.up()) {
        probeAt = now;
      }
    }

    private void forgetHealth() {
      goodSince = -1;
      silentSince = -1;
      missed = 0;
    }

    void probed(boolean ok, String detail) {
      if (!unitState.up()) {
        return;
      }
      boolean answered = ok || HttpStatus.of(detail) > 0;
      if (ok || HttpStatus.isOfUse(detail)) {
        goodSince = goodSince < 0 ? now : goodSince;
        silentSince = -1;
        missed = 0;
        trouble = "";
        probeAt = now + CALM_PROBE_NANOS;
        return;
      }
      missed++;
      trouble = detail;
      silentSince = answered ? -1 : silentSince < 0 ? now : silentSince;
      probeAt = now + QUICK_PROBE_NANOS;
      if (missed >= FAILED_PROBES) {
        goodSince = -1;
      }
    }

    AgentStep<State> end() {
      act();
      if (probeAt <= now) {
        probe();
      }
      Report report = report();
      boolean changed = !report.equals(last) && unitState.known();
      State next =
          new State(
              unitState,
              target,
              inheritedEpoch,
              dormant,
              failures,
              actAt,
              upSince,
              goodSince,
              silentSince,
              missed,
              probeAt,
              trouble,
              changed ? report : last);
      return new AgentStep<>(next, effects, changed ? report : null);
    }

    private void act() {
      if (target == null || !unitState.known() || !unitState.installed()) {
        return;
      }
      if (!wantsStarted()) {
        if ((unitState.up() || unitState.comingUp()) && actAt <= now) {
          effects.add(new AgentEffect.StopUnit(unit));
          actAt = now + ORDER_NANOS;
        }
        return;
      }
      if (unitState.down() && !dormant && actAt <= now) {
        effects.add(new AgentEffect.StartUnit(unit));
        actAt = now + ORDER_NANOS;
      }
      if (unitState.up() && hung()) {
        effects.add(new AgentEffect.StopUnit(unit));
        silentSince = now;
      }
    }

    private boolean hung() {
      boolean graceOver = now - upSince >= GRACE_NANOS;
      return missed >= FAILED_PROBES
          && graceOver
          && silentSince >= 0
          && now - silentSince >= HUNG_NANOS;
    }

    private void probe() {
      switch (health) {
        case Health.None _ -> {}
        case Health.Tcp h ->
            effects.add(new AgentEffect.TcpProbe(PROBE, h.host(), h.port(), PROBE_TIMEOUT_NANOS));
        case Health.Http h ->
            effects.add(
                new AgentEffect.HttpProbe(
                    PROBE, h.host(), h.port(), h.path(), PROBE_TIMEOUT_NANOS));
      }
      probeAt = NEVER;
    }

    private boolean wantsStarted() {
      return target != null && target.wanted() == Wanted.STARTED;
    }

    private Report report() {
      long acted = target == null ? 0 : target.epoch();
      String detail = "";
      RunState run;
      if (!unitState.installed()) {
        run = RunState.FAILED;
        detail = "no unit " + unit + " is installed on " + node;
      } else if (unitState.up()) {
        run = runWhileUp();
        detail = run == RunState.FAILED || run == RunState.STARTING ? waitingFor() : "";
      } else if (unitState.comingUp()) {
        run = RunState.STARTING;
      } else if (unitState.goingDown()) {
        run = wantsStarted() ? RunState.FAILED : RunState.STOPPING;
        detail = wantsStarted() ? trouble : "";
      } else if (wantsStarted() && !dormant) {
        run = failures > 0 ? RunState.FAILED : RunState.STARTING;
        detail = failures > 0 ? trouble : "";
      } else {
        run = RunState.STOPPED;
      }
      return new Report(resource, node, run, acted, detail, new TreeMap<>());
    }

    private RunState runWhileUp() {
      if (target != null && target.wanted() == Wanted.STOPPED) {
        return RunState.STOPPING;
      }
      if (health instanceof Health.None || goodSince >= 0) {
        return RunState.STARTED;
      }
      return now - upSince < GRACE_NANOS ? RunState.STARTING : RunState.FAILED;
    }

    private String waitingFor() {
      String where =
          switch (health) {
            case Health.None _ -> "";
            case Health.Tcp h -> h.host() + ":" + h.port();
            case Health.Http h -> "http://" + h.host() + ":" + h.port() + h.path();
          };
      if (where.isEmpty() || goodSince >= 0) {
        return "";
      }
      return "no good answer from " + where + (trouble.isEmpty() ? "" : " (" + trouble + ")");
    }
  }
}
