package io.trivet.services.galera;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Notice;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.AgentStep;
import io.trivet.services.agent.OnDisk;
import io.trivet.services.galera.GaleraAgent.Disk;
import io.trivet.services.galera.GaleraAgent.Phase;
import io.trivet.services.galera.GaleraAgent.State;
import io.trivet.services.galera.GaleraProbe.Sample;
import io.trivet.services.galera.GaleraSettings.Member;
import io.trivet.services.unit.Answers;
import io.trivet.services.unit.UnitState;
import io.trivet.services.unit.Writable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The working copy of one step of [GaleraAgent], whose table says what it does.
final class GaleraTurn {
  private static final String READ_CONFIG = "config";
  private static final String READ_DROP_IN = "drop-in";
  private static final String READ_BOOTSTRAPPED = "bootstrapped";
  private static final String UNITS = "units";
  private static final String SAMPLE = "sample";
  private static final String REFORM_TAG = "reform";
  private static final String PEER = "peer-";

  private final String resource;
  private final GaleraSettings settings;
  private final String node;
  private final long now;
  private final ClusterState view;
  private final List<AgentEffect> effects = new ArrayList<>();

  private UnitState unit;
  private @Nullable Target target;
  private long acted;
  private final long inheritedEpoch;
  private Phase phase;
  private long phaseSince;
  private Disk disk;
  private GaleraCopy copy;
  private final GaleraCopy.Stage stageBefore;
  private final TreeSet<String> asked;
  private @Nullable Sample sample;
  private Answers answers;
  private Writable writable;
  private long sampleAt;
  private int missed;
  private boolean full;
  private boolean doubted;
  private final GaleraSuspicion suspicion;
  private final GaleraJoining joining;
  private String trouble;
  private final @Nullable Report last;

  GaleraTurn(String resource, GaleraSettings settings, State s, AgentContext context) {
    this.resource = resource;
    this.settings = settings;
    node = context.node();
    now = context.nowNanos();
    view = context.view();
    unit = s.unit();
    target = s.target();
    acted = s.acted();
    inheritedEpoch = s.inheritedEpoch();
    phase = s.phase();
    phaseSince = s.phaseSinceNanos();
    disk = s.disk();
    copy = s.copy();
    stageBefore = copy.stage();
    asked = new TreeSet<>(s.asked());
    sample = s.sample();
    answers = s.answers();
    writable = s.writable();
    sampleAt = s.sampleAtNanos();
    missed = s.missed();
    full = s.full();
    doubted = s.doubted();
    suspicion = new GaleraSuspicion(resource, settings, s, context, effects);
    joining = new GaleraJoining(resource, settings, s.join(), context, effects);
    trouble = s.trouble();
    last = s.last();
  }

  // What is on disk

  void readFiles() {
    effects.add(new AgentEffect.ReadFile(READ_CONFIG, GaleraConfig.PATH));
    effects.add(new AgentEffect.ReadFile(READ_DROP_IN, GaleraConfig.DROP_IN));
    effects.add(new AgentEffect.ReadFile(READ_BOOTSTRAPPED, GaleraStart.notePath(resource)));
  }

  void fileRead(String tag, OnDisk<String> file) {
    String text = file.contentOrNull();
    switch (tag) {
      case READ_CONFIG -> {
        GaleraStart.same(GaleraConfig.PATH, GaleraConfig.text(settings, node), text, effects);
        disk = disk.withConfig();
      }
      case READ_DROP_IN -> {
        boolean same = GaleraStart.same(GaleraConfig.DROP_IN, GaleraConfig.dropIn(), text, effects);
        if (!same) {
          effects.add(new AgentEffect.Run(UNITS, AgentEffect.RELOAD_UNITS, GaleraAgent.TOOL_NANOS));
        }
        disk = disk.withDropIn(same);
      }
      case READ_BOOTSTRAPPED ->
          disk = disk.withBootstrapped(GaleraProbe.epoch(file, GaleraStart.log(view)));
      case GaleraCopy.FILE -> copy = copy.fileRead(file, hadData(), now, effects);
      default -> {}
    }
  }

  void folderListed(String tag, OnDisk<List<String>> names) {
    if (tag.equals(GaleraCopy.FOLDER)) {
      copy = copy.folderListed(names, hadData(), now, effects);
    }
  }

  /// True if the cluster remembers a copy on this node: none is then no answer, but a question.
  private boolean hadData() {
    return GaleraPolicy.names(view.attribute(GaleraPolicy.DATA)).contains(node);
  }

  void writeFailed(String path, String error) {
    trouble = "cannot write " + path + ": " + error;
    if (path.equals(GaleraConfig.PATH) || path.equals(GaleraConfig.DROP_IN)) {
      disk = disk.withFailure();
    }
    if (target != null) {
      acted = target.epoch();
    }
    rest();
  }

