package io.trivet.services.story;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Presence;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Roster;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.AgentStep;
import io.trivet.services.agent.OnDisk;
import io.trivet.services.agent.ResourceAgent;
import io.trivet.services.unit.Writable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Plays a story to an agent and compares what it does with what the story says.
///
/// A line `> …` is something that happens; the lines under it are what the agent does and reports.
/// `> until 3.5` lets time pass to 3.5 s, with a tick whenever the agent wants one. A line `#` is a
/// remark. Run the tests with `-Dstories=write` to write down what the agents do now, and read the
/// difference.
///
/// @param <S> the agent's state
public final class Story<S> {
  private static final long SECOND = 1_000_000_000L;
  private static final List<String> NODES = List.of("c1", "c2", "c3");

  private final ResourceAgent<S> agent;
  private final String name;
  private final String node;
  private final TreeMap<String, String> haproxy = new TreeMap<>();
  private final List<String> out = new ArrayList<>();
  private ClusterState view;
  private long nowNanos;
  private long lastTrace;
  private @Nullable S state;
  private AgentEffect.@Nullable Haproxy asked;
  private int connections = 1;

  /// Why nothing can be written where the data is; `silent` if the disk does not answer.
  private String disk = "";

  private Story(ResourceAgent<S> agent, String name, String node) {
    this.agent = agent;
    this.name = name;
    this.node = node;
    Command file =
        new Command.SetClusterFile("lab", new Roster(NODES, resources(agent), List.of("public")));
    view = ClusterState.empty().apply(1, Proposal.of(0, "test", file)).state();
  }

  /// The agent's own, an API beside it, and a VIP.
  private static List<String> resources(ResourceAgent<?> agent) {
    return Stream.of(agent.resource(), "keystone", "public").distinct().toList();
  }

  /// Plays the story `stories/NAME.story` of the test's package to the agent on `node`.
  public static <S> void play(
      ResourceAgent<S> agent, String node, String packageName, String name) {
    String path = "/io/trivet/services/" + packageName + "/" + name + ".story";
    String expected = read(path);
    Story<S> story = new Story<>(agent, packageName, node);
    String actual = story.run(expected);
    if ("write".equals(System.getProperty("stories"))) {
      write(Path.of("src/test/resources" + path), actual);
      return;
    }
    assertEquals(expected, actual);
  }

  private String run(String text) {
    for (String line : text.lines().toList()) {
      if (line.startsWith("#") || line.isBlank()) {
        out.add(line);
      } else if (line.startsWith(">")) {
        out.add(line);
        happens(line.substring(1).strip());
      }
    }
    return String.join("\n", out) + "\n";
  }

  private void happens(String line) {
    String[] word = line.split(" ");
    switch (word[0]) {
      case "begins" -> take(agent.initial(context()));
      case "takes" -> take(agent.takeOver(Objects.requireNonNull(state), context()));
      case "at" -> nowNanos = nanos(word[1]);
      case "until" -> until(nanos(word[1]));
      case "present" -> presence(word, Presence.PRESENT);
      case "absent" -> presence(word, Presence.GONE);
      case "decided" -> decided(rest(word, 1));
      case "holder" -> {
        apply(new Command.AssignVip("public", word[1], List.of(), "story"));
        seeView();
      }
      case "target" -> target(word);
      case "inherits" ->
          apply(new Command.SetTarget(agent.resource(), node, Wanted.STARTED, word[1], "story"));
      case "unit" -> give(new AgentEvent.UnitChanged(word[1], word[2], word[3], rest(word, 4)));
      case "tool" ->
          give(
              new AgentEvent.ToolDone(
                  word[1], Integer.parseInt(word[2]), text(word, 3), text(word, 4)));
      case "sql" -> give(sql(word));
      case "haproxy" -> give(haproxyAnswers(word));
      case "probe" -> give(new AgentEvent.ProbeDone(word[1], word[2].equals("ok"), rest(word, 3)));
      case "disk" -> disk = word[1].equals("good") ? "" : rest(word, 1);
      case "connections" -> connections = Integer.parseInt(word[1]);
      case "cpu" -> give(new AgentEvent.CpuUsed(word[1], nanos(word[2])));
      case "peer" -> peer(word);
      case "file" -> give(new AgentEvent.FileRead(word[1], file(word)));
      case "folder" -> give(new AgentEvent.FolderListed(word[1], folder(word)));
      case "gone" -> give(new AgentEvent.PeerGone(word[1]));
      case "lease" -> give(new AgentEvent.LeaseChanged(word[1].equals("held")));
      case "back" -> give(new AgentEvent.PeerBack(word[1]));
      case "unwritable" -> give(new AgentEvent.WriteFailed(word[1], rest(word, 2)));
      default -> throw new IllegalArgumentException("unknown word in a story: " + line);
    }
  }

