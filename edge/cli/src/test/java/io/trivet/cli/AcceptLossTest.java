package io.trivet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Reading;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Roster;
import io.trivet.consensus.Listener;
import io.trivet.consensus.ReplicatedLog;
import io.trivet.consensus.Role;
import io.trivet.consensus.Settings;
import io.trivet.consensus.StorageTrouble;
import io.trivet.daemon.control.ControlSocket;
import io.trivet.daemon.control.OperatorRequests;
import io.trivet.daemon.control.OwnNotices;
import io.trivet.daemon.control.StatusJson;
import io.trivet.daemon.json.BadJson;
import io.trivet.daemon.json.Json;
import io.trivet.daemon.loop.ControllerLoop;
import io.trivet.daemon.loop.ProposalGate;
import io.trivet.services.controller.ServiceSet;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An operator accepts a loss, sees it, and takes it back: by the command, through the daemon's own
/// socket and requests, into a real log of one member.
@Timeout(120)
final class AcceptLossTest {
  @TempDir Path folder = Path.of("");

  private final CompletableFuture<Boolean> leads = new CompletableFuture<>();
  private volatile ClusterState state = ClusterState.empty();
  private @Nullable ReplicatedLog log;
  private @Nullable ControlSocket socket;
  private @Nullable ProposalGate gate;

  @BeforeEach
  void aDaemon() throws Exception {
    TreeMap<String, String> alone = new TreeMap<>();
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      alone.put("c1", "127.0.0.1:" + free.getLocalPort());
    }
    ReplicatedLog opened =
        ReplicatedLog.open(
            new Settings("c1", alone, folder.resolve("log"), 300, 600, null), new Applying());
    log = opened;
    assertTrue(leads.get(60, TimeUnit.SECONDS));
    ClusterFile file = example();
    ServiceSet services = new ServiceSet(file, Expansion.of(file), List.of(), new TreeMap<>());
    ProposalGate gate = new ProposalGate("c1", opened, (peer, kind, body) -> {});
    OperatorRequests requests =
        new OperatorRequests(
            () -> view(services),
            () -> status(services).json(),
            com.google.gson.JsonObject::new,
            new OwnNotices(),
            gate,
            (name, text) -> new OperatorRequests.ClusterFileCheck(null, List.of()),
            (name, text) -> {
              throw new IllegalStateException("nobody applies a file here");
            });
    socket = ControlSocket.open(folder.resolve("control.sock"), requests::handle);
    write(gate, new Command.SetClusterFile("text", Roster.of(services.configuration())));
    write(gate, new Command.SetAttribute("galera.recovery", "start c1:c2,c3 c2:c3", "test"));
    this.gate = gate;
  }

  @AfterEach
  void end() throws Exception {
    if (socket != null) {
      socket.close();
    }
    if (log != null) {
      log.close();
    }
  }

  @Test
  void itIsShownNamesItsPriceAndIsTakenBack() {
    assertFalse(run(0, "status").contains("accepted"));
    String given = run(0, "resource", "accept-loss", "galera", "--node", "c1");
    assertTrue(given.contains("what only c2 and c3 hold is lost"), given);
    String shown = run(0, "status");
    assertTrue(shown.contains("that galera goes on from c1 and what only c2 and c3 hold is lost"));
    assertTrue(shown.contains("Take it back: trivet resource accept-loss galera --undo"), shown);
    assertTrue(run(0, "status", "--json").contains("\"lost\""));
    run(0, "resource", "accept-loss", "galera", "--undo");
    assertFalse(run(0, "status").contains("is lost"));
    assertTrue(run(3, "resource", "accept-loss", "galera", "--undo").contains("nothing to take"));
    String told = run(0, "events");
    assertTrue(told.contains("c2 and c3"), told);
  }

  @Test
  void itEndsWithItsRecovery() throws Exception {
    run(0, "resource", "accept-loss", "galera", "--node", "c2");
    write(gate, new Command.SetAttribute("galera.recovery", null, "c3 is back"));
    assertFalse(run(0, "status").contains("is lost"));
    String refused = run(3, "resource", "accept-loss", "galera", "--node", "c2");
    assertTrue(refused.contains("galera"), refused);
    assertEquals(new TreeMap<>(), new TreeMap<>(state.acceptedLosses()));
    write(gate, new Command.SetAttribute("galera.recovery", "start c1:c3", "another outage"));
    assertFalse(run(0, "status").contains("is lost"), "another recovery");
  }

  @Test
  void whereMoreWouldBeLostByNowItCountsNoMore() throws Exception {
    run(0, "resource", "accept-loss", "galera", "--node", "c2");
    write(gate, new Command.SetAttribute("galera.recovery", "start c2:c1,c3", "c1 went, too"));
    assertFalse(run(0, "status").contains("is lost"));
    run(3, "resource", "accept-loss", "galera", "--node", "c3");
    run(2, "resource", "accept-loss", "galera", "--node", "c9");
  }

  private String run(int exit, String... args) {
    StringWriter out = new StringWriter();
    PrintWriter both = new PrintWriter(out, true);
    Surroundings surroundings =
        new Surroundings(
            both,
            both,
            folder.resolve("control.sock"),
            false,
            false,
            System::currentTimeMillis,
            millis -> false);
    int got = Trivet.commandLine(surroundings, args).execute(args);
    assertEquals(exit, got, out.toString());
    return out.toString();
  }

  private void write(@Nullable ProposalGate gate, Command command) throws Exception {
    if (gate == null) {
      throw new IllegalStateException("no daemon");
    }
    Proposal proposal = Proposal.of(System.currentTimeMillis(), "leader c1", command);
    long index = gate.submit(proposal).get(30, TimeUnit.SECONDS);
    while (state.index() < index) {
      Thread.onSpinWait();
    }
  }

  private ControllerLoop.View view(ServiceSet services) {
    return new ControllerLoop.View(
        state, services, Map.of(), "c1", true, new TreeMap<>(), System.nanoTime());
  }

  private StatusJson status(ServiceSet services) {
    return new StatusJson(
        new StatusJson.Knowledge(
            "c1", state, services, Map.of(), peer -> 0, "c1", true, 0, false, List.of()));
  }

  private static ClusterFile example() throws IOException {
    Reading reading =
        ClusterFileReader.read(
            "f", Files.readAllBytes(Path.of("../../docs/examples/cluster.yaml")));
    if (reading instanceof Reading.Accepted accepted) {
      return accepted.file();
    }
    throw new AssertionError("the example is refused: " + reading);
  }

  /// What a daemon does with what is agreed on.
  private final class Applying implements Listener {
    @Override
    public void applied(long index, long term, byte[] entry) {
      try {
        state = state.apply(index, Json.read(entry, Proposal.class)).state();
      } catch (BadJson e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public byte[] snapshot() {
      return Json.bytes(state, ClusterState.class);
    }

    @Override
    public void restore(byte[] snapshot) {
      throw new IllegalStateException("nobody restores here");
    }

    @Override
    public void leaderChanged(@Nullable String leader, long term) {}

    @Override
    public void roleChanged(Role role, long term) {
      if (role == Role.LEADER) {
        leads.complete(true);
      }
    }

    @Override
    public void storage(@Nullable StorageTrouble trouble) {}

    @Override
    public void failed(Throwable cause) {
      leads.complete(false);
    }
  }
}
