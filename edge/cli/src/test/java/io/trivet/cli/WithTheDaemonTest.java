package io.trivet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.expand.Resource;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Controller;
import io.trivet.cluster.file.Reading;
import io.trivet.cluster.file.Vip;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Presence;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Roster;
import io.trivet.cluster.state.RunState;
import io.trivet.daemon.control.ControlSocket;
import io.trivet.daemon.control.StatusJson;
import io.trivet.scheduler.Problem;
import io.trivet.services.controller.ServiceSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Both ends of the control socket together: the daemon's own socket and status, and what the
/// command makes of them.
final class WithTheDaemonTest {
  private static final long NOW_MILLIS = 1_800_000_000_000L;

  @TempDir Path folder = Path.of("");

  @Test
  void statusIsReadAsTheDaemonMeansIt() throws IOException {
    ClusterFile file = example();
    ClusterState state = state(file);
    ServiceSet services = new ServiceSet(file, Expansion.of(file), List.of(), new TreeMap<>());
    StatusJson status =
        new StatusJson(
            new StatusJson.Knowledge(
                "c2",
                state,
                services,
                Map.of(),
                peer -> 0,
                "c2",
                true,
                0,
                false,
                List.of(new Problem("c3", "c3 is gone since 9 s.", "Look at its power."))));
    String expected =
        """
        cluster lab   DEGRADED   quorum 2 of 3   leader c2   asked on c2

                     c1                c2           c3
        address      10.77.0.11        10.77.0.12   10.77.0.13
        controller   present           leader       GONE 9 s
        VIP public   answers           heir 1       -            10.77.0.100/24 fd77::100/64
        galera       started (first)   ?            ?
        rabbitmq     started           ?            ?
        memcached    started           ?            ?
        haproxy      started           ?            ?
        keystone     started           ?            ?
        glance       started           ?            ?

        What is wrong, and what to do
          ! c3 is gone since 9 s.
            Look at its power.
        """;
    assertEquals(expected, asked(status, "status"));
  }

  /// Its daemon hangs: what it reported last is shown as old, and not taken for what is.
  @Test
  void reportsThatNobodyConfirmsAreShownAsOld() throws IOException {
    ClusterFile file = example();
    ServiceSet services = new ServiceSet(file, Expansion.of(file), List.of(), new TreeMap<>());
    StatusJson status =
        new StatusJson(
            new StatusJson.Knowledge(
                "c2",
                state(file),
                services,
                Map.of(),
                peer -> peer.equals("c1") ? 9_400 : 700,
                "c2",
                true,
                0,
                false,
                List.of()));
    String told = asked(status, "status");
    assertTrue(told.contains("DEGRADED"), told);
    assertTrue(told.contains("present 9.4 s old"), told);
    assertTrue(told.contains("started?"), told);
    assertTrue(told.contains("What c1 reported is 9 s old"), told);
    assertTrue(asked(status, "status", "--json").contains("9400"));
  }

  private String asked(StatusJson status, String... args) throws IOException {
    StringWriter out = new StringWriter();
    Path socket = folder.resolve("control.sock");
    try (ControlSocket _ =
        ControlSocket.open(socket, (request, reply) -> reply.end(status.json()))) {
      Surroundings surroundings =
          new Surroundings(
              new PrintWriter(out, true),
              new PrintWriter(out, true),
              socket,
              false,
              false,
              () -> NOW_MILLIS,
              millis -> false);
      assertEquals(0, Trivet.commandLine(surroundings, args).execute(args));
    }
    return out.toString();
  }

  private static ClusterFile example() throws IOException {
    Reading reading =
        ClusterFileReader.read(
            "f", Files.readAllBytes(Path.of("../../docs/examples/cluster.yaml")));
    return assertInstanceOf(Reading.Accepted.class, reading).file();
  }

  private static ClusterState state(ClusterFile file) {
    Configuration configuration = Expansion.of(file);
    Roster roster =
        new Roster(
            file.controllers().stream().map(Controller::name).toList(),
            configuration.primitives().stream().map(Resource.Primitive::id).toList(),
            file.vips().stream().map(Vip::name).toList());
    List<Command> commands = new ArrayList<>();
    commands.add(new Command.SetClusterFile("text", roster));
    roster.nodes().forEach(n -> commands.add(new Command.NodePresence(n, Presence.PRESENT)));
    commands.add(new Command.AssignVip("public", "c1", List.of("c2"), "test"));
    List<Report> reports =
        roster.resources().stream()
            .map(r -> Report.of(r, "c1", RunState.STARTED, 0, r.equals("galera") ? "first" : ""))
            .toList();
    commands.add(new Command.Observe("c1", reports));
    commands.add(new Command.NodePresence("c3", Presence.GONE));
    ClusterState state = ClusterState.empty();
    for (Command command : commands) {
      Proposal proposal = Proposal.of(NOW_MILLIS - 9_000, "test", command);
      state = state.apply(state.index() + 1, proposal).state();
    }
    return state;
  }
}
