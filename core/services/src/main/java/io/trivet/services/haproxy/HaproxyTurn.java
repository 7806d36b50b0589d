package io.trivet.services.haproxy;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Notice;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.AgentStep;
import io.trivet.services.haproxy.HaproxyAgent.Due;
import io.trivet.services.haproxy.HaproxyAgent.Files;
import io.trivet.services.haproxy.HaproxyAgent.State;
import io.trivet.services.haproxy.HaproxyAgent.Wish;
import io.trivet.services.haproxy.HaproxyProbe.ServerState;
import io.trivet.services.haproxy.HaproxySettings.Server;
import io.trivet.services.unit.Answers;
import io.trivet.services.unit.Backoff;
import io.trivet.services.unit.UnitState;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The working copy of one step of [HaproxyAgent], whose table says what it does.
final class HaproxyTurn {
  private static final String READ_CONFIG = "config";
  private static final String READ_UNIT = "unit";
  private static final String CHECK = "check-";
  private static final String UNITS = "units-";
  private static final String RELOAD = "reload";
  private static final String TALK = "talk-";
  private static final String ROOT = "root:root";
  private static final String QUESTION = "its runtime socket";

  private final String resource;
  private final HaproxySettings settings;
  private final ClusterState view;
  private final String node;
  private final long now;
  private final @Nullable String writer;
  private final List<AgentEffect> effects = new ArrayList<>();

  private UnitState unit;
  private @Nullable Target target;
  private final long inheritedEpoch;
  private boolean dormant;
  private Files files;
  private @Nullable String oldConfig;
  private Due due;
  private int failures;
  private long actAt;
  private long upSince;
  private final HaproxyPeers peers;
  private int round;
  private Answers answers;
  private long lookAt;
  private long infoAt;
  private long killAt;
  private String full;
  private long unprovenUntil;
  private int missed;
  private boolean proven;
  private boolean repeat;
  private final TreeMap<String, Wish> told;
  private List<ServerState> servers;
  private String trouble;
  private int comparison;
  private final @Nullable Report last;

  HaproxyTurn(HaproxySettings settings, String writerAttribute, State s, AgentContext context) {
    resource = settings.id();
    this.settings = settings;
    view = context.view();
    node = context.node();
    now = context.nowNanos();
    writer = view.attribute(writerAttribute);
    unit = s.unit();
    target = s.target();
    inheritedEpoch = s.inheritedEpoch();
    dormant = s.dormant();
    files = s.files();
    oldConfig = s.oldConfig();
    due = s.due();
    failures = s.failures();
    actAt = s.actAtNanos();
    upSince = s.upSinceNanos();
    peers = new HaproxyPeers(settings, s, context, effects);
    round = s.round();
    answers = s.answers();
    lookAt = s.lookAtNanos();
    infoAt = s.infoAtNanos();
    killAt = s.killAtNanos();
    full = s.full();
    unprovenUntil = s.unprovenUntilNanos();
    missed = s.missed();
    proven = s.proven();
    repeat = s.repeat();
    told = new TreeMap<>(s.told());
    servers = s.servers();
    trouble = s.trouble();
    comparison = s.comparison();
    last = s.last();
  }

  static boolean mustAct(State s) {
    Target target = s.target();
    if (target == null || !s.unit().known()) {
      return false;
    }
    if (target.wanted() == Wanted.STOPPED) {
      return s.unit().up() || s.unit().comingUp();
    }
    boolean placed = s.files() == Files.IN_PLACE || s.files() == Files.REFUSED;
    boolean again = s.files() == Files.REFUSED && s.unit().up();
    return !s.dormant() && placed && (s.unit().down() || !s.unit().installed() || again);
  }

  HaproxyPeers peers() {
    return peers;
  }

  // Files

  void readFiles() {
    comparison++;
    effects.add(new AgentEffect.ReadFile(READ_CONFIG, settings.configPath()));
    effects.add(new AgentEffect.ReadFile(READ_UNIT, settings.unitPath()));
  }

  void readFilesAnew() {
    files = Files.UNREAD;
    oldConfig = null;
    readFiles();
  }

  private String candidate() {
    return settings.configPath() + ".new";
  }

