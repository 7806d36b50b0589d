package io.trivet.daemon;

import com.google.gson.JsonObject;
import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.Controller;
import io.trivet.cluster.file.TimingProfile;
import io.trivet.cluster.lease.LeaseCodec;
import io.trivet.cluster.lease.LeaseEvent;
import io.trivet.cluster.lease.LeaseMachine;
import io.trivet.cluster.lease.LeaseMessage;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Notice;
import io.trivet.cluster.state.QuorumWatch;
import io.trivet.cluster.state.RunState;
import io.trivet.consensus.ReplicatedLog;
import io.trivet.consensus.Settings;
import io.trivet.daemon.control.ControlSocket;
import io.trivet.daemon.control.OperatorRequests;
import io.trivet.daemon.control.StatusJson;
import io.trivet.daemon.effect.AgentEffects;
import io.trivet.daemon.effect.LocalSql;
import io.trivet.daemon.lease.LeaseClock;
import io.trivet.daemon.lease.LeaseLoop;
import io.trivet.daemon.lease.LinuxClock;
import io.trivet.daemon.loop.ControllerLoop;
import io.trivet.daemon.loop.PeerFrames;
import io.trivet.daemon.loop.ProposalGate;
import io.trivet.daemon.loop.Replica;
import io.trivet.daemon.peer.PeerChannel;
import io.trivet.daemon.peer.PeerListener;
import io.trivet.daemon.peer.PeerSettings;
import io.trivet.daemon.systemd.Systemd;
import io.trivet.daemon.systemd.SystemdException;
import io.trivet.daemon.tls.Identity;
import io.trivet.daemon.tls.TlsUnusable;
import io.trivet.daemon.vip.NamespaceFile;
import io.trivet.daemon.vip.VipHost;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.WarmUp;
import io.trivet.linux.process.CurrentThread;
import io.trivet.linux.sockdiag.SockDiag;
import io.trivet.scheduler.Problem;
import io.trivet.scheduler.cib.CibWriter;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.controller.ControllerEffect;
import io.trivet.services.controller.ControllerEvent;
import io.trivet.services.controller.ControllerMachine;
import io.trivet.services.controller.Plans;
import io.trivet.services.controller.ServiceSet;
import io.trivet.services.controller.ServiceSets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One controller's daemon: the parts, put together. What each does is told there; here is only who
/// is told what.
///
/// The order of the start is the order of safety: the guard in the kernel first, so that nothing
/// answers for a VIP that this controller may still carry from an earlier life; then the leases and
/// the log; people last.
final class Daemon {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final int LOG_PORT = 7601;
  private static final int PEER_PORT = 7602;
  private static final int SQL_TIMEOUT_SECONDS = 3;
  private static final String MARIADB_SOCKET = "/run/mysqld/mysqld.sock";
  private static final int LEASE_PRIORITY = 10;
  private static final int STAGGER_SECONDS = 5;
  private static final long LOOK_MILLIS = 1_000;
  private static final long HANDOVER_NANOS = 1_500_000_000L;

  private final String self;
  private final Places places;
  private final ClusterFile file;
  private final Controller me;
  private final long incarnation = System.currentTimeMillis();
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private final LeaseClock clock = new LinuxClock();
  private final Heart heart;
  private final VipHost vips;
  private final LeaseLoop leases;
  private final ControllerLoop loop;
  private final PeerChannel peers;
  private final ReplicatedLog log;
  private final ProposalGate gate;
  private final Systemd systemd;
  private final LocalSql sql = new LocalSql(MARIADB_SOCKET, SQL_TIMEOUT_SECONDS);
  private final EffectRouter router;
  private final ControlSocket control;
  private final QuorumWatch quorumWatch;