  void toolDone(AgentEvent.ToolDone done) {
    switch (done.tag()) {
      case UNITS -> {
        disk = disk.withDropIn(true);
        if (done.exitCode() != 0) {
          trouble = "systemd did not take the drop-in of " + GaleraConfig.UNIT;
        }
      }
      case GaleraCopy.RECOVER -> copy = copy.recovered(done, hadData(), now);
      default -> {}
    }
  }

  // Targets

  void targetSet(Target newest) {
    if (target != null && newest.epoch() <= target.epoch()) {
      return;
    }
    target = newest;
    copy = copy.unverified(now);
    if (newest.epoch() <= inheritedEpoch && newest.wanted() == Wanted.STARTED) {
      acted = newest.epoch();
    } else if (disk.doubtful()) {
      disk = Disk.UNREAD;
      readFiles();
    }
  }

  /// Acts on a target that was not acted on, when all that it needs is known.
  private void act() {
    Target wanted = target;
    if (wanted == null || acted >= wanted.epoch() || !unit.known() || phase == Phase.ASKING) {
      return;
    }
    if (wanted.wanted() == Wanted.STOPPED) {
      acted = wanted.epoch();
      trouble = "";
      stopIfUp();
      return;
    }
    boolean runs = unit.up() || unit.comingUp();
    switch (wanted.how()) {
      case Target.LEAVE -> {
        acted = wanted.epoch();
        stopIfUp();
      }
      case GaleraPolicy.REFORM -> askBeforeReform(wanted);
      case GaleraPolicy.REJOIN -> {
        if (runs) {
          if (phase != Phase.STOPPING) {
            stopIfUp();
          }
        } else {
          startWhenReady(wanted);
        }
      }
      default -> {
        if (runs) {
          acted = wanted.epoch();
        } else {
          startWhenReady(wanted);
        }
      }
    }
  }

  /// What the leader counted on is looked at once more, here and at the one that is missing.
  private void askBeforeReform(Target wanted) {
    Sample seen = sample;
    if (!unit.up() || seen == null || seen.primary()) {
      acted = wanted.epoch();
      return;
    }
    String why = GaleraReform.whyNot(view, resource, settings, node, seen);
    if (why != null) {
      refuse(wanted, why, "a second primary component could come of it");
      return;
    }
    ask(GaleraReform.missing(view, settings));
    sampleAt = now;
  }

  /// Galera documentation, "Resetting the Quorum": the component that this member sees becomes the
  /// primary one. It does nothing to a component that is primary already.
  private void reform(Target wanted) {
    Sample seen = answers.answeredAtNanos() >= phaseSince ? sample : null;
    String why = GaleraReform.whyNot(view, resource, settings, node, seen);
    if (why != null) {
      refuse(wanted, why, "a second primary component could come of it");
    } else if (seen != null && !seen.primary()) {
      effects.add(
          new AgentEffect.Sql(
              REFORM_TAG, List.of("SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES'")));
      sampleAt = Math.min(sampleAt, now + GaleraAgent.QUICK_NANOS);
    }
    acted = wanted.epoch();
  }

  private void stopIfUp() {
    if (!unit.up() && !unit.comingUp()) {
      return;
    }
    Target wanted = target;
    boolean hangs = answers.late();
    boolean starts = wanted != null && wanted.wanted() == Wanted.STARTED;
    effects.add(
        hangs && starts
            ? new AgentEffect.KillUnit(GaleraConfig.UNIT)
            : new AgentEffect.StopUnit(GaleraConfig.UNIT));
    enter(Phase.STOPPING);
  }

  private void startWhenReady(Target wanted) {
    if (!unit.down() || !copy.still() || !disk.ready()) {
      return;
    }
    boolean bootstrap = wanted.how().equals(Target.BOOTSTRAP);
    if (copy.stage() != GaleraCopy.Stage.VERIFIED) {
      copy = copy.look(GaleraCopy.Stage.VERIFYING, now, effects);
      return;
    }
    if (!bootstrap) {
      start(wanted);
      return;
    }
    if (wanted.epoch() <= disk.bootstrapped()) {
      acted = wanted.epoch();
      trouble =
          disk.bootstrapped() == GaleraProbe.UNREADABLE_NOTE
              ? "not bootstrapped: nobody can tell whether it did so for this order, as "
                  + GaleraStart.notePath(resource)
                  + " cannot be read; remove it if no other member runs"
              : "this node bootstrapped for this order before";
      return;
    }
    List<Member> others = settings.others(node);
    if (others.isEmpty()) {
      start(wanted);
    } else {
      ask(others);
    }
  }