  void fileRead(String tag, @Nullable String text) {
    if (files != Files.UNREAD) {
      return;
    }
    if (tag.equals(READ_CONFIG)) {
      oldConfig = text == null ? "" : text;
      return;
    }
    String config = HaproxyConfig.text(settings);
    boolean sameConfig = config.equals(oldConfig);
    boolean sameUnit = HaproxyConfig.unit(settings).equals(text);
    oldConfig = null;
    due = due.and(!sameConfig, text != null && !sameUnit);
    if (sameConfig && sameUnit) {
      // An order about them may have failed before.
      if (due.equals(Due.NOTHING)) {
        files = Files.IN_PLACE;
      } else {
        reloadUnits();
      }
      return;
    }
    files = Files.CHECKING;
    effects.add(new AgentEffect.WriteFile(candidate(), config, "0644", ROOT));
    effects.add(
        new AgentEffect.Run(
            CHECK + comparison,
            List.of("/usr/sbin/haproxy", "-c", "-q", "-f", candidate()),
            HaproxyAgent.TOOL_NANOS));
  }

  void writeFailed(String path, String error) {
    files = Files.REFUSED;
    trouble = "cannot write " + path + ": " + error;
    actAt = now;
  }

  void toolDone(AgentEvent.ToolDone done) {
    // An answer about files that were compared before others came means nothing for these.
    if (done.tag().equals(CHECK + comparison)) {
      checked(done);
    } else if (done.tag().equals(UNITS + comparison) && done.exitCode() == 0) {
      inPlace();
    } else if (done.tag().equals(UNITS + comparison)) {
      refused("systemd did not take the unit: " + HaproxyProbe.firstLine(done.stderr()));
    } else if (done.tag().equals(RELOAD)) {
      if (done.exitCode() != 0) {
        due = due.and(true, false);
        refused("HAProxy did not reload: " + HaproxyProbe.firstLine(done.stderr()));
      }
      unprovenUntil = now + HaproxyAgent.RELOAD_NANOS;
      repeat = true;
      lookAt = now;
    }
  }

  private void checked(AgentEvent.ToolDone done) {
    if (done.exitCode() != 0) {
      refused("HAProxy refuses the configuration: " + HaproxyProbe.firstLine(done.stderr()));
      return;
    }
    effects.add(
        new AgentEffect.WriteFile(
            settings.configPath(), HaproxyConfig.text(settings), "0644", ROOT));
    effects.add(
        new AgentEffect.WriteFile(settings.unitPath(), HaproxyConfig.unit(settings), "0644", ROOT));
    reloadUnits();
  }

  private void reloadUnits() {
    files = Files.RELOADING_UNITS;
    effects.add(
        new AgentEffect.Run(UNITS + comparison, AgentEffect.RELOAD_UNITS, HaproxyAgent.TOOL_NANOS));
  }

  private void refused(String why) {
    files = Files.REFUSED;
    actAt = Math.max(actAt, now + (unit.up() ? Backoff.pauseNanos(Integer.MAX_VALUE) : 0));
    if (why.equals(trouble)) {
      return; // said before
    }
    trouble = why;
    effects.add(
        new AgentEffect.Say(
            Notice.warning(
                "haproxy-config-refused",
                node,
                resource,
                why
                    + ". "
                    + (unit.up() ? "The running one goes on as it was." : "It cannot start."))));
  }

  private void inPlace() {
    files = Files.IN_PLACE;
    actAt = now;
    trouble = "";
    if (unit.up() && due.restart()) {
      effects.add(new AgentEffect.StopUnit(settings.unit()));
    } else if (unit.up() && due.reload()) {
      effects.add(
          new AgentEffect.Run(
              RELOAD, List.of("systemctl", "reload", settings.unit()), HaproxyAgent.TOOL_NANOS));
    }
    // One that is just coming up may have read the files of before.
    due = unit.comingUp() ? due : Due.NOTHING;
  }

  // Target and unit

  void targetSet(Target newest) {
    if (target == null || newest.epoch() > target.epoch()) {
      target = newest;
      dormant = newest.epoch() <= inheritedEpoch && !unit.up();
      failures = 0;
      actAt = now;
      if (files == Files.REFUSED) {
        files = Files.UNREAD;
        readFiles();
      }
    }
  }

  void unitChanged(UnitState next) {
    UnitState before = unit;
    unit = next;
    if (next.up() && !before.up()) {
      upSince = now;
      dormant = false;
      missed = 0;
      startOver();
      if (files == Files.IN_PLACE && !due.equals(Due.NOTHING)) {
        inPlace();
      }
    }
    if (!next.up() && before.up()) {
      trouble = wantsStarted() ? next.ending() : "";
      if (upSince >= 0 && now - upSince >= Backoff.STABLE_NANOS) {
        failures = 0;
      }
      upSince = -1;
      answers = Answers.none(now);
      full = "";
      lookAt = Long.MAX_VALUE;
      killAt = Long.MAX_VALUE;
      proven = false;
      told.clear();
      servers = List.of();
    }
    boolean ran = before.up() || before.comingUp() || before.goingDown();
    if (next.down() && (ran || next.refused()) && wantsStarted()) {
      failures++;
      trouble = next.ending();
      actAt = now + Backoff.pauseNanos(failures);
    }
  }

