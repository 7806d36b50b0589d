package io.trivet.services.rabbitmq;

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
import io.trivet.services.rabbitmq.RabbitAgent.Disk;
import io.trivet.services.rabbitmq.RabbitAgent.Phase;
import io.trivet.services.rabbitmq.RabbitAgent.State;
import io.trivet.services.rabbitmq.RabbitReport.Data;
import io.trivet.services.rabbitmq.RabbitSettings.Member;
import io.trivet.services.unit.Answers;
import io.trivet.services.unit.UnitState;
import io.trivet.services.unit.Writable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The working copy of one step of [RabbitAgent], whose table says what it does.
final class RabbitTurn {
  private static final String READ_CONFIG = "config";
  private static final String READ_ENVIRONMENT = "environment";
  private static final String READ_DEFINITIONS = "definitions";
  private static final String READ_DROP_IN = "drop-in";
  private static final String UNITS = "units";
  private static final String FORCE = "force";
  private static final String CONNECT = "amqp";
  private static final String PEER = "peer-";
  private static final String ROOT = "root:root";

  private final String resource;
  private final RabbitSettings settings;
  private final ClusterState view;
  private final String node;
  private final long now;
  private final List<AgentEffect> effects = new ArrayList<>();

  private UnitState unit;
  private @Nullable Target target;
  private long acted;
  private final long inheritedEpoch;
  private Phase phase;
  private long phaseSince;
  private long upSince;
  private Disk disk;
  private final RabbitNotes notes;
  private final TreeSet<String> asked;
  private boolean serves;
  private Answers answers;
  private Writable writable;
  private RabbitAlarms alarms;
  private long connectAt;
  private int missed;
  private final RabbitPeers peers;
  private String trouble;
  private final @Nullable Report last;

  RabbitTurn(String resource, RabbitSettings settings, State s, AgentContext context) {
    this.resource = resource;
    this.settings = settings;
    view = context.view();
    node = context.node();
    now = context.nowNanos();
    unit = s.unit();
    target = s.target();
    acted = s.acted();
    inheritedEpoch = s.inheritedEpoch();
    phase = s.phase();
    phaseSince = s.phaseSinceNanos();
    upSince = s.upSinceNanos();
    disk = s.disk();
    notes = new RabbitNotes(node, now, s, effects);
    asked = new TreeSet<>(s.asked());
    serves = s.serves();
    answers = s.answers();
    writable = s.writable();
    alarms = s.alarms();
    connectAt = s.connectAtNanos();
    missed = s.missed();
    peers = new RabbitPeers(settings, node, now, s.gone(), effects);
    trouble = s.trouble();
    last = s.last();
  }

  // What is on disk

  void readFiles() {
    effects.add(new AgentEffect.ReadFile(READ_CONFIG, RabbitConfig.PATH));
    effects.add(new AgentEffect.ReadFile(READ_ENVIRONMENT, RabbitConfig.ENVIRONMENT));
    effects.add(new AgentEffect.ReadFile(READ_DEFINITIONS, RabbitConfig.DEFINITIONS));
    effects.add(new AgentEffect.ReadFile(READ_DROP_IN, RabbitConfig.DROP_IN));
  }

  void fileRead(String tag, OnDisk<String> file) {
    String text = file.contentOrNull();
    switch (tag) {
      case READ_CONFIG -> {
        replace(RabbitConfig.PATH, RabbitConfig.text(settings, node), text);
        disk = new Disk(true, disk.environment(), disk.units(), disk.failed());
      }
      case READ_ENVIRONMENT -> {
        replace(RabbitConfig.ENVIRONMENT, RabbitConfig.environment(node), text);
        disk = new Disk(disk.config(), true, disk.units(), disk.failed());
      }
      case READ_DEFINITIONS -> replace(RabbitConfig.DEFINITIONS, RabbitConfig.definitions(), text);
      case READ_DROP_IN -> {
        boolean same = replace(RabbitConfig.DROP_IN, RabbitConfig.dropIn(), text);
        if (!same) {
          effects.add(new AgentEffect.Run(UNITS, AgentEffect.RELOAD_UNITS, RabbitAgent.TOOL_NANOS));
        }
        disk = new Disk(disk.config(), disk.environment(), same, disk.failed());
      }
      default -> notes.fileRead(tag, file, unit.down());
    }
  }

