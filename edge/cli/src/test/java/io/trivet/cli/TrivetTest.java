package io.trivet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrivetTest {
  private static final String EXAMPLE = "../../docs/examples/cluster.yaml";
  private static final String WRONG =
      "../../core/cluster/src/test/resources/cluster-file/ports.yaml";

  @TempDir Path folder = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private int watched;

  private Path socket() {
    return folder.resolve("control.sock");
  }

  private int run(String... args) {
    Surroundings surroundings =
        new Surroundings(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            socket(),
            false,
            false,
            () -> 1_000_000L,
            millis -> ++watched < 3);
    return Trivet.commandLine(surroundings, args).execute(args);
  }

  @Test
  void theVersionIsThatOfTheBuild() {
    assertTrue(Version.line().matches("trivet [0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)?"));
    assertEquals(0, run("--version"));
    assertEquals(Version.line() + "\n", out.toString());
  }

  @Test
  void eachCommandIsMadeWhereItIsNamed() {
    Surroundings surroundings =
        new Surroundings(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            socket(),
            false,
            false,
            () -> 1_000_000L,
            millis -> false);
    Set<String> all = Trivet.commandLine(surroundings).getSubcommands().keySet();
    assertTrue(all.contains("simulate"), all.toString());
    for (String name : all) {
      Set<String> made = Trivet.commandLine(surroundings, name).getSubcommands().keySet();
      assertEquals(name.equals("completion") ? all : Set.of(name), made);
    }
    assertEquals(all, Trivet.commandLine(surroundings, "--help").getSubcommands().keySet());
  }

  @Test
  void validateAcceptsAndRefuses() {
    assertEquals(0, run("validate", EXAMPLE));
    assertEquals(
        EXAMPLE + " is right: cluster lab, 3 controllers, 1 VIP, 2 APIs\n", out.toString());
    assertEquals("", err.toString());
    assertEquals(1, run("validate", WRONG));
    assertTrue(
        err.toString()
            .contains(
                WRONG
                    + ":8:17: error: \"port\" of \"broker\" is \"0\"\n"
                    + "    8 | broker: { port: 0 }\n"
                    + "      |                 ^\n"
                    + "    allowed: a number 1-65535\n"),
        err.toString());
    assertTrue(err.toString().contains("    nearest: public\n"), err.toString());
    assertTrue(err.toString().endsWith(WRONG + ": 8 errors\n"), err.toString());
  }

  @Test
  void whatCannotBeReadIsToldApartFromWhatIsWrong() throws IOException {
    assertEquals(2, run("validate", folder.resolve("none.yaml").toString()));
    assertEquals(2, run("validate", folder.toString()));
    assertEquals(2, run("validate"));
    Path binary = folder.resolve("binary.yaml");
    Files.write(binary, new byte[] {(byte) 0xff, 0, 1});
    assertEquals(1, run("validate", binary.toString()));
    assertTrue(err.toString().contains("the file is not text in UTF-8"));
  }

  @Test
  void expandShowsTheSameAsTextAndAsJson() {
    assertEquals(0, run("expand", EXAMPLE));
    assertTrue(out.toString().contains("clone galera-clone"));
    out.getBuffer().setLength(0);
    assertEquals(0, run("expand", "--json", EXAMPLE));
    JsonObject json = JsonParser.parseString(out.toString()).getAsJsonObject();
    assertEquals("lab", json.get("cluster").getAsString());
    assertEquals(
        "trivet:galera",
        json.getAsJsonArray("resources")
            .get(0)
            .getAsJsonObject()
            .getAsJsonObject("resource")
            .get("agent")
            .getAsString());
    assertEquals(1, run("expand", WRONG));
  }

  @Test
  void withoutADaemonItSaysHowToStartIt() throws IOException {
    assertEquals(3, run("status"));
    assertTrue(err.toString().contains("does not run on this machine"), err.toString());
    assertTrue(err.toString().contains("systemctl start trivetd"), err.toString());
    try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(socket()));
    }
    assertTrue(Files.exists(socket()), "a killed daemon leaves its socket");
    assertEquals(3, run("status"));
    assertTrue(err.toString().contains("nobody listens"), err.toString());
  }

  @Test
  void aDaemonThatTakesTheRequestAndIsFrozenCostsAMessage() throws IOException {
    try (ServerSocketChannel frozen = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      frozen.bind(UnixDomainSocketAddress.of(socket()));
      ControlClient client = new ControlClient(socket());
      JsonObject request = new JsonObject();
      try {
        client.ask(request, 1);
        assertFalse(true, "nobody answered, and it was taken for an answer");
      } catch (Refused refused) {
        assertEquals(
            "the Trivet daemon took the request and did not answer within 1 s",
            refused.getMessage());
      }
    }
  }

  @Test
  void whatTheDaemonRefusesIsToldWithItsExitCode() throws IOException {
    String refusal =
        "{\"ok\":false,\"what\":\"c9 is no controller\",\"do\":\"known are: c1\",\"exit\":2}";
    try (TestDaemon daemon = new TestDaemon(socket(), request -> List.of(refusal))) {
      assertEquals(2, run("node", "standby", "c9"));
      assertEquals("trivet: c9 is no controller\n        known are: c1\n", err.toString());
      assertEquals("", out.toString());
      assertEquals("node-standby", daemon.requests.remove().get("command").getAsString());
    }
  }

  @Test
  void aDaemonThatEndsOrStammersIsNotAnAnswer() throws IOException {
    try (TestDaemon daemon = new TestDaemon(socket(), request -> List.of())) {
      assertEquals(3, run("status"));
      assertTrue(err.toString().contains("ended without an answer"), err.toString());
      assertEquals(1, daemon.requests.size());
    }
    Files.delete(socket());
    try (TestDaemon daemon = new TestDaemon(socket(), request -> List.of("{{{"))) {
      assertEquals(1, run("status"));
      assertTrue(err.toString().contains("is not understood"), err.toString());
      assertEquals(1, daemon.requests.size());
    }
  }

  @Test
  void everyChangeSendsWhatItSays() throws IOException {
    try (TestDaemon daemon =
        new TestDaemon(socket(), request -> List.of("{\"ok\":true,\"millis\":31}"))) {
      assertEquals(0, run("resource", "move", "public", "c2"));
      assertEquals(0, run("resource", "clear", "public"));
      assertEquals(0, run("resource", "accept-loss", "galera", "--node", "c3"));
      assertEquals(0, run("resource", "accept-loss", "galera", "--undo"));
      assertEquals(2, run("resource", "accept-loss", "galera"));
      assertEquals(2, run("resource", "accept-loss", "galera", "--node", "c3", "--undo"));
      assertEquals(0, run("node", "standby", "c1"));
      assertEquals(0, run("node", "online", "c1"));
      assertEquals(
          "[{\"command\":\"resource-move\",\"resource\":\"public\",\"node\":\"c2\"},"
              + " {\"command\":\"resource-clear\",\"resource\":\"public\"},"
              + " {\"command\":\"accept-loss\",\"resource\":\"galera\",\"node\":\"c3\"},"
              + " {\"command\":\"withdraw-loss\",\"resource\":\"galera\"},"
              + " {\"command\":\"node-standby\",\"node\":\"c1\"},"
              + " {\"command\":\"node-online\",\"node\":\"c1\"}]",
          daemon.requests.toString());
      assertTrue(out.toString().startsWith("public is on c2, after 31 ms."), out.toString());
    }
  }

  @Test
  void aWrongClusterFileNeverReachesTheDaemon() throws IOException {
    try (TestDaemon daemon = new TestDaemon(socket(), request -> List.of("{\"ok\":true}"))) {
      assertEquals(1, run("cluster", "apply", WRONG));
      assertTrue(err.toString().endsWith("Nothing was changed.\n"), err.toString());
      assertEquals(0, daemon.requests.size());
      assertEquals(0, run("cluster", "apply", "--yes", "--no-follow", EXAMPLE));
      assertEquals(
          Files.readString(Path.of(EXAMPLE)), applied(daemon).getFirst().get("text").getAsString());
    }
  }

  @Test
  void aClusterFileIsNotAppliedWithoutConsent() throws IOException {
    String example = Files.readString(Path.of(EXAMPLE));
    JsonObject there = new JsonObject();
    there.addProperty("ok", true);
    there.addProperty("text", example.replace("timing: standard", "timing: fast"));
    try (TestDaemon daemon = new TestDaemon(socket(), request -> List.of(there.toString()))) {
      assertEquals(2, run("cluster", "apply", EXAMPLE));
      assertEquals(0, run("cluster", "apply", "--dry-run", EXAMPLE));
      assertTrue(out.toString().contains("timing: fast becomes standard"), out.toString());
      assertTrue(out.toString().contains("nothing starts anew"), out.toString());
      assertEquals(List.of(), applied(daemon));
    }
  }

  @Test
  void whoCannotBeAskedIsNamedToTheDaemon() throws IOException {
    try (TestDaemon daemon = new TestDaemon(socket(), request -> List.of("{\"ok\":true}"))) {
      assertEquals(
          0,
          run("cluster", "apply", "--yes", "--no-follow", "--without-checking", "c2,c3", EXAMPLE));
      assertEquals("c2,c3", applied(daemon).getFirst().get("withoutChecking").getAsString());
    }
  }

  @Test
  void aClusterFileThatChangesNothingSaysSo() throws IOException {
    String example = Files.readString(Path.of(EXAMPLE));
    JsonObject there = new JsonObject();
    there.addProperty("ok", true);
    there.addProperty("text", example);
    try (TestDaemon daemon = new TestDaemon(socket(), request -> List.of(there.toString()))) {
      assertEquals(0, run("cluster", "apply", EXAMPLE));
      assertTrue(out.toString().startsWith("Nothing changes: the cluster has"), out.toString());
      assertEquals(List.of(), applied(daemon));
      there.addProperty("text", "# other words\n" + example);
      assertEquals(0, run("cluster", "apply", EXAMPLE));
      assertTrue(out.toString().contains("comments or layout only"), out.toString());
      assertEquals(1, applied(daemon).size());
    }
  }

  private static List<JsonObject> applied(TestDaemon daemon) {
    return daemon.requests.stream()
        .filter(request -> request.get("command").getAsString().equals("cluster-apply"))
        .toList();
  }

  @Test
  void statusWatchesAndGivesJson() throws IOException {
    String answer = "{\"ok\":true,\"cluster\":\"lab\",\"leader\":null,\"healthy\":true}";
    try (TestDaemon daemon = new TestDaemon(socket(), request -> List.of(answer))) {
      assertEquals(0, run("status", "--watch", "--json"));
      String line = "{\"cluster\":\"lab\",\"leader\":null,\"healthy\":true}\n";
      assertEquals(line.repeat(3), out.toString());
      assertEquals(3, daemon.requests.size());
    }
  }

  @Test
  void eventsAreLinesAndCanBeFollowed() throws IOException {
    String first =
        "{\"id\":\"vip-moved\",\"severity\":\"INFO\",\"atMillis\":1,\"node\":\"c2\",\"subject\":\"public\",\"text\":\"VIP"
            + " public is on c2.\"}";
    String second =
        "{\"id\":\"node-gone\",\"severity\":\"CRITICAL\",\"atMillis\":2,\"node\":\"c1\",\"subject\":\"c1\",\"text\":\"c1"
            + " is silent.\",\"runbook\":\"node-gone\"}";
    try (TestDaemon daemon =
        new TestDaemon(
            socket(),
            request ->
                request.get("follow").getAsBoolean()
                    ? List.of(first, second)
                    : List.of("{\"ok\":true,\"events\":[" + first + "," + second + "]}"))) {
      assertEquals(0, run("events", "--json", "--since", "10m"));
      assertEquals(first + "\n" + second + "\n", out.toString());
      assertEquals(400_000, daemon.requests.remove().get("sinceMillis").getAsLong());
      out.getBuffer().setLength(0);
      assertEquals(3, run("events", "--follow"), "the daemon went away while it was followed");
      List<String> lines = out.toString().lines().toList();
      assertEquals(2, lines.size());
      assertTrue(lines.get(0).endsWith("  c2    vip-moved               VIP public is on c2."));
      assertTrue(
          lines
              .get(1)
              .endsWith(
                  "CRITICAL  c1    node-gone               c1 is silent.  (trivet runbook"
                      + " node-gone)"));
    }
  }

  @Test
  void sinceIsASpanOrATime() throws Refused {
    assertEquals(70_000, EventsCommand.sinceMillis("30s", 100_000, ZoneOffset.UTC));
    assertEquals(86_400_000L, EventsCommand.sinceMillis("1970-01-02 00:00", 5, ZoneOffset.UTC));
    assertEquals(2, run("events", "--since", "yesterday"));
    assertTrue(err.toString().contains("--since yesterday is no time"), err.toString());
  }

  @Test
  void completionKnowsTheCommands() {
    assertEquals(0, run("completion"));
    assertTrue(out.toString().contains("accept-loss"));
  }

  @Test
  void certificatesAreMadeForEveryController() {
    Path tls = folder.resolve("tls");
    assertEquals(0, run("certificates", "create", EXAMPLE, "--out", tls.toString()), err::toString);
    assertTrue(Files.exists(tls.resolve("c3/node.key")));
    assertTrue(out.toString().contains("copy " + tls + "/c1/* to /etc/trivet/tls of c1"));
    assertEquals(1, run("certificates", "create", WRONG, "--out", tls.toString()));
  }

  @Test
  void aRunbookIsAtHandOnTheController() throws IOException {
    assertEquals(0, run("runbook", "controller-gone"));
    assertTrue(out.toString().contains("What to do."), out.toString());
    assertFalse(out.toString().contains("**"), out.toString());
    assertEquals(2, run("runbook", "controler-gone"));
    assertTrue(err.toString().contains("command-refused, controller-gone, "), err.toString());
  }

  @Test
  void everyPageIsInTheList() throws IOException {
    assertEquals(0, run("runbook"));
    List<String> listed = out.toString().lines().map(l -> l.split(" ", 2)[0] + ".md").toList();
    try (Stream<Path> pages = Files.list(Path.of("../../docs/runbooks"))) {
      assertEquals(
          pages
              .map(p -> p.getFileName().toString())
              .filter(n -> !n.equals("README.md"))
              .sorted()
              .toList(),
          listed);
    }
  }
}
