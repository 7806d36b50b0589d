package io.trivet.daemon;

import com.google.gson.JsonObject;
import io.trivet.cluster.IpAddress;
import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.Controller;
import io.trivet.cluster.file.PlainUnit;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Notice;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.QuorumWatch;
import io.trivet.consensus.ReplicatedLog;
import io.trivet.consensus.Settings;
import io.trivet.daemon.apply.Survey;
import io.trivet.daemon.apply.ThisMachine;
import io.trivet.daemon.control.ControlSocket;
import io.trivet.daemon.control.OperatorRequests;
import io.trivet.daemon.control.OwnNotices;
import io.trivet.daemon.control.StatusJson;
import io.trivet.daemon.effect.AgentEffects;
import io.trivet.daemon.effect.LocalSql;
import io.trivet.daemon.leases.FromLeases;
import io.trivet.daemon.leases.LeaseLink;
import io.trivet.daemon.leases.LeaseRole;
import io.trivet.daemon.loop.ControllerLoop;
import io.trivet.daemon.loop.Lanes;
import io.trivet.daemon.loop.PeerFrames;
import io.trivet.daemon.loop.ProposalGate;
import io.trivet.daemon.loop.Replica;
import io.trivet.daemon.peer.PeerChannel;
import io.trivet.daemon.peer.PeerListener;
import io.trivet.daemon.peer.PeerSettings;
import io.trivet.daemon.peer.Urgency;
import io.trivet.daemon.systemd.Systemd;
import io.trivet.daemon.systemd.SystemdException;
import io.trivet.daemon.tls.Credentials;
import io.trivet.daemon.tls.TlsUnusable;
import io.trivet.daemon.units.FenceFiles;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.sockdiag.SockDiag;
import io.trivet.scheduler.Problem;
import io.trivet.scheduler.cib.CibWriter;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.controller.ControllerEffect;
import io.trivet.services.controller.ControllerEvent;
import io.trivet.services.controller.ControllerMachine;
import io.trivet.services.controller.LocalCheck;
import io.trivet.services.controller.Plans;
import io.trivet.services.controller.ServiceSet;
import io.trivet.services.controller.ServiceSets;
import io.trivet.services.unit.Answers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One controller's daemon: the parts, put together. What each does is told there; here is only who
/// is told what.
///
/// The leases live in a process of their own ([io.trivet.daemon.leases]), which guards the VIPs
/// before this one begins and goes on for a while after it has ended. People come last.
final class Daemon {
  private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
  private static final int LOG_PORT = 7601;
  private static final int PEER_PORT = 7602;
  private static final String MARIADB_SOCKET = "/run/mysqld/mysqld.sock";
  private static final long LOOK_MILLIS = 1_000;

  private final String self;
  private final Places places;
  private final ClusterFile file;
  private final Controller me;
  private final long incarnation = System.currentTimeMillis();
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private final Heart heart;
  private final LeaseLink leases;
  private final ControllerLoop loop;
  private final PeerChannel peers;
  private final ReplicatedLog log;
  private final ProposalGate gate;
  private final Systemd systemd;
  private final LocalSql sql =
      new LocalSql(MARIADB_SOCKET, Duration.ofNanos(Answers.QUESTION_NANOS));
  private final Lanes lanes = new Lanes();
  private final EffectRouter router;
  private final Survey survey;
  private final ControlSocket control;
  private final QuorumWatch quorumWatch;
  private final OwnNotices ownNotices = new OwnNotices();
  private final StorageHealth storage;
  private final Credentials credentials;
  private final CertificateHealth certificates;