  private void ask(List<Member> others) {
    enter(Phase.ASKING);
    asked.clear();
    for (Member other : others) {
      asked.add(other.name());
      effects.add(
          new AgentEffect.TcpProbe(
              PEER + other.name(),
              other.address(),
              GaleraSettings.REPLICATION_PORT,
              GaleraAgent.PEER_NANOS));
    }
  }

  /// Whoever answers on Galera's port may have a primary component, whatever the leader believes.
  void probed(String tag, boolean ok, String detail) {
    if (tag.equals(Writable.TAG)) {
      writable = writable.answered(ok, detail, now);
      return;
    }
    if (phase != Phase.ASKING || !tag.startsWith(PEER)) {
      return;
    }
    String peer = tag.substring(PEER.length());
    Target wanted = target;
    if (!asked.remove(peer) || wanted == null) {
      return;
    }
    if (ok) {
      asked.clear();
      rest();
      refuse(wanted, "Galera answers on " + peer, "a second primary component could come of it");
    } else if (asked.isEmpty()) {
      if (unit.up() && wanted.how().equals(GaleraPolicy.REFORM)) {
        reform(wanted);
      }
      rest();
      if (unit.down() && wanted.how().equals(Target.BOOTSTRAP)) {
        start(wanted);
      }
    }
  }

  /// The order does not fit what is seen here: it is not acted on, and the cluster decides anew.
  private void refuse(Target wanted, String why, String danger) {
    acted = wanted.epoch();
    boolean bootstrap = wanted.how().equals(Target.BOOTSTRAP);
    boolean reform = wanted.how().equals(GaleraPolicy.REFORM);
    trouble = (bootstrap ? "not bootstrapped: " : "not started: ") + why;
    if (bootstrap || reform) {
      String what = bootstrap ? "bootstrap" : "make the component that it sees the primary one";
      String told = resource + " on " + node + " was told to " + what + " and did not: ";
      effects.add(
          new AgentEffect.Say(
              Notice.warning(
                  "galera-bootstrap-refused", node, resource, told + why + ", " + danger + ".")));
    }
  }

  /// What the leader decided on was read before the order; it may be another disk by now.
  private void watchDisk() {
    boolean changed = copy.notAsReported(stageBefore);
    Target wanted = target;
    if (changed && unit.down() && wanted != null && acted < wanted.epoch()) {
      refuse(
          wanted,
          "what is on its disk is not what it was when it was reported",
          "the decision rests on that");
    }
  }

  private void start(Target wanted) {
    acted = wanted.epoch();
    trouble = "";
    if (wanted.how().equals(Target.BOOTSTRAP)) {
      disk = disk.withBootstrapped(wanted.epoch());
    }
    effects.addAll(GaleraStart.effects(settings, node, view, wanted, copy));
    enter(Phase.STARTING);
  }

  private void enter(Phase next) {
    phase = next;
    phaseSince = now;
  }

  private void rest() {
    enter(Phase.RESTING);
  }

  // The unit

  void unitChanged(UnitState next) {
    UnitState before = unit;
    unit = next;
    if (!next.up()) {
      answers = Answers.none(now);
    }
    if (next.up() && !before.up()) {
      sample = null;
      answers = Answers.none(now);
      sampleAt = now;
      missed = 0;
      full = false;
      suspicion.forget();
      trouble = "";
    }
    if (!next.down()) {
      copy = GaleraCopy.UNREAD;
    }
    if (next.up() && phase == Phase.STARTING) {
      rest();
    }
    boolean ran = before.up() || before.comingUp() || before.goingDown();
    if (next.refused() && phase == Phase.STARTING) {
      trouble = next.ending();
      rest();
    }
    if (next.down() && ran) {
      trouble = phase == Phase.STOPPING ? "" : next.ending();
      rest();
      suspicion.nobodyGone();
      sample = null;
    }
  }

  private void watchOrder() {
    if (phase == Phase.STARTING && unit.down() && now - phaseSince >= GaleraAgent.ORDER_NANOS) {
      trouble = "systemd did not start " + GaleraConfig.UNIT;
      rest();
    }
    boolean late = now - phaseSince >= GaleraAgent.LEAVE_NANOS;
    if (phase == Phase.STOPPING && !unit.down() && late && target != null) {
      if (target.wanted() == Wanted.STARTED) {
        effects.add(new AgentEffect.KillUnit(GaleraConfig.UNIT));
      }
      enter(Phase.STOPPING);
    }
  }

  // Samples, and peers that are gone

