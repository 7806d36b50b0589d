package io.trivet.services.unit;

import io.trivet.cluster.UnitFence;
import io.trivet.cluster.state.Report;
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

/// Keeps a unit that the network fences: a [UnitAgent] that is allowed to run its unit only while
/// this controller holds the unit's lease. Where it does not, the kernel has silenced the unit
/// before this agent hears of it, so what is left to do is to end it.
///
/// | lease | unit | does | may hold the lease |
/// |---|---|---|---|
/// | any | not known yet | nothing: the daemon was away, and the unit may run on under its lease | no |
/// | not held | never seen down since this agent began | stops it: it may run outside its slice, unsilenced | no |
/// | not held | up, or coming up | stops it, at first kindly, after [#PATIENCE_NANOS] with SIGKILL | yes |
/// | not held | down | nothing | yes, unless systemd says that it cannot be silenced |
/// | held | any | as its target says: the [UnitAgent] at work | yes |
///
/// What cannot be silenced (a network namespace of its own, sockets that systemd opens for it,
/// another slice) never gets the lease, and its report says why.
public final class FencedUnitAgent implements ResourceAgent<FencedUnitAgent.State> {
  /// The fact of a report that says whether this controller may hold the lease of the unit.
  public static final String MAY_HOLD = "may-hold";

  static final long PATIENCE_NANOS = 1_000_000_000L;
  private static final long LOOK_TIMEOUT_NANOS = 5_000_000_000L;
  private static final long NEVER = Long.MAX_VALUE;
  private static final String LOOK = "fence";

  private final String resource;
  private final String unit;
  private final UnitAgent inner;

  /// @param resource id of the resource
  /// @param unit full name of the unit
  /// @param health what proves that it is of use
  public FencedUnitAgent(String resource, String unit, Health health) {
    this.resource = resource;
    this.unit = unit;
    this.inner = new UnitAgent(resource, unit, health);
  }

