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
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The working copy of one step of [RabbitAgent], whose table says what it does.
final class RabbitTurn {
  static final RabbitReport UNREAD = new RabbitReport(false, Data.UNKNOWN, List.of(), List.of());

  private static final String READ_CONFIG = "config";
  private static final String READ_ENVIRONMENT = "environment";
  private static final String READ_DEFINITIONS = "definitions";
  private static final String READ_DROP_IN = "drop-in";
  private static final String READ_MEMBERS = "members";
  private static final String READ_RUNNING = "running";
  private static final String LIST_DATA = "data";
  private static final String LIST_NODES = "nodes";

  /// The first of Mnesia's tables.
  private static final String TABLES = "schema.DAT";

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
  private RabbitReport notes;
  private int reading;
  private long notesAt;
  private final TreeSet<String> asked;
  private boolean serves;
  private Answers answers;
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
    notes = s.notes();
    reading = s.reading();
    notesAt = s.notesAtNanos();
    asked = new TreeSet<>(s.asked());
    serves = s.serves();
    answers = s.answers();
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
      case READ_MEMBERS -> membersRead(file);
      case READ_RUNNING -> runningRead(text);
      default -> {}
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

  private void readNotes() {
    reading = 2;
    notesAt = now + RabbitAgent.NOTES_NANOS;
    effects.add(new AgentEffect.ReadFile(READ_MEMBERS, RabbitConfig.membersPath(node)));
    effects.add(new AgentEffect.ReadFile(READ_RUNNING, RabbitConfig.runningPath(node)));
    if (unit.down()) {
      reading = 4;
      effects.add(new AgentEffect.ListFolder(LIST_DATA, RabbitConfig.data(node)));
      effects.add(new AgentEffect.ListFolder(LIST_NODES, RabbitConfig.NODES));
    }
  }

  private void membersRead(OnDisk<String> file) {
    if (reading == 0) {
      return;
    }
    reading--;
    switch (file) {
      case OnDisk.Absent<String> _ ->
          notes = new RabbitReport(false, Data.NONE, List.of(), List.of());
      case OnDisk.Unreadable<String> unreadable -> unreadable(unreadable.why());
      case OnDisk.There<String> there -> {
        List<String> members = RabbitProbe.members(there.content());
        if (members == null) {
          unreadable(RabbitConfig.membersPath(node) + " is damaged");
        } else {
          notes = new RabbitReport(false, Data.MEMBER, members, notes.running());
        }
      }
    }
  }

  /// RabbitMQ writes its notes anew now and then; a running node is asked again soon.
  private void unreadable(String why) {
    if (unit.down()) {
      notes = RabbitReport.unreadable(why);
    }
  }

  /// Without notes there is no data only if there are no tables either, and none of a node of
  /// another name: a controller that was renamed has not lost its data.
  void folderListed(String tag, OnDisk<List<String>> names) {
    boolean mine = tag.equals(LIST_DATA);
    if (reading == 0 || !mine && !tag.equals(LIST_NODES)) {
      return;
    }
    reading--;
    if (notes.data() != Data.NONE) {
      return;
    }
    String folder = mine ? RabbitConfig.data(node) : RabbitConfig.NODES;
    String own = RabbitSettings.erlangNode(node);
    switch (names) {
      case OnDisk.Absent<List<String>> _ -> {}
      case OnDisk.Unreadable<List<String>> unreadable -> unreadable(unreadable.why());
      case OnDisk.There<List<String>> there -> {
        if (mine && there.content().contains(TABLES)) {
          unreadable(folder + " has tables, but " + RabbitConfig.membersPath(node) + " is gone");
        } else if (!mine) {
          there.content().stream()
              .filter(n -> n.startsWith("rabbit@") && !n.startsWith(own))
              .findFirst()
              .ifPresent(n -> unreadable(folder + " has data of " + n + ", not of " + own));
        }
      }
    }
  }

  private void runningRead(@Nullable String text) {
    if (reading == 0) {
      return;
    }
    reading--;
    List<String> running = text == null ? null : RabbitProbe.running(text);
    if (running != null && notes.data() == Data.MEMBER) {
      notes = new RabbitReport(false, Data.MEMBER, notes.members(), running);
    }
  }

  private void readSoon() {
    notesAt = Math.min(notesAt, now + RabbitAgent.QUICK_NANOS);
  }

  void toolDone(AgentEvent.ToolDone done) {
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
      trouble = "rabbitmqctl force_boot failed with exit code " + done.exitCode();
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
    boolean known = notes.data() == Data.NONE || notes.data() == Data.MEMBER;
    if (!unit.down() || reading > 0 || !known || !disk.ready()) {
      return;
    }
    List<Member> others = settings.others(node);
    boolean forced = wanted.how().equals(Target.FORCED);
    if (wanted.how().equals(Target.BOOTSTRAP) && notes.data() == Data.MEMBER) {
      acted = wanted.epoch();
      trouble = "not started as the first one: it has data";
    } else if (forced && notes.data() != Data.MEMBER) {
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
    if (tag.equals(CONNECT)) {
      connected(ok, detail);
      return;
    }
    if (tag.startsWith(RabbitPeers.GONE)) {
      if (peers.answered(tag.substring(RabbitPeers.GONE.length()), ok)) {
        readSoon();
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
      answers = Answers.none(now);
      connectAt = now;
      notesAt = now;
      reading = 0;
      missed = 0;
      trouble = "";
    }
    if (next.up() && phase == Phase.STARTING) {
      enter(Phase.RESTING);
    }
    if (next.down() && ran) {
      trouble = phase == Phase.STOPPING ? "" : next.ending();
      enter(Phase.RESTING);
      notes = UNREAD;
      reading = 0;
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
    for (String member : notes.running()) {
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
    readSoon();
  }

  // End of the step

  AgentStep<State> end() {
    boolean again = notesAt <= now && (unit.up() || notes.data() == Data.UNREADABLE);
    boolean first = unit.down() && notes.data() == Data.UNKNOWN;
    if (reading == 0 && phase != Phase.STARTING && (first || again)) {
      readNotes();
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
                notes,
                waits,
                serves,
                missed,
                trouble,
                unit.up() && answers.late() ? answers : null,
                acted)
            .report();
    boolean unasked = !serves && missed < RabbitAgent.FAILED_CONNECTS && !answers.late();
    boolean early = last == null && unit.up() && unasked;
    // All answers together are one note.
    boolean half = 0 < reading && reading < (unit.down() ? 4 : 2);
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
            notes,
            reading,
            notesAt,
            asked,
            serves,
            answers,
            connectAt,
            missed,
            peers.gone(),
            trouble,
            changed ? report : last);
    return new AgentStep<>(next, effects, changed ? report : null);
  }
}
