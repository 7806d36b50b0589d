package io.trivet.daemon;

import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Reading;
import io.trivet.cluster.lease.LeaseEvent;
import io.trivet.cluster.lease.LeaseMachine;
import io.trivet.cluster.lease.LeaseTiming;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Proposal;
import io.trivet.consensus.ReplicatedLog;
import io.trivet.consensus.Role;
import io.trivet.consensus.Settings;
import io.trivet.daemon.effect.LocalSql;
import io.trivet.daemon.json.Json;
import io.trivet.daemon.loop.ControllerLoop;
import io.trivet.daemon.loop.PeerFrames;
import io.trivet.daemon.loop.Replica;
import io.trivet.daemon.peer.PeerChannel;
import io.trivet.daemon.peer.PeerListener;
import io.trivet.daemon.peer.PeerSettings;
import io.trivet.daemon.tls.Certificates;
import io.trivet.daemon.tls.Identity;
import io.trivet.linux.WarmUp;
import io.trivet.services.controller.ControllerMachine;
import io.trivet.services.controller.ServiceSets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/// Runs most parts of a daemon for a moment, on loopback and in a folder of its own, so that the
/// cache of loaded classes in the package knows them (JEP 483, JEP 514): a daemon that was killed
/// is back sooner. Changes nothing on the machine.
public final class Rehearsal {
  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private static final String CLUSTER =
      """
      trivet: 1
      name: rehearsal
      mode: coordinated
      timing: standard
      controllers: {r1: 10.0.0.1, r2: 10.0.0.2, r3: 10.0.0.3}
      vips:
        public: {address: 10.0.0.100/24, interface: eth0, namespace: vip}
      database: mariadb
      broker: rabbitmq
      load-balancer: haproxy
      cache: memcached
      apis: [keystone]
      """;

  private final Path folder;

  private Rehearsal(Path folder) {
    this.folder = folder;
  }

  /// Takes a second or two.
  ///
  /// @param folder an empty folder
  static void run(Path folder) throws IOException, InterruptedException {
    new Rehearsal(folder).run();
  }

  /// The line between two lease processes, and nothing else.
  ///
  /// @param folder an empty folder
  public static void linesOnly(Path folder) throws IOException, InterruptedException {
    SortedMap<String, String> addresses = new TreeMap<>();
    addresses.put("r1", "127.0.0.1");
    addresses.put("r2", "127.0.0.1");
    Rehearsal rehearsal = new Rehearsal(folder);
    Certificates.create(addresses, folder.resolve("tls"));
    rehearsal.peers(folder.resolve("tls"));
  }

  private void run() throws IOException, InterruptedException {
    try {
      WarmUp.run();
    } catch (IOException e) {
      System.err.println("Not rehearsed, it needs root: " + e.getMessage());
    }
    SortedMap<String, String> addresses = new TreeMap<>();
    addresses.put("r1", "127.0.0.1");
    addresses.put("r2", "127.0.0.1");
    Path certificates = folder.resolve("tls");
    Certificates.create(addresses, certificates);
    ControllerLoop loop = controller();
    Thread.ofPlatform().daemon().start(loop);
    log(certificates, loop);
    peers(certificates);
    database();
    loop.end();
  }

  /// There is none here: the way to it is what is practised.
  private void database() {
    try (LocalSql sql =
        new LocalSql(folder.resolve("none.sock").toString(), Duration.ofSeconds(1))) {
      sql.run(List.of("SELECT 1"));
    } catch (SQLException e) {
      // As expected.
    }
  }

  private ControllerLoop controller() {
    ClusterFile file =
        switch (ClusterFileReader.read("rehearsal", CLUSTER)) {
          case Reading.Accepted accepted -> accepted.file();
          case Reading.Refused refused ->
              throw new IllegalStateException(refused.problems().toString());
        };
    LeaseTiming timing = LeaseTiming.STANDARD;
    LeaseMachine leases =
        new LeaseMachine("r1", List.of("r1", "r2", "r3"), timing, timing.promiseNanos(), 1, 0);
    leases.step(new LeaseEvent.Tick(), timing.promiseNanos());
    ControllerMachine machine =
        new ControllerMachine(
            "r1",
            1,
            new Command.SetClusterFile(CLUSTER, ClusterFiles.roster(file)),
            new ServiceSets());
    return new ControllerLoop(machine, _ -> {}, () -> {});
  }

  private void log(Path certificates, ControllerLoop loop) throws IOException {
    SortedMap<String, String> members = new TreeMap<>();
    members.put("r1", "127.0.0.1:" + freePort());
    Identity identity = Identity.load(certificates.resolve("r1"), "r1", "127.0.0.1", Instant.now());
    Settings settings =
        new Settings(
            "r1",
            members,
            folder.resolve("log"),
            500,
            1000,
            identity.forLog(new TreeSet<>(members.keySet())));
    try (ReplicatedLog log =
        ReplicatedLog.open(settings, new Replica(loop::post, _ -> {}, _ -> {}))) {
      awaitTrue(() -> log.role() == Role.LEADER);
      ClusterFile file = ((Reading.Accepted) ClusterFileReader.read("rehearsal", CLUSTER)).file();
      Command command = new Command.SetClusterFile(CLUSTER, ClusterFiles.roster(file));
      log.propose(Json.bytes(Proposal.of(1, "rehearsal", command), Proposal.class)).join();
    }
  }

  private void peers(Path certificates) throws IOException {
    SortedMap<String, InetSocketAddress> lines = new TreeMap<>();
    lines.put("r1", new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort()));
    lines.put("r2", new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort()));
    Ears ears = new Ears();
    try (PeerChannel one = PeerChannel.open(peer("r1", lines, certificates), ears);
        PeerChannel two = PeerChannel.open(peer("r2", lines, certificates), ears)) {
      awaitTrue(
          () -> {
            one.send("r2", PeerFrames.FORWARDED, new byte[1]);
            two.send("r1", PeerFrames.FORWARDED, new byte[1]);
            return ears.heard;
          });
    }
  }

  private static PeerSettings peer(
      String name, SortedMap<String, InetSocketAddress> lines, Path certificates)
      throws IOException {
    Identity identity = Identity.load(certificates.resolve(name), name, "127.0.0.1", Instant.now());
    InetSocketAddress own = lines.getOrDefault(name, new InetSocketAddress(0));
    return new PeerSettings(name, own, lines, identity.context(new TreeSet<>(lines.keySet())));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitTrue(java.util.function.BooleanSupplier condition) throws IOException {
    long until = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - until > 0) {
        throw new IOException("the rehearsal took longer than 20 s");
      }
      LockSupport.parkNanos(20_000_000L);
    }
  }

  private static final class Ears implements PeerListener {
    private volatile boolean heard;

    @Override
    public void arrived(String peer, byte kind, byte[] body) {
      heard = true;
    }

    @Override
    public void connected(String peer) {}

    @Override
    public void disconnected(String peer, String why) {}
  }
}