  /// Writes the file unless it is so already; true if it is.
  private boolean replace(String path, String wanted, @Nullable String found) {
    if (wanted.equals(found)) {
      return true;
    }
    effects.add(new AgentEffect.WriteFile(path, wanted, "0644", ROOT));
    return false;
  }

  void writeFailed(String path, String error) {
    trouble = "cannot write " + path + ": " + error;
    disk = new Disk(disk.config(), disk.environment(), disk.units(), true);
    if (target != null) {
      acted = target.epoch();
    }
    enter(Phase.RESTING);
  }

  void folderListed(String tag, OnDisk<List<String>> names) {
    notes.folderListed(tag, names);
  }

  void toolDone(AgentEvent.ToolDone done) {
    if (done.tag().equals(RabbitAlarms.TAG)) {
      alarms = alarms.answered(node, done, now);
      return;
    }
    if (done.tag().equals(UNITS)) {
      disk = new Disk(disk.config(), disk.environment(), true, disk.failed());
      if (done.exitCode() != 0) {
        trouble = "systemd did not take the drop-in of " + RabbitConfig.UNIT;
      }
      return;
    }
    Target wanted = target;
    if (!done.tag().equals(FORCE) || phase != Phase.FORCING || wanted == null) {
      return;
    }
    enter(Phase.RESTING);
    if (done.exitCode() == 0) {
      start(wanted);
    } else {
      acted = wanted.epoch();
      trouble =
          done.exitCode() < 0
              ? "rabbitmqctl force_boot did not end: " + done.stderr()
              : "rabbitmqctl force_boot failed with exit code " + done.exitCode();
    }
  }

  // Targets

  void targetSet(Target newest) {
    if (target != null && newest.epoch() <= target.epoch()) {
      return;
    }
    target = newest;
    if (newest.epoch() <= inheritedEpoch && newest.wanted() == Wanted.STARTED) {
      acted = newest.epoch();
    } else if (disk.failed()) {
      disk = Disk.UNREAD;
      readFiles();
    }
    // What the leader decided on was read before the order; it may be another disk by now.
    if (unit.down()) {
      notes.read(true);
    }
  }

  private void act() {
    Target wanted = target;
    boolean busy = phase == Phase.ASKING || phase == Phase.FORCING;
    if (wanted == null || acted >= wanted.epoch() || !unit.known() || busy) {
      return;
    }
    boolean runs = unit.up() || unit.comingUp();
    if (wanted.wanted() == Wanted.STOPPED) {
      acted = wanted.epoch();
      trouble = "";
      if (runs) {
        effects.add(new AgentEffect.StopUnit(RabbitConfig.UNIT));
        enter(Phase.STOPPING);
      }
      return;
    }
    boolean givenUp = wanted.how().equals(Target.FORCED) && unit.comingUp();
    boolean rejoins = wanted.how().equals(RabbitPolicy.REJOIN) && runs;
    if (!runs) {
      startWhenReady(wanted);
    } else if (phase == Phase.STOPPING) {
      // It starts when it is down.
      return;
    } else if (givenUp || rejoins) {
      effects.add(
          givenUp || answers.late()
              ? new AgentEffect.KillUnit(RabbitConfig.UNIT)
              : new AgentEffect.StopUnit(RabbitConfig.UNIT));
      enter(Phase.STOPPING);
    } else {
      acted = wanted.epoch();
    }
  }