  /// The process knows nothing of what was set: set everything again.
  private void startOver() {
    told.clear();
    proven = false;
    lookAt = now;
    infoAt = now + HaproxyAgent.INFO_NANOS;
    answers = Answers.none(now);
  }

  // The runtime state

  /// Sends what differs from what was told last. Servers are closed before others are opened.
  private void talk() {
    boolean look = !answers.asked() && lookAt <= now;
    if (repeat && look) {
      told.clear();
    }
    HaproxyWishes wanted = new HaproxyWishes(settings, view, peers, writer);
    NavigableMap<String, Wish> wishes = wanted.of(told);
    List<String> commands = new ArrayList<>(HaproxyWishes.commands(wishes, told));
    // What hangs gets one question at a time.
    if (commands.isEmpty() && !look || answers.late() && answers.asked()) {
      return;
    }
    if (told.isEmpty()) {
      repeat = false;
    }
    if (infoAt <= now) {
      infoAt = now + HaproxyAgent.INFO_NANOS;
      commands.add(HaproxyProbe.SHOW_INFO);
    }
    commands.add(HaproxyProbe.SHOW_SERVERS);
    told.clear();
    told.putAll(wishes);
    round++;
    answers = answers.ask(now);
    lookAt = Long.MAX_VALUE;
    effects.add(new AgentEffect.Haproxy(TALK + round, settings.socketPath(), commands));
  }

  void answered(AgentEvent.HaproxyDone done) {
    if (!done.tag().equals(TALK + round) || !unit.up()) {
      return;
    }
    if (AgentEvent.NO_ANSWER.equals(done.error())) {
      answers = answers.givenUp(now);
      lookAgain("no answer on its runtime socket");
      return;
    }
    answers = answers.answered(now);
    done.outputs().forEach(this::infoRead);
    List<ServerState> answer =
        done.error() != null || done.outputs().isEmpty()
            ? null
            : HaproxyProbe.servers(done.outputs().getLast());
    if (answer == null) {
      String error = done.error();
      missed(error == null ? "not understood" : error);
      return;
    }
    missed = 0;
    servers = answer;
    boolean asTold = asTold(answer);
    if (!asTold) {
      repeat = true;
      lookAt = now + HaproxyAgent.RETRY_NANOS;
      trouble = "its servers are not as they must be";
      return;
    }
    proven = true;
    trouble = "";
    lookAt = now + (now < unprovenUntil ? HaproxyAgent.RETRY_NANOS : HaproxyAgent.CALM_NANOS);
    repeat = now < unprovenUntil;
  }

  private void infoRead(String output) {
    if (HaproxyProbe.isInfo(output)) {
      full = HaproxyProbe.full(output);
    }
  }

  /// A process that is stopped or hangs takes the connection and never answers; one whose socket
  /// was removed cannot be asked, and may serve well.
  private void watchTalk() {
    answers = answers.look(now);
    boolean deaf = missed >= HaproxyAgent.FAILED_ANSWERS;
    if (!answers.late() && !deaf) {
      killAt = Long.MAX_VALUE;
      return;
    }
    proven = false;
    long since =
        answers.late() ? answers.hangsSinceNanos() : now - missed * HaproxyAgent.RETRY_NANOS;
    if (killAt == Long.MAX_VALUE) {
      killAt = (answers.late() ? since : now) + HaproxyAgent.KILL_NANOS;
    }
    if (killAt > now) {
      return;
    }
    boolean last = now - since >= HaproxyAgent.KILL_LAST_NANOS * (1 + before());
    if (wantsStarted() && (last || elsewhere())) {
      effects.add(new AgentEffect.KillUnit(settings.unit()));
      killAt = now + HaproxyAgent.ORDER_NANOS;
    } else {
      killAt = now + HaproxyAgent.SECOND;
    }
  }

  /// How many others have their turn before this one, where none serves: never all at once.
  private long before() {
    return settings.servers().stream()
        .map(Server::name)
        .filter(other -> other.compareTo(node) < 0 && !peers.gone(other))
        .count();
  }