  private Daemon(Places places, ClusterFiles.Loaded loaded, String self, Controller me)
      throws StartProblem, IOException {
    this.self = self;
    this.places = places;
    this.file = loaded.file();
    this.me = me;
    quorumWatch = new QuorumWatch(self, System.nanoTime());
    Identity identity = identity();
    WarmUp.run();
    vips = new VipHost(new NamespaceFile(places.namespaces()), List.of(me.address()));
    vips.reconfigure(file.vips());
    leases = new LeaseLoop(leaseMachine(), clock, vips, this::sendLease, new LeaseFacts());
    heart = new Heart(leases);
    loop = new ControllerLoop(controllerMachine(loaded.text()), this::route, this::beat);
    peers = PeerChannel.open(peerSettings(identity), new PeerArrivals());
    log = ReplicatedLog.open(logSettings(identity), new Replica(loop::post, this::logFailed));
    gate = new ProposalGate(self, log, peers::send);
    systemd = openSystemd();
    router = router();
    control = ControlSocket.open(places.control(), operatorRequests()::handle);
  }

  /// Starts a daemon; it runs when this returns.
  static Daemon start(Places places) throws StartProblem, IOException {
    ClusterFiles.Loaded loaded = ClusterFiles.toStartWith(places);
    String self = ClusterFiles.self(places, loaded.file());
    Controller me = loaded.file().controller(self);
    if (me == null) {
      throw new StartProblem(
          self + " is not in the cluster file", "add it there, or mend " + places.node());
    }
    LOG.info("trivetd on {} for the cluster {}", self, loaded.file().name());
    Daemon daemon = new Daemon(places, loaded, self, me);
    daemon.run();
    return daemon;
  }

  /// Waits until the daemon has ended by itself and gives its exit code.
  int awaitEnd() {
    return ended.join();
  }

  /// Hands over what this controller holds and stops. Services go on: whoever wants them down says
  /// standby first.
  void stop() {
    heart.stopping();
    loop.post(new ControllerEvent.Stopping());
    long until = System.nanoTime() + HANDOVER_NANOS;
    while (holdsVip() && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(5_000_000L);
    }
    leases.end();
    loop.end();
    try {
      control.close();
      peers.close();
      log.close();
      systemd.close();
    } catch (IOException e) {
      LOG.warn("While stopping: {}", e.getMessage());
    }
    LOG.info("trivetd on {} has stopped", self);
    ended.complete(0);
  }

  private void run() {
    Thread.ofPlatform().name("leases").start(this::runLeases);
    Thread.ofPlatform().name("loop").start(guarded("loop", loop));
    heart.ready(self);
  }

  private void runLeases() {
    CurrentThread.roundRobin(LEASE_PRIORITY)
        .ifPresent(
            errno ->
                LOG.warn(
                    "The lease thread has no real-time priority ({}): leases may end under load",
                    errno));
    guarded("leases", leases).run();
  }

  /// A defect in a loop must not leave a controller that half works: say so and end; leases end by
  /// themselves.
  private Runnable guarded(String name, Runnable body) {
    return () -> {
      try {
        body.run();
      } catch (RuntimeException | Error e) {
        LOG.error("A defect in the {} thread; trivetd ends, VIPs go to other controllers", name, e);
        ended.complete(1);
      }
    };
  }

  // ---- parts

  private Identity identity() throws StartProblem {
    try {
      return Identity.load(places.tls(), self, me.address().toString(), Instant.now());
    } catch (TlsUnusable e) {
      throw new StartProblem(String.valueOf(e.getMessage()), "see above");
    }
  }

  private LeaseMachine leaseMachine() {
    return new LeaseMachine(
        self,
        names(),
        file.timing().lease(),
        TimingProfile.quietNanos(),
        incarnation,
        clock.nanos());
  }

  private ControllerMachine controllerMachine(String text) {
    return new ControllerMachine(
        self,
        incarnation,
        new Command.SetClusterFile(text, ClusterFiles.roster(file)),
        new ServiceSets());
  }

  private PeerSettings peerSettings(Identity identity) {
    SortedMap<String, InetSocketAddress> addresses = new TreeMap<>();
    file.controllers()
        .forEach(
            c -> addresses.put(c.name(), new InetSocketAddress(c.address().toString(), PEER_PORT)));
    return new PeerSettings(
        self,
        new InetSocketAddress(me.address().toString(), PEER_PORT),
        addresses,
        identity.context(new TreeSet<>(names())));
  }