  private void startWhenReady(Target wanted) {
    Data data = notes.seen().data();
    boolean known = data == Data.NONE || data == Data.MEMBER;
    if (!unit.down() || notes.reading() || !known || !disk.ready()) {
      return;
    }
    Data told = RabbitReport.from(last).data();
    if (told != data && told != Data.UNKNOWN) {
      acted = wanted.epoch();
      trouble = "not started: what is on its disk is not what it was when it was reported";
      return;
    }
    List<Member> others = settings.others(node);
    boolean forced = wanted.how().equals(Target.FORCED);
    if (wanted.how().equals(Target.BOOTSTRAP) && data == Data.MEMBER) {
      acted = wanted.epoch();
      trouble = "not started as the first one: it has data";
    } else if (forced && data != Data.MEMBER) {
      acted = wanted.epoch();
      trouble = "not started without the others' data: it has none itself";
    } else if (!forced && !wanted.how().equals(Target.BOOTSTRAP)) {
      start(wanted);
    } else if (forced) {
      enter(Phase.FORCING);
      effects.add(
          new AgentEffect.Run(
              FORCE, List.of("/usr/sbin/rabbitmqctl", "force_boot"), RabbitAgent.TOOL_NANOS));
    } else if (others.isEmpty()) {
      start(wanted);
    } else {
      enter(Phase.ASKING);
      for (Member other : others) {
        asked.add(other.name());
        effects.add(
            new AgentEffect.TcpProbe(
                PEER + other.name(),
                other.address(),
                RabbitSettings.DISTRIBUTION_PORT,
                RabbitAgent.PEER_NANOS));
      }
    }
  }

  void probed(String tag, boolean ok, String detail) {
    if (tag.equals(Writable.TAG)) {
      writable = writable.answered(ok, detail, now);
      return;
    }
    if (tag.equals(CONNECT)) {
      connected(ok, detail);
      return;
    }
    if (tag.startsWith(RabbitPeers.GONE)) {
      if (peers.answered(tag.substring(RabbitPeers.GONE.length()), ok)) {
        notes.readSoon();
      }
      return;
    }
    Target wanted = target;
    if (phase != Phase.ASKING || !tag.startsWith(PEER) || wanted == null) {
      return;
    }
    String peer = tag.substring(PEER.length());
    if (!asked.remove(peer)) {
      return;
    }
    if (ok) {
      asked.clear();
      enter(Phase.RESTING);
      acted = wanted.epoch();
      trouble = "not started as the first one: RabbitMQ answers on " + peer;
      effects.add(
          new AgentEffect.Say(
              Notice.warning(
                  "rabbitmq-bootstrap-refused",
                  node,
                  resource,
                  resource
                      + " on "
                      + node
                      + " was told to start as the first one and did not: RabbitMQ answers on "
                      + peer
                      + ", a second cluster could come of it.")));
    } else if (asked.isEmpty()) {
      enter(Phase.RESTING);
      boolean bootstrap = wanted.how().equals(Target.BOOTSTRAP);
      if (unit.down() && bootstrap && wanted.wanted() == Wanted.STARTED) {
        start(wanted);
      }
    }
  }

  private void start(Target wanted) {
    acted = wanted.epoch();
    trouble = "";
    effects.add(new AgentEffect.StartUnit(RabbitConfig.UNIT));
    enter(Phase.STARTING);
  }

  private void enter(Phase next) {
    phase = next;
    phaseSince = now;
  }

  // The unit

  void unitChanged(UnitState next) {
    UnitState before = unit;
    unit = next;
    if (!next.up()) {
      answers = Answers.none(now);
    }
    boolean ran = before.up() || before.comingUp() || before.goingDown();
    if (next.refused() && phase == Phase.STARTING) {
      trouble = next.ending();
      enter(Phase.RESTING);
    }
    if ((next.up() || next.comingUp()) && !before.up() && !before.comingUp()) {
      upSince = now;
    }
    if (next.up() && !before.up()) {
      serves = false;
      alarms = RabbitAlarms.unknown(now);
      answers = Answers.none(now);
      connectAt = now;
      notes.begin();
      missed = 0;
      trouble = "";
    }
    if (next.up() && phase == Phase.STARTING) {
      enter(Phase.RESTING);
    }
    if (next.down() && ran) {
      trouble = phase == Phase.STOPPING ? "" : next.ending();
      enter(Phase.RESTING);
      notes.forget();
      peers.nobodyGone();
    }
  }

  private void watchOrder() {
    if (phase == Phase.STARTING && unit.down() && now - phaseSince >= RabbitAgent.ORDER_NANOS) {
      trouble = "systemd did not start " + RabbitConfig.UNIT;
      enter(Phase.RESTING);
    }
    boolean late = now - phaseSince >= RabbitAgent.LEAVE_NANOS;
    if (phase == Phase.STOPPING && !unit.down() && late) {
      effects.add(new AgentEffect.KillUnit(RabbitConfig.UNIT));
      enter(Phase.STOPPING);
    }
    boolean slow = unit.comingUp() && now - upSince >= RabbitAgent.SLOW_NANOS;
    if (slow && trouble.isEmpty()) {
      trouble = waitsFor();
    }
  }