  private boolean elsewhere() {
    return settings.servers().stream()
        .map(Server::name)
        .anyMatch(
            other ->
                !other.equals(node)
                    && !peers.gone(other)
                    && view.runState(resource, other) == RunState.STARTED);
  }

  /// When to do something about its answers.
  static long lookAtNanos(State s) {
    long look = s.answers().asked() ? s.answers().dueAtNanos() : s.lookAtNanos();
    return s.unit().up() ? Math.min(look, s.killAtNanos()) : Long.MAX_VALUE;
  }

  private void lookAgain(String why) {
    repeat = true;
    lookAt = now + HaproxyAgent.RETRY_NANOS;
    trouble = why;
  }

  private void missed(String why) {
    missed++;
    lookAgain("no answer on its runtime socket (" + why + ")");
  }

  private boolean asTold(List<ServerState> answer) {
    TreeMap<String, Wish> seen = new TreeMap<>();
    for (ServerState s : answer) {
      seen.put(s.backend() + "/" + s.name(), s.maintenance() ? Wish.MAINTENANCE : Wish.READY);
    }
    TreeMap<String, Wish> wanted = new TreeMap<>(told);
    wanted.replaceAll((server, wish) -> wish == Wish.PROVING ? Wish.READY : wish);
    return seen.equals(wanted);
  }

  // End of the step

  AgentStep<State> end() {
    act();
    watchTalk();
    if (unit.up()) {
      talk();
    }
    Report report = report();
    boolean changed = !report.equals(last) && unit.known();
    State next =
        new State(
            unit,
            target,
            inheritedEpoch,
            dormant,
            files,
            oldConfig,
            due,
            failures,
            actAt,
            upSince,
            peers.suspected(),
            peers.holders(),
            peers.left(),
            peers.swept(),
            round,
            answers,
            lookAt,
            infoAt,
            killAt,
            full,
            unprovenUntil,
            missed,
            proven,
            repeat,
            told,
            servers,
            trouble,
            comparison,
            changed ? report : last);
    return new AgentStep<>(next, effects, changed ? report : null);
  }

  private void act() {
    if (target == null || !unit.known() || actAt > now) {
      return;
    }
    if (!wantsStarted()) {
      if (unit.up() || unit.comingUp()) {
        effects.add(new AgentEffect.StopUnit(settings.unit()));
        actAt = now + HaproxyAgent.ORDER_NANOS;
      }
      return;
    }
    boolean startable = unit.down() || !unit.installed();
    if (startable && !dormant && files == Files.IN_PLACE) {
      effects.add(new AgentEffect.StartUnit(settings.unit()));
      actAt = now + HaproxyAgent.ORDER_NANOS;
    } else if ((startable || unit.up()) && !dormant && files == Files.REFUSED) {
      // The cause may have gone away, e.g. a full disk.
      files = Files.UNREAD;
      readFiles();
      actAt = now + Backoff.pauseNanos(Integer.MAX_VALUE);
    }
  }

  private boolean wantsStarted() {
    return target != null && target.wanted() == Wanted.STARTED;
  }

  private Report report() {
    long acted = target == null ? 0 : target.epoch();
    RunState run = run();
    String detail =
        switch (run) {
          case STARTED -> HaproxyReport.summary(settings, servers, full);
          case FAILED, STARTING -> hangs() ? answers.sentence(QUESTION) : trouble;
          case STOPPED, STOPPING, UNKNOWN -> "";
        };
    NavigableMap<String, String> none = new TreeMap<>();
    return new Report(
        resource, node, run, acted, detail, hangs() ? answers.facts(none, now) : none);
  }

  private boolean hangs() {
    return unit.up() && answers.late();
  }

  private RunState run() {
    boolean stopping = target != null && target.wanted() == Wanted.STOPPED;
    if (unit.up()) {
      if (stopping) {
        return RunState.STOPPING;
      }
      if (answers.late() || missed >= HaproxyAgent.FAILED_ANSWERS) {
        return RunState.FAILED;
      }
      return proven ? RunState.STARTED : RunState.STARTING;
    }
    if (unit.comingUp()) {
      return RunState.STARTING;
    }
    if (unit.goingDown()) {
      return wantsStarted() ? RunState.FAILED : RunState.STOPPING;
    }
    if (!wantsStarted() || dormant) {
      return RunState.STOPPED;
    }
    return failures > 0 || files == Files.REFUSED ? RunState.FAILED : RunState.STARTING;
  }
}