  void sqlDone(AgentEvent.SqlDone done) {
    if (!unit.up()) {
      return;
    }
    if (done.tag().equals(SAMPLE)) {
      sampled(done);
    } else if (suspicion.answered(done)) {
      trouble = "suspicion was not shortened: " + done.error();
    }
  }

  private void sampled(AgentEvent.SqlDone done) {
    if (AgentEvent.NO_ANSWER.equals(done.error())) {
      answers = answers.givenUp(now);
      sampleAt = now + GaleraAgent.QUICK_NANOS;
      return;
    }
    answers = answers.answered(now);
    Sample read = done.error() == null ? GaleraProbe.sample(done.rows()) : null;
    if (read == null) {
      missed++;
      String error = done.error();
      full = error != null && error.contains("Too many connections");
      trouble =
          full
              ? "it takes no more connections: end some, or raise max_connections"
              : "it does not answer SQL: " + (error == null ? "not understood" : error);
      sampleAt = now + GaleraAgent.QUICK_NANOS;
      return;
    }
    missed = 0;
    full = false;
    trouble = "";
    boolean wasPrimary = sample != null && sample.primary();
    if (!read.primary() && wasPrimary && !doubted) {
      // Between two views every member is outside of a component for a moment.
      doubted = true;
      sampleAt = now + GaleraAgent.QUICK_NANOS;
      return;
    }
    doubted = false;
    sample = read;
    joining.sampled(read);
    boolean calm = read.primary() && read.state().equals("Synced") && suspicion.nobody();
    sampleAt = now + (calm ? GaleraAgent.CALM_NANOS : GaleraAgent.QUICK_NANOS);
    if (read.primary()) {
      suspicion.seen(settings.names(read.incoming()));
    }
    if (suspicion.unknown()) {
      effects.add(new AgentEffect.Sql(GaleraSuspicion.OPTIONS, GaleraProbe.OPTIONS_STATEMENTS));
    }
  }

  void peerGone(String peer) {
    lookSoonIf(unit.up() && suspicion.gone(peer));
  }

  void peerBack(String peer) {
    suspicion.back(peer);
  }

  void viewChanged() {
    lookSoonIf(suspicion.hanging(unit.up() && !answers.late()));
  }

  private void lookSoonIf(boolean suspected) {
    if (suspected) {
      sampleAt = Math.min(sampleAt, now + GaleraAgent.QUICK_NANOS);
    }
  }

  void cpuUsed(long nanos) {
    answers = answers.cpu(now, nanos);
    joining.cpuUsed(nanos);
  }

  private void ask() {
    answers = answers.look(now);
    if (!answers.asked() && sampleAt <= now) {
      effects.add(new AgentEffect.Sql(SAMPLE, GaleraProbe.SAMPLE_STATEMENTS));
      answers = answers.ask(now);
    }
    writable = writable.ask(GaleraConfig.DATA, now, effects);
    if (answers.workDueAtNanos() <= now) {
      effects.add(new AgentEffect.UnitCpu(GaleraConfig.UNIT));
      answers = answers.looking(now);
    }
  }

  // End of the step

  AgentStep<State> end() {
    suspicion.timePasses();
    boolean compared = disk.ready() || disk.failed();
    if (unit.down() && compared && phase != Phase.STARTING) {
      copy =
          copy.stage() == GaleraCopy.Stage.UNREAD
              ? copy.look(GaleraCopy.Stage.LOOKING, now, effects)
              : copy.tick(now, effects);
    }
    watchDisk();
    watchOrder();
    if (joining.stuck(unit, sample, target, phase == Phase.STOPPING)) {
      stopIfUp();
    }
    act();
    if (unit.up()) {
      ask();
    }
    if (unit.up()) {
      suspicion.restore();
    }
    Report report =
        new GaleraAccount(
                resource,
                settings,
                node,
                unit,
                phase,
                copy.position(),
                sample,
                missed,
                full,
                trouble,
                answers.late() && unit.up() ? answers : null,
                writable,
                acted,
                now)
            .report();
    // A member that was found running is not said to be starting before it was asked.
    boolean early =
        last == null
            && unit.up()
            && sample == null
            && missed < GaleraAgent.FAILED_SAMPLES
            && !answers.late();
    boolean changed = unit.known() && !early && !report.equals(last);
    State next =
        new State(
            unit,
            target,
            acted,
            inheritedEpoch,
            phase,
            phaseSince,
            disk,
            copy,
            asked,
            sample,
            answers,
            writable,
            sampleAt,
            missed,
            full,
            doubted,
            suspicion.is(),
            suspicion.gone(),
            suspicion.hung(),
            joining.join(),
            trouble,
            changed ? report : last);
    return new AgentStep<>(next, effects, changed ? report : null);
  }
}