  private Settings logSettings(Identity identity) {
    SortedMap<String, String> addresses = new TreeMap<>();
    for (Controller controller : file.controllers()) {
      String address = controller.address().toString();
      addresses.put(
          controller.name(),
          (controller.address().isV6() ? "[" + address + "]" : address) + ":" + LOG_PORT);
    }
    return new Settings(
        self,
        addresses,
        places.log(),
        file.timing().electionMinMillis(),
        file.timing().electionMaxMillis(),
        identity.forLog(new TreeSet<>(names())));
  }

  private Systemd openSystemd() throws StartProblem {
    try {
      return new Systemd(
          state ->
              loop.post(
                  new ControllerEvent.UnitChanged(
                      new AgentEvent.UnitChanged(
                          state.unit(), state.activeState(), state.subState(), state.result()))));
    } catch (SystemdException e) {
      throw new StartProblem(
          String.valueOf(e.getMessage()), "see that dbus.service runs: systemctl status dbus");
    }
  }

  private EffectRouter router() {
    AgentEffects agentEffects =
        new AgentEffects(
            self,
            systemd,
            sql,
            Daemon::endConnections,
            (resource, answer) -> loop.post(new ControllerEvent.AgentAnswered(resource, answer)),
            proposal -> {
              var _ = gate.submit(proposal);
            });
    return new EffectRouter(
        self,
        places,
        loop,
        leases,
        this::sendLease,
        log,
        gate,
        agentEffects,
        systemd,
        this::clusterFileInForce);
  }

  private OperatorRequests operatorRequests() {
    return new OperatorRequests(
        loop::view,
        this::status,
        this::schedulerInput,
        this::ownNotices,
        gate,
        (name, text) -> ClusterFiles.check(name, text, file));
  }

  // ---- who is told what

  private void route(ControllerEffect effect) {
    router.accept(effect);
  }

  private void sendLease(String to, LeaseMessage message) {
    peers.send(to, PeerFrames.LEASE, LeaseCodec.encode(message));
  }

  private void logFailed(Throwable cause) {
    LOG.error(
        "The replicated log has stopped on {}; trivetd ends: {}", self, cause.getMessage(), cause);
    ended.complete(1);
  }

  /// What is fixed at the start takes effect by a new start, one controller after the other.
  private void clusterFileInForce(ClusterFile now) {
    boolean same = now.vips().equals(file.vips()) && now.timing() == file.timing();
    if (same) {
      return;
    }
    int delay = 1 + STAGGER_SECONDS * names().indexOf(self);
    LOG.info("VIPs or timing changed in the cluster file: trivetd starts anew in {} s", delay);
    CompletableFuture.delayedExecutor(delay, TimeUnit.SECONDS)
        .execute(
            () -> {
              stop();
              ended.complete(1);
            });
  }

  private static int endConnections(AgentEffect.EndConnections which) throws IOException {
    List<InetAddress> remote = which.addresses().stream().map(InetAddress::ofLiteral).toList();
    String namespace = which.namespace();
    try (NetworkNamespace in =
            namespace == null ? NetworkNamespace.current() : NetworkNamespace.named(namespace);
        SockDiag sockets = SockDiag.open(in)) {
      return sockets.destroy(
          connection ->
              remote.contains(connection.remoteAddress())
                  && which.ports().contain(connection.localPort(), connection.remotePort()));
    }
  }

  /// On the loop, at least once a second. How old the knowledge of the others is must be known also
  /// when nobody asked before.
  private void beat() {
    heart.beat();
    if (knowledgeAgeMillis() >= LOOK_MILLIS) {
      inTouch();
    }
  }

  private long knowledgeAgeMillis() {
    synchronized (quorumWatch) {
      return quorumWatch.ageMillis(System.nanoTime());
    }
  }

  private boolean everInTouch() {
    synchronized (quorumWatch) {
      return quorumWatch.everInTouch();
    }
  }

  private List<Notice> ownNotices() {
    synchronized (quorumWatch) {
      return quorumWatch.notices();
    }
  }

  private boolean inTouch() {
    boolean quorum = log.hasQuorum();
    Notice notice;
    synchronized (quorumWatch) {
      notice =
          quorumWatch.observe(
              quorum, assignedHere(), System.nanoTime(), System.currentTimeMillis());
    }
    if (notice != null) {
      EffectRouter.print(notice);
    }
    return quorum;
  }