  /// @param inner state of the agent inside
  /// @param target the newest target, or null
  /// @param told what the agent inside was told last, under an epoch of its own
  /// @param holding true while this controller holds the lease
  /// @param seenDown true once the unit was seen down, so that it has no processes outside its
  ///   slice
  /// @param killAtNanos when the unit is killed if it still runs without the lease
  /// @param unfit why it cannot be silenced; empty if it can, null while that is not known
  /// @param unitState last known state of the unit
  /// @param last the report given last
  public record State(
      UnitAgent.State inner,
      @Nullable Target target,
      @Nullable Target told,
      boolean holding,
      boolean seenDown,
      long killAtNanos,
      @Nullable String unfit,
      UnitState unitState,
      @Nullable Report innerReport,
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
  public Object madeOf() {
    return List.of("fenced", inner.madeOf());
  }

  @Override
  public AgentStep<State> takeOver(State before, AgentContext context) {
    return new Turn(before, context).end();
  }

  @Override
  public AgentStep<State> initial(AgentContext context) {
    AgentStep<UnitAgent.State> begun = inner.initial(context);
    List<AgentEffect> effects = new ArrayList<>();
    effects.add(
        new AgentEffect.WriteFile(
            UnitFence.dropInPath(unit), UnitFence.dropIn(resource), "0644", "root:root"));
    effects.add(
        new AgentEffect.Run(
            LOOK,
            List.of("systemctl", "show", unit, "--property=" + FenceProbe.PROPERTIES),
            LOOK_TIMEOUT_NANOS));
    effects.addAll(begun.effects());
    State state =
        new State(
            begun.state(),
            null,
            null,
            false,
            false,
            NEVER,
            null,
            UnitState.UNKNOWN,
            begun.report(),
            null);
    return new AgentStep<>(state, effects, null);
  }

  @Override
  public long dueAtNanos(State state) {
    return Math.min(state.killAtNanos, inner.dueAtNanos(state.inner));
  }

  @Override
  public AgentStep<State> step(State state, AgentEvent event, AgentContext context) {
    Turn turn = new Turn(state, context);
    switch (event) {
      case AgentEvent.LeaseChanged e -> turn.holding = e.holding();
      case AgentEvent.TargetSet e -> turn.targetSet(e.target());
      case AgentEvent.ToolDone e when e.tag().equals(LOOK) ->
          turn.unfit = FenceProbe.unfit(e.exitCode(), e.stdout(), resource);
      case AgentEvent.WriteFailed e when e.path().equals(UnitFence.dropInPath(unit)) ->
          turn.unfit = "its drop-in file could not be written: " + e.error();
      case AgentEvent.UnitChanged e when e.unit().equals(unit) -> {
        turn.unitChanged(UnitState.of(e));
        turn.tell(event);
      }
      case AgentEvent.Tick _,
          AgentEvent.UnitChanged _,
          AgentEvent.ToolDone _,
          AgentEvent.WriteFailed _,
          AgentEvent.SqlDone _,
          AgentEvent.HaproxyDone _,
          AgentEvent.ProbeDone _,
          AgentEvent.CpuUsed _,
          AgentEvent.FileRead _,
          AgentEvent.FolderListed _,
          AgentEvent.PeerGone _,
          AgentEvent.PeerBack _,
          AgentEvent.ViewChanged _ ->
          turn.tell(event);
    }
    return turn.end();
  }

  /// The working copy of one step.
  private final class Turn {
    private final AgentContext context;
    private final long now;
    private final List<AgentEffect> effects = new ArrayList<>();
    private UnitAgent.State innerState;
    private @Nullable Target target;
    private @Nullable Target told;
    private boolean holding;
    private boolean seenDown;
    private long killAt;
    private @Nullable String unfit;
    private UnitState unitState;
    private @Nullable Report innerReport;
    private final @Nullable Report last;

    Turn(State s, AgentContext context) {
      this.context = context;
      now = context.nowNanos();
      innerState = s.inner;
      target = s.target;
      told = s.told;
      holding = s.holding;
      seenDown = s.seenDown;
      killAt = s.killAtNanos;
      unfit = s.unfit;
      unitState = s.unitState;
      innerReport = s.innerReport;
      last = s.last;
    }

    void targetSet(Target newest) {
      if (target == null || newest.epoch() > target.epoch()) {
        target = newest;
      }
    }

    void unitChanged(UnitState next) {
      unitState = next;
      seenDown |= next.down();
    }

    void tell(AgentEvent event) {
      AgentStep<UnitAgent.State> step = inner.step(innerState, event, context);
      innerState = step.state();
      effects.addAll(step.effects());
      if (step.report() != null) {
        innerReport = step.report();
      }
    }

    AgentStep<State> end() {
      command();
      kill();
      Report report = report();
      boolean changed = report != null && !report.equals(last);
      State next =
          new State(
              innerState,
              target,
              told,
              holding,
              seenDown,
              killAt,
              unfit,
              unitState,
              innerReport,
              changed ? report : last);
      return new AgentStep<>(next, effects, changed ? report : null);
    }

    /// Hands the target on, or the order to stop, under an epoch that is new to the agent inside
    /// whenever it differs from what it was told.
    private void command() {
      if (!unitState.known()) {
        return; // the daemon was away, and the unit may run on under the lease that it had
      }
      Wanted wanted = holding && target != null ? target.wanted() : Wanted.STOPPED;
      boolean inherited =
          holding && target != null && target.epoch() <= innerState.inheritedEpoch();
      if (inherited && wanted == Wanted.STARTED && !unitState.up()) {
        // Nobody knows whether what stands before it in the order is up: a new target will come.
        wanted = Wanted.STOPPED;
      }
      long least = target == null ? 0 : target.epoch();
      boolean newTarget = told != null && holding && least > told.epoch();
      if (told != null && told.wanted() == wanted && !newTarget) {
        return;
      }
      long after = Math.max(innerState.inheritedEpoch(), told == null ? 0 : told.epoch());
      String how = target == null ? Target.PLAIN : target.how();
      told =
          new Target(
              resource, context.node(), wanted, how, Math.max(least, after + 1), 0, "its lease");
      tell(new AgentEvent.TargetSet(told));
    }

    private void kill() {
      boolean runs = unitState.up() || unitState.comingUp() || unitState.goingDown();
      if (holding || !runs) {
        killAt = NEVER;
      } else if (killAt == NEVER) {
        killAt = now + PATIENCE_NANOS;
      } else if (killAt <= now) {
        effects.add(new AgentEffect.KillUnit(unit));
        killAt = now + PATIENCE_NANOS;
      }
    }

    private @Nullable Report report() {
      Report seen = innerReport;
      if (seen == null) {
        return null;
      }
      String cannot = unfit;
      TreeMap<String, String> facts = new TreeMap<>(seen.facts());
      boolean fit = cannot != null && cannot.isEmpty() && unitState.installed();
      facts.put(MAY_HOLD, fit && (seenDown || holding) ? "yes" : "no");
      long acted = target == null ? 0 : target.epoch();
      boolean lost = !holding && target != null && target.wanted() == Wanted.STARTED;
      String detail =
          lost
              ? context.node() + " does not hold its lease, so it may not run there"
              : seen.detail();
      if (cannot != null && !cannot.isEmpty()) {
        detail = "it cannot be silenced: " + cannot;
      } else if (!holding && unitState.up()) {
        detail = "silenced by the kernel: " + context.node() + " does not hold its lease";
      }
      return new Report(resource, context.node(), seen.run(), acted, detail, facts);
    }
  }
}
