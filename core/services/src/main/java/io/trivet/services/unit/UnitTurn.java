package io.trivet.services.unit;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.AgentStep;
import io.trivet.services.unit.UnitAgent.State;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The working copy of one step of [UnitAgent], whose table says what it does.
final class UnitTurn {
  static final String PROBE = "health";

  private static final int FAILED_PROBES = 3;
  private static final long NEVER = UnitAgent.NEVER;

  private final String resource;
  private final String unit;
  private final Health health;
  private final ClusterState view;
  private final long now;
  private final String node;
  private final List<AgentEffect> effects = new ArrayList<>();
  private UnitState unitState;
  private @Nullable Target target;
  private final long inheritedEpoch;
  private boolean dormant;
  private int failures;
  private long actAt;
  private long tellAt;
  private boolean pending;
  private long upSince;
  private boolean proven;
  private long goodSince;
  private int missed;
  private boolean slow;
  private Answers answers;
  private long probeAt;
  private int anew;
  private final NavigableMap<String, Restarts.Returning> returning;
  private long killAt;
  private String trouble;
  private final @Nullable Report last;

  UnitTurn(String resource, String unit, Health health, State s, AgentContext context) {
    this.resource = resource;
    this.unit = unit;
    this.health = health;
    view = context.view();
    now = context.nowNanos();
    node = context.node();
    unitState = s.unit();
    target = s.target();
    inheritedEpoch = s.inheritedEpoch();
    dormant = s.dormant();
    failures = s.failures();
    actAt = s.actAtNanos();
    tellAt = s.tellAtNanos();
    pending = s.pending();
    upSince = s.upSinceNanos();
    proven = s.proven();
    goodSince = s.goodSinceNanos();
    missed = s.missed();
    slow = s.slow();
    answers = s.answers();
    probeAt = s.probeAtNanos();
    anew = s.anew();
    returning = Restarts.follow(s.returning(), view, resource, node, now);
    killAt = s.killAtNanos();
    trouble = s.trouble();
    last = s.last();
  }

  /// When to do something about its answers.
  static long questionAtNanos(State s) {
    if (!s.unit().up()) {
      return NEVER;
    }
    Answers answers = s.answers();
    long question = answers.asked() ? answers.dueAtNanos() : s.probeAtNanos();
    return Math.min(question, workAtNanos(s.proven(), s.probeAtNanos(), answers));
  }

  /// Whether it gets on matters while it hangs, and until it was good for the first time.
  private static long workAtNanos(boolean proven, long probeAt, Answers answers) {
    boolean unproven = !proven && probeAt != NEVER;
    return answers.late() || unproven ? answers.work().lookAtNanos() : NEVER;
  }

  void targetSet(Target newest) {
    if (target == null || newest.epoch() > target.epoch()) {
      boolean again = wantsStarted() && newest.wanted() == Wanted.STARTED && !dormant;
      target = newest;
      dormant = newest.epoch() <= inheritedEpoch && !unitState.up();
      if (!again) {
        failures = 0;
        trouble = "";
      }
      actAt = now;
    }
  }