  private JsonObject status() {
    ControllerLoop.View view = loop.view();
    boolean quorum = inTouch();
    if (view == null) {
      return new JsonObject();
    }
    ClusterState state =
        Plans.withoutHistory(view.state(), view.incarnations(), System.currentTimeMillis());
    return new StatusJson(
            new StatusJson.Knowledge(
                self,
                state,
                view.services(),
                view.ownReports(),
                log.leader(),
                quorum,
                quorum ? 0 : knowledgeAgeMillis(),
                !everInTouch(),
                problems(view, state, quorum)))
        .json();
  }

  /// What the scheduler is given now, as a CIB, for `trivet simulate` and `trivet explain`.
  private JsonObject schedulerInput() {
    JsonObject answer = new JsonObject();
    ControllerLoop.View view = loop.view();
    if (view != null && view.services() != null) {
      answer.addProperty(
          "cib",
          CibWriter.write(
              Plans.schedulerInput(
                  view.services(),
                  view.state(),
                  self,
                  log.hasQuorum(),
                  System.currentTimeMillis(),
                  view.incarnations())));
    }
    return answer;
  }

  private List<Problem> problems(ControllerLoop.View view, ClusterState state, boolean quorum) {
    ServiceSet services = view.services();
    return services == null
        ? List.of()
        : Plans.of(services, state, self, quorum, System.currentTimeMillis(), view.incarnations())
            .problems();
  }

  private List<String> assignedHere() {
    ControllerLoop.View view = loop.view();
    return view == null
        ? List.of()
        : view.state().roster().vips().stream()
            .filter(vip -> self.equals(holder(view.state().vips().get(vip))))
            .toList();
  }

  private static @Nullable String holder(@Nullable VipAssignment assignment) {
    return assignment == null ? null : assignment.holder();
  }

  private boolean holdsVip() {
    ControllerLoop.View view = loop.view();
    return view != null
        && view.state().roster().vips().stream()
            .map(vip -> view.ownReports().get(vip))
            .anyMatch(report -> report != null && report.run() == RunState.STARTED);
  }

  private List<String> names() {
    return file.controllers().stream().map(Controller::name).toList();
  }

  /// From the leases to the loop.
  private final class LeaseFacts implements LeaseLoop.Observer {
    @Override
    public void peerSilent(String peer) {
      loop.post(new ControllerEvent.PeerSilent(peer));
    }

    @Override
    public void peerHeard(String peer) {
      loop.post(new ControllerEvent.PeerHeard(peer));
    }

    @Override
    public void peerBegan(String peer, long incarnation) {
      loop.post(new ControllerEvent.PeerBegan(peer, incarnation));
    }

    @Override
    public void holdChanged(String vip, boolean holding, long epoch) {
      loop.post(new ControllerEvent.HoldChanged(vip, holding, epoch));
    }
  }

  /// From the other controllers to the leases and the log.
  private final class PeerArrivals implements PeerListener {
    @Override
    public void arrived(String peer, byte kind, byte[] body) {
      switch (kind) {
        case PeerFrames.LEASE -> lease(peer, body);
        case PeerFrames.FORWARD -> gate.forwardArrived(peer, body);
        case PeerFrames.FORWARDED -> gate.forwardedArrived(peer, body);
        default -> LOG.warn("Ignored a frame of unknown kind {} from {}", kind, peer);
      }
    }

    private void lease(String peer, byte[] body) {
      switch (LeaseCodec.decode(ByteBuffer.wrap(body))) {
        case LeaseCodec.Decoded.Understood(LeaseMessage message) when message.from().equals(peer) ->
            leases.post(new LeaseEvent.Received(message));
        case LeaseCodec.Decoded.Understood(LeaseMessage message) ->
            LOG.warn(
                "Ignored a lease message that {} sent in the name of {}", peer, message.from());
        case LeaseCodec.Decoded.Refused(int offset, String why) ->
            LOG.warn("Ignored a lease message of {}: byte {}: {}", peer, offset, why);
      }
    }

    @Override
    public void connected(String peer) {
      // The channel says it; what follows from it comes by way of the leases.
    }

    @Override
    public void disconnected(String peer, String why) {
      // Likewise.
    }
  }
}