  private Daemon(Places places, ClusterFiles.Loaded loaded, String self, Controller me)
      throws StartProblem, IOException {
    this.self = self;
    this.places = places;
    this.file = loaded.file();
    this.me = me;
    quorumWatch = new QuorumWatch(self, System.nanoTime());
    storage = new StorageHealth(self, this::sayHere);
    credentials = credentials();
    leases = new LeaseLink(places.leases(), incarnation, leaseRole(file), new LeaseFacts());
    heart = new Heart(leases, lanes);
    loop = new ControllerLoop(controllerMachine(loaded.text()), this::route, this::beat);
    peers = PeerChannel.open(peerSettings(), new PeerArrivals());
    log =
        ReplicatedLog.open(
            logSettings(), new Replica(loop::post, this::logFailed, storage::changed));
    gate = new ProposalGate(self, log, peers::send);
    systemd = openSystemd();
    router = router();
    survey = new Survey(self, names(), localCheck(), peers::send);
    certificates =
        new CertificateHealth(self, credentials, this::sayToAll, this::endRevokedConnections);
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

  /// Stops. Services go on: whoever wants them down says standby first. VIPs stay for a grace, in
  /// which a daemon that was only started anew is back; then the lease process hands them over.
  void stop() {
    heart.stopping();
    leases.close();
    Handover.ofLeadership(self, log, loop.view());
    loop.post(new ControllerEvent.Stopping());
    loop.end();
    try {
      control.close();
      peers.close();
      log.close();
      systemd.close();
    } catch (IOException e) {
      LOG.warn("While stopping: {}", e.getMessage());
    }
    StartCount.settled(places);
    LOG.info("trivetd on {} has stopped", self);
    ended.complete(0);
  }

  private void run() {
    StartCount.started(places);
    leases.start();
    Thread.ofPlatform().name("loop").start(guarded("loop", loop));
    Thread.ofVirtual().name("certificates").start(this::lookAtCertificates);
    heart.ready(self);
  }

  private void lookAtCertificates() {
    try {
      while (!ended.isDone()) {
        TimeUnit.SECONDS.sleep(CertificateHealth.LOOK_SECONDS);
        certificates.look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void endRevokedConnections() {
    peers.endWhere(credentials::isRevoked);
    log.reconnect();
  }

  /// A defect in a loop must not leave a controller that half works: say so and end.
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

  private Credentials credentials() throws StartProblem {
    try {
      return Credentials.load(places.tls(), self, me.address().toString(), Instant.now());
    } catch (TlsUnusable e) {
      throw new StartProblem(String.valueOf(e.getMessage()), "see above");
    }
  }

  private LeaseRole leaseRole(ClusterFile of) {
    SortedMap<String, IpAddress> members = new TreeMap<>();
    of.controllers().forEach(c -> members.put(c.name(), c.address()));
    return new LeaseRole(self, members, of.timing().lease(), of.vips());
  }

  private ControllerMachine controllerMachine(String text) {
    return new ControllerMachine(
        self,
        incarnation,
        new Command.SetClusterFile(text, ClusterFiles.roster(file)),
        new ServiceSets(),
        StartCount.doubt(places));
  }

  private PeerSettings peerSettings() {
    SortedMap<String, InetSocketAddress> addresses = new TreeMap<>();
    file.controllers()
        .forEach(
            c -> addresses.put(c.name(), new InetSocketAddress(c.address().toString(), PEER_PORT)));
    return new PeerSettings(
        self,
        new InetSocketAddress(me.address().toString(), PEER_PORT),
        addresses,
        () -> credentials.context(new TreeSet<>(names())),
        Urgency.ORDINARY);
  }

  private Settings logSettings() {
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
        credentials.forLog(new TreeSet<>(names())));
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
            lanes,
            (resource, answer) -> loop.post(new ControllerEvent.AgentAnswered(resource, answer)),
            proposal -> {
              var _ = gate.submit(proposal);
            });
    return new EffectRouter(
        places,
        loop,
        leases,
        log,
        gate,
        agentEffects,
        systemd,
        lanes.lane("aside"),
        this::clusterFileInForce);
  }

  private OperatorRequests operatorRequests() {
    return new OperatorRequests(
        loop::view,
        this::status,
        this::schedulerInput,
        ownNotices,
        gate,
        (name, text) -> ClusterFiles.check(name, text, file),
        survey::ask);
  }

  private Survey.Check localCheck() {
    ThisMachine machine = new ThisMachine(systemd);
    return text -> {
      ControllerLoop.View view = loop.view();
      String inForce = view == null ? null : view.state().clusterFile();
      String now = inForce == null ? "" : inForce;
      return LocalCheck.objections(
          self, text, now, machine.facts(LocalCheck.units(self, text, now)));
    };
  }

  // ---- who is told what

  private void route(ControllerEffect effect) {
    router.accept(effect);
  }

  private void logFailed(Throwable cause) {
    LOG.error(
        "The replicated log has stopped on {}; trivetd ends: {}", self, cause.getMessage(), cause);
    ended.complete(1);
  }

  /// The lease process takes over timing and VIPs as a difference.
  private void clusterFileInForce(ClusterFile now, long use) {
    Thread.ofVirtual().name("unfence").start(() -> unfence(now));
    leases.play(leaseRole(now), use);
    log.retime(now.timing().electionMinMillis(), now.timing().electionMaxMillis());
  }

  /// A unit that the network fenced before starts without its guard again.
  private void unfence(ClusterFile now) {
    FenceFiles files = FenceFiles.standard();
    try {
      for (Map.Entry<String, String> fenced : files.all().entrySet()) {
        boolean still =
            now.units().stream()
                .anyMatch(
                    unit ->
                        unit.fence() == PlainUnit.Fence.NETWORK
                            && unit.name().equals(fenced.getKey()));
        if (!still) {
          files.remove(fenced.getValue());
          systemd.daemonReload();
        }
      }
    } catch (IOException | SystemdException e) {
      LOG.warn("A unit that is fenced no more keeps its drop-in file: {}", e.getMessage());
    }
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
    heart.beat(() -> peers.sendToAll(PeerFrames.CONFIRMED, new byte[0]));
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

  /// Said to everybody where a majority can write it down, else here.
  private void sayToAll(Notice notice) {
    if (log.hasQuorum()) {
      var _ = gate.submit(Proposal.of(System.currentTimeMillis(), self, new Command.Say(notice)));
    } else {
      sayHere(notice.stamped(System.currentTimeMillis()));
    }
  }

  /// Said on this controller alone, since the others cannot know it or cannot be told.
  private void sayHere(Notice notice) {
    EffectRouter.print(notice);
    ControllerLoop.View view = loop.view();
    ownNotices.add(notice, view == null ? ClusterState.empty() : view.state());
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
      sayHere(notice);
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
                heart::reportAgeMillis,
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
    List<Problem> problems = new ArrayList<>(storage.problems());
    problems.addAll(certificates.problems());
    ServiceSet services = view.services();
    if (services != null) {
      problems.addAll(
          Plans.of(services, state, self, quorum, System.currentTimeMillis(), view.incarnations())
              .problems());
    }
    return problems;
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

  private List<String> names() {
    return file.controllers().stream().map(Controller::name).toList();
  }

  /// From the lease process to the loop.
  private final class LeaseFacts implements LeaseLink.Listener {
    private final SortedSet<String> held = new TreeSet<>();

    @Override
    public void heard(FromLeases fact) {
      switch (fact) {
        case FromLeases.PeerSilent(String peer) -> loop.post(new ControllerEvent.PeerSilent(peer));
        case FromLeases.PeerHeard(String peer) -> loop.post(new ControllerEvent.PeerHeard(peer));
        case FromLeases.PeerBegan(String peer, long run) ->
            loop.post(new ControllerEvent.PeerBegan(peer, run));
        case FromLeases.PeerLeft(String peer) -> loop.post(new ControllerEvent.PeerLeft(peer));
        case FromLeases.HoldChanged(String vip, boolean holding, long epoch) -> {
          if (holding) {
            held.add(vip);
          } else {
            held.remove(vip);
          }
          loop.post(new ControllerEvent.HoldChanged(vip, holding, epoch));
        }
        case FromLeases.VipCondition(String vip, String unfit, String stranger) ->
            loop.post(new ControllerEvent.VipCondition(vip, unfit, stranger));
        case FromLeases.Taken(long use, String why) ->
            loop.post(new ControllerEvent.ClusterFileTaken(use, why));
        case FromLeases.Said said -> say(notice(said));
      }
    }

    /// Into the timeline; while nobody can agree on it, into the journal.
    private void say(Notice notice) {
      Proposal said = Proposal.of(System.currentTimeMillis(), self, new Command.Say(notice));
      var _ =
          gate.submit(said)
              .whenComplete(
                  (_, failure) -> {
                    if (failure != null) {
                      EffectRouter.print(notice);
                    }
                  });
    }

    /// The kernel ends the leases that nobody renews.
    @Override
    public void lost() {
      held.forEach(vip -> loop.post(new ControllerEvent.HoldChanged(vip, false, 0)));
      held.clear();
    }

    @Override
    public void found() {
      loop.post(new ControllerEvent.LeasesThere(true));
    }

    @Override
    public void missing() {
      loop.post(new ControllerEvent.LeasesThere(false));
      EffectRouter.print(
          Notice.critical(
              "leases-down",
              self,
              self,
              "Controller "
                  + self
                  + " can hold no VIP and has no vote on them: its lease process does not"
                  + " answer."));
    }

    private Notice notice(FromLeases.Said said) {
      return switch (said.severity()) {
        case INFO -> Notice.info(said.id(), self, said.subject(), said.text());
        case WARNING -> Notice.warning(said.id(), self, said.subject(), said.text());
        case CRITICAL -> Notice.critical(said.id(), self, said.subject(), said.text());
      };
    }
  }

  /// From the other controllers to the log. What follows from a connection's begin or end comes by
  /// way of the leases.
  private final class PeerArrivals implements PeerListener {
    @Override
    public void arrived(String peer, byte kind, byte[] body) {
      switch (kind) {
        case PeerFrames.CONFIRMED -> heart.confirmed(peer);
        case PeerFrames.FORWARD -> gate.forwardArrived(peer, body);
        case PeerFrames.FORWARDED -> gate.forwardedArrived(peer, body);
        case PeerFrames.CHECK -> survey.questionArrived(peer, body);
        case PeerFrames.CHECKED -> survey.answerArrived(peer, body);
        default -> LOG.warn("Ignored a frame of unknown kind {} from {}", kind, peer);
      }
    }

    @Override
    public void connected(String peer) {}

    @Override
    public void disconnected(String peer, String why) {}
  }
}