  void unitChanged(UnitState next) {
    UnitState before = unitState;
    unitState = next;
    String ending = killAt == NEVER ? next.ending() : "it hung, and is started anew";
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
      trouble = wantsStarted() && trouble.isEmpty() ? ending : trouble;
      upSince = -1;
      forgetHealth();
      probeAt = NEVER;
    }
    if (next.down()) {
      killAt = NEVER;
    }
    // The first state after a start of the daemon tells how things are, not that something
    // failed.
    if (next.down() && (ran(before) || next.refused()) && wantsStarted()) {
      failures++;
      trouble = ending;
      actAt = now + Backoff.pauseNanos(failures);
    }
  }

  private static boolean ran(UnitState before) {
    return before.up() || before.comingUp() || before.goingDown();
  }

  /// Another check is to prove its health from now on.
  void checkAnew() {
    missed = 0;
    trouble = "";
    answers = Answers.none(now);
    if (health instanceof Health.None) {
      probeAt = NEVER;
    } else if (unitState.up()) {
      probeAt = now;
    }
  }

  private void forgetHealth() {
    proven = false;
    goodSince = -1;
    missed = 0;
    slow = false;
    answers = Answers.none(now);
  }

  void probed(boolean ok, String detail) {
    // systemd lets what is stopped by a signal go on, so that it ends; its last answers count for
    // nothing.
    if (!unitState.up() || killAt != NEVER) {
      return;
    }
    if (!ok && detail.equals(AgentEvent.NO_ANSWER)) {
      answers = answers.givenUp(now);
      probeAt = now + UnitAgent.QUICK_PROBE_NANOS;
      return;
    }
    boolean late = answers.asked() && now - answers.askedAtNanos() >= Answers.LIMIT_NANOS;
    boolean said = ok || HttpStatus.of(detail) > 0;
    // Nobody listens: while it starts that is usual, later it is as good as hanging.
    answers = said || starts() ? answers.answered(now) : answers.givenUp(now);
    if (ok || HttpStatus.isOfUse(detail)) {
      proven = true;
      goodSince = goodSince < 0 ? now : goodSince;
      slow = late;
      missed = 0;
      trouble = "";
      probeAt = now + UnitAgent.CALM_PROBE_NANOS;
      if (now - goodSince >= UnitAgent.FORGET_NANOS) {
        anew = 0;
      }
      return;
    }
    missed++;
    trouble = detail;
    probeAt = now + UnitAgent.QUICK_PROBE_NANOS;
    if (missed >= FAILED_PROBES) {
      goodSince = -1;
    }
  }

  void cpuUsed(long nanos) {
    answers = answers.cpu(now, nanos);
  }

  AgentStep<State> end() {
    act();
    watchOrder();
    if (unitState.up()) {
      ask();
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
            tellAt,
            pending,
            upSince,
            proven,
            goodSince,
            missed,
            slow,
            answers,
            probeAt,
            anew,
            returning,
            killAt,
            trouble,
            changed ? report : last);
    return new AgentStep<>(next, effects, changed ? report : null);
  }

  private void act() {
    if (target == null || !unitState.known() || !unitState.installed()) {
      return;
    }
    if (killAt <= now) {
      killAt = now + UnitAgent.KILL_NANOS;
      effects.add(new AgentEffect.KillUnit(unit));
    }
    if (!wantsStarted()) {
      if ((unitState.up() || unitState.comingUp()) && actAt <= now) {
        effects.add(new AgentEffect.StopUnit(unit));
        actAt = now + UnitAgent.ORDER_NANOS;
      }
      return;
    }
    if (unitState.down() && !dormant && actAt <= now) {
      effects.add(new AgentEffect.StartUnit(unit));
      actAt = now + UnitAgent.ORDER_NANOS;
    }
  }

  /// A job of systemd's may wait for others for ever, and a start may have no timeout.
  private void watchOrder() {
    boolean ordered =
        wantsStarted() && !dormant && (unitState.comingUp() || unitState.down() && failures == 0);
    if (!ordered) {
      tellAt = NEVER;
      pending = false;
    } else if (tellAt <= now) {
      tellAt = NEVER;
      pending = true;
    } else if (tellAt == NEVER && !pending) {
      tellAt = now + UnitAgent.PENDING_NANOS;
    }
  }

  private void ask() {
    answers = answers.look(now);
    if (answers.late() && goodSince >= 0) {
      goodSince = -1;
    }
    boolean mayStop = wantsStarted() && hangs() && killAt == NEVER;
    if (mayStop && Restarts.due(view, resource, node, answers, anew, returning, now)) {
      anew++;
      killAt = now + UnitAgent.KILL_NANOS;
      effects.add(new AgentEffect.StopUnit(unit));
    }
    if (!answers.asked() && probeAt <= now) {
      probe();
      answers = answers.ask(now);
    }
    if (workAtNanos(proven, probeAt, answers) <= now) {
      effects.add(new AgentEffect.UnitCpu(unit));
      answers = answers.looking(now);
    }
  }

  private void probe() {
    switch (health) {
      case Health.None _ -> {}
      case Health.Memcached h ->
          effects.add(
              new AgentEffect.MemcachedProbe(PROBE, h.host(), h.port(), Answers.QUESTION_NANOS));
      case Health.Http h ->
          effects.add(
              new AgentEffect.HttpProbe(
                  PROBE, h.host(), h.port(), h.path(), Answers.QUESTION_NANOS));
    }
  }

  private boolean wantsStarted() {
    return target != null && target.wanted() == Wanted.STARTED;
  }

  /// True until it was good for the first time, while there is still hope of that.
  private boolean starts() {
    long up = now - upSince;
    boolean works =
        up < UnitAgent.LONGEST_START_NANOS && answers.idleNanos() < UnitAgent.GRACE_NANOS;
    return !proven && (up < UnitAgent.GRACE_NANOS || works);
  }

  private boolean hangs() {
    return unitState.up() && answers.late() && !starts();
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
      detail = detailWhileUp(run);
    } else if (unitState.comingUp()) {
      run = RunState.STARTING;
      detail = notGettingOn();
    } else if (unitState.goingDown()) {
      run = wantsStarted() ? RunState.FAILED : RunState.STOPPING;
      detail = wantsStarted() ? trouble : "";
    } else if (wantsStarted() && !dormant) {
      run = failures > 0 ? RunState.FAILED : RunState.STARTING;
      detail = failures > 0 ? trouble : notGettingOn();
    } else {
      run = RunState.STOPPED;
    }
    NavigableMap<String, String> facts = new TreeMap<>();
    // One that is stopped on purpose is not on its way back: nobody waits for it.
    Restarts.note(facts, run == RunState.STOPPED ? 0 : anew);
    return new Report(
        resource, node, run, acted, detail, hangs() ? answers.facts(facts, now) : facts);
  }

  private String notGettingOn() {
    return pending
        ? "systemd does not get on with its start: see systemctl list-jobs, systemctl status "
            + unit
        : "";
  }

  private RunState runWhileUp() {
    if (target != null && target.wanted() == Wanted.STOPPED) {
      return RunState.STOPPING;
    }
    if (health instanceof Health.None || goodSince >= 0) {
      return RunState.STARTED;
    }
    return hangs() || !starts() ? RunState.FAILED : RunState.STARTING;
  }

  private String detailWhileUp(RunState run) {
    if (run == RunState.STARTED) {
      return slow ? "answers slowly" : "";
    }
    if (run != RunState.STARTING && run != RunState.FAILED) {
      return "";
    }
    String where =
        switch (health) {
          case Health.None _ -> "";
          case Health.Memcached h -> h.host() + ":" + h.port();
          case Health.Http h -> "http://" + h.host() + ":" + h.port() + h.path();
        };
    if (hangs() && trouble.isEmpty()) {
      boolean http = health instanceof Health.Http;
      return answers.sentence(http ? "a GET of " + where : "memcached's version on " + where);
    }
    if (run == RunState.STARTING && trouble.isEmpty()) {
      return where.isEmpty() ? "" : "no answer from " + where + " yet";
    }
    return where.isEmpty()
        ? ""
        : "no good answer from " + where + (trouble.isEmpty() ? "" : " (" + trouble + ")");
  }
}
