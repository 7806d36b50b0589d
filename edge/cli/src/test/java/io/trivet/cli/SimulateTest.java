package io.trivet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SimulateTest {
  /// Three controllers; c3 held the VIP and is gone without a word.
  private static final String LOST = "src/test/resources/cib/lost-controller.xml";

  @TempDir Path folder = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    Surroundings surroundings =
        new Surroundings(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            folder.resolve("control.sock"),
            false,
            false,
            () -> 1_785_499_200_000L,
            millis -> false);
    return Trivet.commandLine(surroundings, args).execute(args);
  }

  private String told(String... args) {
    out.getBuffer().setLength(0);
    assertEquals(0, run(args), err::toString);
    return out.toString();
  }

  @Test
  void tellsTheStoryToAnOperator() {
    assertEquals(
        """
        As of 2026-07-31 12:00:00 UTC: 2 of 3 nodes online, quorum, decided by c1.

        What is wrong:
          - Node c3 is unclean: peer is no longer part of the cluster; it may still run vip-public, haproxy:2.

        What would become of the resources:
          Move  vip-public  c3 -> c2  because c3 is unclean
          Stop  haproxy:2   c3        because no node may run it

        What would be done; what stands in one step needs nothing of the others in it:
          1. fence c3 (reboot): peer is no longer part of the cluster
          2. start vip-public on c2

        What would still be wrong then:
          - Node c3 is offline.
        """,
        told("simulate", LOST));
  }

  @Test
  void printsInTheLayoutOfPacemaker() {
    String text = told("simulate", "--format", "pacemaker", LOST);
    assertTrue(text.startsWith("Using the original execution date of: 2026-07-31 12:00:00Z\n"));
    List<String> headings =
        List.of(
            "Current cluster status:",
            "Transition Summary:",
            "Executing Cluster Transition:",
            "Revised Cluster Status:");
    int at = -1;
    for (String heading : headings) {
      int next = text.indexOf(heading);
      assertTrue(next > at, heading);
      at = next;
    }
    assertTrue(text.contains("  * Fence (reboot) c3 'peer is no longer part of the cluster'\n"));
  }

  @Test
  void writesAFileForEachInput() throws IOException {
    Path other = folder.resolve("other.xml");
    Files.copy(Path.of(LOST), other);
    Path made = folder.resolve("made");
    told(
        "simulate",
        "--out",
        made.toString(),
        "--scores",
        "--graph",
        "--json",
        LOST,
        other.toString());
    for (String name : List.of("lost-controller", "other")) {
      assertTrue(Files.readString(made.resolve(name + ".summary")).startsWith("As of "));
      assertTrue(
          Files.readString(made.resolve(name + ".scores"))
              .contains("vip-public allocation score on c2: 100\n"));
      assertTrue(Files.readString(made.resolve(name + ".dot")).startsWith("digraph "));
      JsonObject json =
          JsonParser.parseString(Files.readString(made.resolve(name + ".json"))).getAsJsonObject();
      JsonArray fencing = json.getAsJsonArray("fencing");
      assertEquals("c3", fencing.get(0).getAsJsonObject().get("node").getAsString());
    }
  }

  @Test
  void supposesWhatIsNotSo() {
    assertTrue(told("simulate", "--node-fail", "c2", LOST).contains("start vip-public on c1"));
    assertTrue(told("simulate", "--standby", "c2", LOST).contains("Node c2 is in standby"));
    assertTrue(told("simulate", "--quorum", "no", LOST).contains("NO QUORUM"));
    assertTrue(told("simulate", "--fail", "fence", LOST).contains("Recover  fence"));
    String up = told("simulate", "--node-up", "c3", LOST);
    assertTrue(up.contains("3 of 3 nodes online") && up.contains("Move  vip-public  c3 -> c2"), up);
    assertEquals(1, run("simulate", "--node-down", "c9", LOST));
    assertTrue(err.toString().contains(LOST + ": No node c9"), err.toString());
    assertEquals(2, run("simulate", "--quorum", "perhaps", LOST));
    assertEquals(2, run("simulate", "--ticket", "site", LOST));
  }

  @Test
  void oneWrongFileDoesNotKeepTheOthersBack() throws IOException {
    Path wrong = folder.resolve("wrong.xml");
    Files.writeString(wrong, "<cib><configuration>");
    Path made = folder.resolve("made");
    assertEquals(1, run("simulate", "--out", made.toString(), wrong.toString(), LOST));
    assertTrue(Files.exists(made.resolve("lost-controller.summary")));
    assertTrue(err.toString().startsWith("trivet: " + wrong + ":1:"), err.toString());
    assertEquals(2, run("simulate", folder.resolve("none.xml").toString()));
    assertEquals(2, run("simulate", "--at", "noon", LOST));
    assertEquals(2, run("simulate", "--graph", "--json", LOST));
    // Without a file it is the running cluster, and here none runs.
    assertEquals(3, run("simulate"));
  }

  @Test
  void aClusterFileCanBeTriedOnARecordedState() throws IOException {
    String file =
        """
        trivet: 1
        name: lab
        timing: fast
        controllers: { c1: 10.77.0.11, c2: 10.77.0.12, c3: 10.77.0.13 }
        vips: { public: { address: [10.77.0.100/24, "fd77::100/64"], interface: eth0, namespace: vip } }
        database: mariadb
        broker: rabbitmq
        load-balancer: haproxy
        apis: [keystone]
        """;
    Path with = folder.resolve("with.yaml");
    Path without = folder.resolve("without.yaml");
    Files.writeString(with, file + "cache: memcached\n");
    Files.writeString(without, file);
    String state = "src/test/resources/cib/running-lab.xml";
    String same = told("simulate", with.toString(), "--state", state);
    assertTrue(same.endsWith("\nNothing is wrong.\n\nNothing would be done.\n"), same);
    String less = told("simulate", without.toString(), "--state", state);
    assertTrue(
        less.contains("  Stop  memcached  c1  because it is not configured any more\n"), less);
    assertTrue(told("simulate", with.toString()).contains("Start  galera:0"), out::toString);
    assertEquals(2, run("simulate", LOST, "--state", state));
  }

  @Test
  void importsIntoANewFile() throws IOException {
    Path made = folder.resolve("cluster.yaml");
    String[] words = {
      "import",
      "--out",
      made.toString(),
      "--address",
      "c1=192.0.2.1",
      "--address",
      "c2=192.0.2.2",
      "--address",
      "c3=192.0.2.3",
      LOST
    };
    assertEquals("", told(words));
    assertTrue(err.toString().contains(LOST + ":17: <primitive id=fence>: a fence device"));
    assertTrue(
        err.toString().endsWith(made + " is complete; look at it with: trivet expand FILE\n"));
    assertEquals(0, run("validate", made.toString()), err::toString);
    assertEquals(1, run(words), "it does not overwrite");
    assertTrue(told("import", LOST).startsWith("trivet: 1\nname: town\n"));
    assertTrue(err.toString().endsWith("3 things to write in; then: trivet validate FILE\n"));
  }
}