  private void until(long end) {
    S now = Objects.requireNonNull(state);
    int ticks = 0;
    while (agent.dueAtNanos(now) <= end) {
      nowNanos = Math.max(nowNanos, agent.dueAtNanos(now));
      give(new AgentEvent.Tick());
      now = Objects.requireNonNull(state);
      if (++ticks > 1_000) {
        throw new IllegalStateException("the agent never rests");
      }
    }
    nowNanos = end;
  }

  private void presence(String[] word, Presence presence) {
    for (int i = 1; i < word.length; i++) {
      apply(new Command.NodePresence(word[i], presence));
    }
    seeView();
  }

  /// Another controller's report: its run state, and whether it hangs there.
  private void peer(String[] word) {
    TreeMap<String, String> facts = new TreeMap<>();
    for (int i = 3; i < word.length; i++) {
      int equals = word[i].indexOf('=');
      facts.put(word[i].substring(0, equals), word[i].substring(equals + 1));
    }
    RunState run = RunState.valueOf(word[2]);
    String resource = facts.getOrDefault("of", agent.resource());
    facts.remove("of");
    Report report = new Report(resource, word[1], run, 0, "", facts);
    apply(new Command.Observe(word[1], List.of(report)));
    seeView();
  }

  private void decided(String assignment) {
    int equals = assignment.indexOf('=');
    apply(
        new Command.SetAttribute(
            assignment.substring(0, equals), assignment.substring(equals + 1), "story"));
    seeView();
  }

  private void seeView() {
    if (state != null) {
      give(new AgentEvent.ViewChanged(view));
    }
  }

  private void apply(Command command) {
    long millis = 1 + nowNanos / 1_000_000;
    view = view.apply(view.index() + 1, Proposal.of(millis, "test", command)).state();
  }

  private void target(String[] word) {
    if (word[1].equals("inherited")) {
      give(new AgentEvent.TargetSet(Objects.requireNonNull(view.target(agent.resource(), node))));
      return;
    }
    Wanted wanted = word[1].equals("started") ? Wanted.STARTED : Wanted.STOPPED;
    apply(new Command.SetTarget(agent.resource(), node, wanted, word[2], "story"));
    Target newest = Objects.requireNonNull(view.target(agent.resource(), node));
    give(new AgentEvent.TargetSet(newest));
  }

  private AgentEvent sql(String[] word) {
    if (word[2].equals("error")) {
      return new AgentEvent.SqlDone(word[1], List.of(), rest(word, 3));
    }
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (String line : resource(word[2]).lines().toList()) {
      List<@Nullable String> columns = new ArrayList<>();
      for (String column : line.split("\t", -1)) {
        columns.add(column);
      }
      rows.add(columns);
    }
    for (int i = 3; i < word.length; i++) {
      int equals = word[i].indexOf('=');
      String key = word[i].substring(0, equals);
      rows.removeIf(r -> key.equals(r.getFirst()));
      rows.add(List.of(key, word[i].substring(equals + 1)));
    }
    return new AgentEvent.SqlDone(word[1], rows, null);
  }

  /// Does what the last talk asked for, as HAProxy would, and answers with what it then sees.
  private AgentEvent haproxyAnswers(String[] word) {
    AgentEffect.Haproxy talk = Objects.requireNonNull(asked, "nothing was asked");
    if (word[1].equals("error")) {
      return new AgentEvent.HaproxyDone(talk.tag(), List.of(), rest(word, 2));
    }
    if (word[1].equals("restarted")) {
      haproxy.clear();
    }
    List<String> outputs = new ArrayList<>();
    for (String command : talk.commands()) {
      String[] part = command.split(" ");
      if (part[0].equals("set") && part[3].equals("state") && !word[1].equals("ignores")) {
        haproxy.put(part[2], part[4].equals("maint") ? "0 1" : "2 0");
      }
      outputs.add(
          command.equals("show info")
              ? "Name: HAProxy\nMaxconn: 8192\nCurrConns: " + connections + "\n"
              : part[0].equals("show") ? showServers() : "\n");
    }
    return new AgentEvent.HaproxyDone(talk.tag(), outputs, null);
  }

  private String showServers() {
    StringBuilder answer =
        new StringBuilder("1\n# be_name srv_name srv_op_state srv_admin_state\n");
    haproxy.forEach(
        (server, is) ->
            answer.append(server.replace('/', ' ')).append(' ').append(is).append('\n'));
    return answer.toString();
  }

  private OnDisk<String> file(String[] word) {
    return switch (word[2]) {
      case "none" -> new OnDisk.Absent<>();
      case "unreadable" -> new OnDisk.Unreadable<>(rest(word, 3));
      default -> new OnDisk.There<>(resource(word[2]));
    };
  }

  private static OnDisk<List<String>> folder(String[] word) {
    return switch (word[2]) {
      case "none" -> new OnDisk.Absent<>();
      case "unreadable" -> new OnDisk.Unreadable<>(rest(word, 3));
      default -> new OnDisk.There<>(List.of(word[2].split(",")));
    };
  }