  /// Mnesia starts with the tables of whoever stopped last, so a node waits for those that ran when
  /// it stopped itself.
  private String waitsFor() {
    List<String> missing = missing();
    return missing.isEmpty()
        ? "it takes long; see its log"
        : "it waits for the data of "
            + String.join(" and ", missing)
            + ": bring it back, or, only if that cannot be, give it up: trivet resource accept-loss"
            + " "
            + resource
            + " --node "
            + node;
  }

  /// Those that ran when it stopped, and are not here or have no data to be waited for.
  private List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (String member : notes.seen().running()) {
      Data data = RabbitReport.from(view.report(resource, member)).data();
      boolean without = data == Data.NONE || data == Data.UNREADABLE;
      if (!member.equals(node) && (!view.node(member).present() || without)) {
        missing.add(member);
      }
    }
    return missing;
  }

  private void connected(boolean ok, String detail) {
    if (!unit.up()) {
      return;
    }
    boolean silent = !ok && detail.equals(AgentEvent.NO_ANSWER);
    answers = silent ? answers.givenUp(now) : answers.answered(now);
    if (silent) {
      connectAt = now + RabbitAgent.QUICK_NANOS;
      return;
    }
    if (ok) {
      serves = true;
      missed = 0;
      trouble = "";
      connectAt = now + RabbitAgent.CALM_NANOS;
      return;
    }
    missed++;
    connectAt = now + RabbitAgent.QUICK_NANOS;
    if (missed >= RabbitAgent.FAILED_CONNECTS) {
      trouble = "it accepts no AMQP connections (" + detail + ")";
      connectAt = now + RabbitAgent.CALM_NANOS;
    }
  }

  void cpuUsed(long nanos) {
    answers = answers.cpu(now, nanos);
  }

  private void ask() {
    answers = answers.look(now);
    Member self = settings.member(node);
    if (!answers.asked() && connectAt <= now && self != null) {
      effects.add(
          new AgentEffect.AmqpProbe(
              CONNECT, self.address(), settings.port(), Answers.QUESTION_NANOS));
      answers = answers.ask(now);
    }
    writable = writable.ask(RabbitConfig.NODES, now, effects);
    if (serves) {
      alarms = alarms.ask(node, now, effects);
    }
    if (answers.workDueAtNanos() <= now) {
      effects.add(new AgentEffect.UnitCpu(RabbitConfig.UNIT));
      answers = answers.looking(now);
    }
  }

  void peerGone(String peer) {
    if (unit.up() || unit.comingUp()) {
      peers.goes(peer);
    }
  }

  void peerBack(String peer) {
    peers.comesBack(peer);
    notes.readSoon();
  }

  // End of the step

  AgentStep<State> end() {
    if (phase != Phase.STARTING) {
      notes.readWhenDue(unit.down(), unit.up());
    }
    watchOrder();
    act();
    peers.ask();
    if (unit.up()) {
      ask();
    }
    List<String> waits =
        unit.comingUp() && now - upSince >= RabbitAgent.SLOW_NANOS ? missing() : List.of();
    Report report =
        new RabbitAccount(
                resource,
                settings,
                node,
                unit,
                phase,
                notes.seen(),
                waits,
                serves,
                missed,
                trouble,
                unit.up() && answers.late() ? answers : null,
                writable,
                alarms,
                acted,
                now)
            .report();
    boolean unasked = !serves && missed < RabbitAgent.FAILED_CONNECTS && !answers.late();
    boolean early = last == null && unit.up() && unasked;
    boolean half = notes.half(unit.down());
    boolean changed = unit.known() && !early && !half && !report.equals(last);
    State next =
        new State(
            unit,
            target,
            acted,
            inheritedEpoch,
            phase,
            phaseSince,
            upSince,
            disk,
            notes.seen(),
            notes.left(),
            notes.atNanos(),
            asked,
            serves,
            answers,
            writable,
            alarms,
            connectAt,
            missed,
            peers.gone(),
            trouble,
            changed ? report : last);
    return new AgentStep<>(next, effects, changed ? report : null);
  }
}