  private String text(String[] word, int at) {
    if (at >= word.length || word[at].equals("-")) {
      return "";
    }
    return word[at].startsWith("@") ? resource(word[at]) : rest(word, at);
  }

  private String resource(String word) {
    return read("/io/trivet/services/" + name + "/" + word.substring(1));
  }

  private void give(AgentEvent event) {
    take(
        agent.step(
            Objects.requireNonNull(state, "a story starts with > begins"), event, context()));
  }

  private AgentContext context() {
    return new AgentContext(nowNanos, node, view);
  }

  private void take(AgentStep<S> step) {
    state = step.state();
    List<String> lines = new ArrayList<>();
    for (AgentEffect effect : step.effects()) {
      if (effect instanceof AgentEffect.Haproxy talk) {
        asked = talk;
      }
      // Asked all the time, or while something hangs; what a story needs to tell is the answer.
      boolean often =
          effect instanceof AgentEffect.UnitCpu || effect instanceof AgentEffect.WritableProbe;
      if (!often) {
        lines.add("  " + told(effect));
      }
    }
    Report report = step.report();
    if (report != null) {
      String facts = report.facts().isEmpty() ? "" : " " + report.facts();
      String detail = report.detail().isEmpty() ? "" : ": " + report.detail();
      lines.add("  reports " + report.run() + " for " + report.actedEpoch() + detail + facts);
    }
    if (!lines.isEmpty() && nowNanos != lastTrace) {
      out.add("  at " + seconds(nowNanos));
      lastTrace = nowNanos;
    }
    out.addAll(lines);
    for (AgentEffect effect : step.effects()) {
      if (effect instanceof AgentEffect.WritableProbe && !"silent".equals(disk)) {
        give(new AgentEvent.ProbeDone(Writable.TAG, disk.isEmpty(), disk));
      }
    }
  }

  private static String told(AgentEffect effect) {
    return switch (effect) {
      case AgentEffect.StartUnit e -> "start " + e.unit();
      case AgentEffect.StopUnit e -> "stop " + e.unit();
      case AgentEffect.KillUnit e -> "kill " + e.unit();
      case AgentEffect.WriteFile e ->
          "write " + e.path() + " (" + e.owner() + " " + e.mode() + brief(e.text()) + ")";
      case AgentEffect.ReadFile e -> "read " + e.path() + " as " + e.tag();
      case AgentEffect.ListFolder e -> "list " + e.path() + " as " + e.tag();
      case AgentEffect.Run e -> "run " + String.join(" ", e.argv()) + " as " + e.tag();
      case AgentEffect.Sql e -> "sql " + String.join("; ", e.statements()) + " as " + e.tag();
      case AgentEffect.Haproxy e ->
          "tell " + e.socket() + ": " + String.join("; ", e.commands()) + " as " + e.tag();
      case AgentEffect.TcpProbe e -> "connect to " + e.host() + ":" + e.port() + " as " + e.tag();
      case AgentEffect.HttpProbe e ->
          "get http://" + e.host() + ":" + e.port() + e.path() + " as " + e.tag();
      case AgentEffect.AmqpProbe e ->
          "ask the broker on " + e.host() + ":" + e.port() + " as " + e.tag();
      case AgentEffect.MemcachedProbe e ->
          "ask memcached on " + e.host() + ":" + e.port() + " as " + e.tag();
      case AgentEffect.WritableProbe e -> "see whether " + e.folder() + " can be written";
      case AgentEffect.UnitCpu e -> "look at the processor time of " + e.unit();
      case AgentEffect.EndConnections e ->
          "end connections with " + String.join(" ", e.addresses()) + told(e.ports());
      case AgentEffect.Say e -> "says " + e.notice().id() + ": " + e.notice().text();
    };
  }

  private static String told(AgentEffect.Ports ports) {
    return ports.named().isEmpty()
        ? ""
        : (ports.only() ? ", only of ports " : ", but not of ports ")
            + ports.named().stream().map(String::valueOf).collect(Collectors.joining(" and "));
  }

  /// The text of a small file on one line, nothing of a large one.
  private static String brief(String text) {
    return text.lines().count() > 8 ? "" : ": " + text.strip().replace("\n", " | ");
  }

  private static String rest(String[] word, int from) {
    return Stream.of(word).skip(from).collect(Collectors.joining(" "));
  }

  private static long nanos(String seconds) {
    return Math.round(Double.parseDouble(seconds) * SECOND);
  }

  private static String seconds(long nanos) {
    long millis = nanos / 1_000_000;
    return millis / 1000 + "." + String.valueOf(1000 + millis % 1000).substring(1);
  }

  private static String read(String path) {
    try (InputStream in = Story.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalArgumentException("no such test resource: " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path path, String text) {
    try {
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
