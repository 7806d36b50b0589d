package io.trivet.daemon.leases;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.file.TimingProfile;
import io.trivet.cluster.file.Vip;
import io.trivet.cluster.lease.LeaseCodec;
import io.trivet.cluster.lease.LeaseEvent;
import io.trivet.cluster.lease.LeaseMachine;
import io.trivet.cluster.lease.LeaseMessage;
import io.trivet.cluster.state.Notice;
import io.trivet.cluster.state.Severity;
import io.trivet.daemon.Places;
import io.trivet.daemon.lease.LeaseClock;
import io.trivet.daemon.lease.LeaseLoop;
import io.trivet.daemon.lease.LeaseThread;
import io.trivet.daemon.lease.LinuxClock;
import io.trivet.daemon.lease.VipKernel;
import io.trivet.daemon.loop.PeerFrames;
import io.trivet.daemon.peer.PeerChannel;
import io.trivet.daemon.peer.PeerListener;
import io.trivet.daemon.peer.PeerSettings;
import io.trivet.daemon.peer.Urgency;
import io.trivet.daemon.tls.Credentials;
import io.trivet.daemon.units.LeasedKernel;
import io.trivet.daemon.units.UnitHost;
import io.trivet.daemon.vip.KernelWatch;
import io.trivet.daemon.vip.NamespaceFile;
import io.trivet.daemon.vip.VipHost;
import io.trivet.linux.process.CurrentThread;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A role as it is played: the guard in the kernel, the lease thread, the lines to the lease
/// processes of the other members.
final class LeasePart {
  private static final Logger LOG = LoggerFactory.getLogger(LeasePart.class);

  /// TCP port of the lease processes.
  static final int PORT = 7603;

  /// The lease thread goes before the other threads of its process, which are real-time ones too.
  private static final int PRIORITY = 20;

  private static final long HANDOVER_NANOS = 1_000_000_000L;
  private static final long CERTIFICATE_SECONDS = 10;
  private static final long LAST_PULSE_NANOS = 30_000_000L;

  private final LeaseNames names;
  private final Facts facts;
  private final LeaseLoop loop;
  private final PeerChannel peers;
  private final KernelWatch watch;
  private final VipHost vips;
  private final UnitHost units;
  private final Credentials credentials;
  private volatile LeaseRole role;
  private final CountDownLatch threads = new CountDownLatch(2);

  /// VIPs and units that this controller may hold, as far as it was said.
  private final Set<String> eligible = new ConcurrentSkipListSet<>();

  private volatile boolean stopped;
  private volatile int leaseThread;
  private volatile @Nullable LateWatch lateness;

  private LeasePart(
      LeaseRole role,
      VipHost vips,
      UnitHost units,
      Credentials credentials,
      Facts facts,
      long incarnation)
      throws IOException {
    this.role = role;
    this.names = new LeaseNames(role.vips());
    this.credentials = credentials;
    this.facts = facts;
    this.vips = vips;
    this.units = units;
    LeaseClock clock = new LinuxClock();
    LeaseMachine machine =
        new LeaseMachine(
            role.self(),
            List.copyOf(role.members().keySet()),
            role.timing(),
            TimingProfile.quietNanos(),
            incarnation,
            clock.nanos());
    VipKernel kernel = names.kernel(new LeasedKernel(vips, units));
    loop = new LeaseLoop(machine, clock, kernel, this::send, names.observer(facts));
    loop.post(new LeaseEvent.Attended(LeaseMessage.UNKNOWN_DAEMON));
    loop.post(new LeaseEvent.Guarding(names.all()));
    peers = PeerChannel.open(settings(), new Arrivals());
    units.watch(loop);
    watch = new KernelWatch(role.self(), vips, new KernelThread(), new KernelFacts());
  }

  /// Begins to play. The guard is first: whatever address of a VIP this controller still has from
  /// an earlier life is dark before anything else happens, also when the rest fails.
  ///
  /// @param broken is run when the lease thread ends by a defect
  static LeasePart start(
      LeaseRole role, Places places, Facts facts, long incarnation, Runnable broken)
      throws IOException {
    VipHost vips = new VipHost(new NamespaceFile(places.namespaces()), List.of(role.address()));
    UnitHost units = UnitHost.standard();
    LeasePart part;
    try {
      vips.reconfigure(role.vips());
      units.begin();
      Credentials credentials =
          Credentials.load(places.tls(), role.self(), role.address().toString(), Instant.now());
      part = new LeasePart(role, vips, units, credentials, facts, incarnation);
    } catch (IOException e) {
      units.close();
      vips.close();
      throw e;
    }
    Thread.ofPlatform().name("leases").start(() -> part.run(broken));
    Thread.ofPlatform().name("kernel").start(() -> part.watch(broken));
    Thread.ofVirtual().name("certificates").start(part::lookAtCertificates);
    return part;
  }

  private void watch(Runnable broken) {
    try {
      watch.run();
    } catch (RuntimeException | Error e) {
      LOG.error("A defect in the watch over the kernel; VIPs go to other controllers", e);
      broken.run();
    } finally {
      threads.countDown();
    }
  }

  /// What is wrong with them, the daemon says; here they are only used, and those who are believed
  /// no more are sent away.
  private void lookAtCertificates() {
    try {
      while (!stopped) {
        TimeUnit.SECONDS.sleep(CERTIFICATE_SECONDS);
        if (credentials.look(Instant.now()) instanceof Credentials.Look.Replaced) {
          peers.endWhere(credentials::isRevoked);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Runnable broken) {
    leaseThread = CurrentThread.id();
    CurrentThread.roundRobin(PRIORITY)
        .ifPresent(
            errno ->
                LOG.warn(
                    "The leases have no real-time priority ({}): they may end under load", errno));
    try {
      loop.run();
    } catch (RuntimeException | Error e) {
      LOG.error("A defect in the lease thread; VIPs go to other controllers", e);
      broken.run();
    } finally {
      threads.countDown();
    }
  }

  /// Looks whether the lease thread woke up late, and says so. To be called now and then by one
  /// thread that is not the lease thread: it reads files.
  void lookWhetherLate() {
    int thread = leaseThread;
    if (thread == 0) {
      return;
    }
    long now = System.nanoTime();
    long late = loop.longestLateNanos();
    LateWatch watched = lateness;
    if (watched == null) {
      watched = new LateWatch(role.timing().leaseNanos(), () -> Strain.of(thread), now);
      lateness = watched;
    }
    String what = watched.look(late, now);
    if (what != null) {
      String text = "The lease thread of " + role.self() + " " + what + ".";
      LOG.warn("{}", text);
      facts.say(new FromLeases.Said("leases-late", Severity.WARNING, role.self(), text));
    }
  }

  /// What it does, for `systemctl status`.
  String status() {
    LateWatch watched = lateness;
    String late =
        watched == null
            ? ""
            : "; its thread at most " + watched.longestNanos() / 1_000_000 + " ms late";
    return "leases of " + role.self() + late;
  }

  LeaseRole role() {
    return role;
  }

  void post(LeaseEvent event) {
    if (event instanceof LeaseEvent.Eligible(String lease, boolean may)) {
      if (may) {
        eligible.add(lease);
      } else {
        eligible.remove(lease);
      }
    }
    synchronized (names) {
      LeaseEvent named = names.of(event);
      if (named != null) {
        loop.post(named);
      }
    }
  }

  /// Takes on another timing and other VIPs while the leases go on: VIPs that are the same in both
  /// are not touched. One that leaves, or gets other addresses, is handed over or dark first.
  ///
  /// @param next the same controller and the same members
  /// @throws IOException when the kernel refused, or a VIP that leaves did not become dark: what is
  ///   played is in between then, see [#goBackTo]
  void become(LeaseRole next) throws IOException {
    if (!next.timing().equals(role.timing())) {
      LOG.info("The timing changes: leases of {} ms", next.timing().leaseNanos() / 1_000_000);
      loop.post(new LeaseEvent.Retimed(next.timing()));
      lateness = null; // what is late depends on the length of a lease
    }
    if (!next.vips().equals(role.vips())) {
      List<String> staying = names.shared(next.vips());
      loop.post(new LeaseEvent.Guarding(staying));
      awaitDark(role.vips().stream().filter(vip -> !staying.contains(vip.leaseName())).toList());
      watch.during(
          () -> LOG.info("The VIPs change; gone: {}", vips.reconfigure(next.vips()).gone()));
      synchronized (names) {
        names.become(next.vips()).forEach(loop::post);
      }
    }
    role = next;
  }

  /// After [#become] failed: what was played before it. VIPs that are in both were never touched.
  ///
  /// @throws IOException when the kernel refuses that, too: only a new start helps
  void goBackTo(LeaseRole before) throws IOException {
    loop.post(new LeaseEvent.Retimed(before.timing()));
    lateness = null;
    watch.during(() -> vips.reconfigure(before.vips()));
    synchronized (names) {
      // Everything is told again: what had left is unknown to the leases.
      var _ = names.become(List.of());
      names.become(before.vips()).forEach(loop::post);
    }
    role = before;
  }

  private void awaitDark(List<Vip> leaving) throws IOException {
    CompletableFuture<Boolean> heard = new CompletableFuture<>();
    loop.execute(() -> heard.complete(true));
    long until = System.nanoTime() + HANDOVER_NANOS;
    while (!heard.isDone() || leaving.stream().anyMatch(vip -> facts.holds(vip.name()))) {
      if (System.nanoTime() - until > 0) {
        throw new IOException("a VIP that leaves did not become dark within a second");
      }
      LockSupport.parkNanos(2_000_000L);
    }
  }

  /// [System#nanoTime] when the lease thread was seen to work last.
  long aliveAtNanos() {
    return loop.aliveAtNanos();
  }

  /// Passes assignments on, ahead of the log.
  void tellOthers(List<VipAssignment> assignments) {
    LeaseMessage message = new LeaseMessage.Assignments(role.self(), names.named(assignments));
    role.members().keySet().stream()
        .filter(member -> !member.equals(role.self()))
        .forEach(member -> send(member, message));
  }

  /// Hands over what is held, VIPs and units, and ends: its threads, its connections, its sockets
  /// into the kernel. The guards stay.
  void stop() {
    stopped = true;
    for (String lease : eligible) {
      post(new LeaseEvent.Eligible(lease, false));
    }
    long until = System.nanoTime() + HANDOVER_NANOS;
    while (facts.holdsAny() && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(2_000_000L);
    }
    LockSupport.parkNanos(LAST_PULSE_NANOS);
    watch.close();
    loop.end();
    try {
      peers.close();
    } catch (IOException e) {
      LOG.warn("While stopping: {}", e.getMessage());
    }
    try {
      // What a thread uses is not taken from under it; one that hangs keeps it.
      if (threads.await(HANDOVER_NANOS, TimeUnit.NANOSECONDS)) {
        units.close();
        vips.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void send(String to, LeaseMessage message) {
    peers.send(to, PeerFrames.LEASE, LeaseCodec.encode(message));
  }

  private PeerSettings settings() {
    SortedMap<String, InetSocketAddress> addresses = new TreeMap<>();
    role.members().forEach((name, address) -> addresses.put(name, socket(address)));
    return new PeerSettings(
        role.self(),
        socket(role.address()),
        addresses,
        () -> credentials.context(new TreeSet<>(role.members().keySet())),
        new RealTimeOnceConnected());
  }

  private static InetSocketAddress socket(IpAddress address) {
    return new InetSocketAddress(address.toString(), PORT);
  }

  /// The lease thread, as the watch over the kernel knows VIPs.
  private final class KernelThread implements LeaseThread {
    @Override
    public void execute(Runnable task) {
      loop.execute(task);
    }

    @Override
    public void guardTouched(List<String> touched) {
      loop.guardTouched(names.leases(touched));
    }
  }

  /// From the watch over the kernel to the leases and the daemon.
  private final class KernelFacts implements KernelWatch.Observer {
    @Override
    public void fit(String vip, boolean fit, String why) {
      post(new LeaseEvent.Fit(vip, fit));
      facts.condition(new FromLeases.VipCondition(vip, why, facts.condition(vip).stranger()));
    }

    @Override
    public void stranger(String vip, String who) {
      facts.condition(new FromLeases.VipCondition(vip, facts.condition(vip).unfit(), who));
    }

    @Override
    public void say(Notice notice) {
      LOG.warn("{}", notice.text());
      facts.say(
          new FromLeases.Said(notice.id(), notice.severity(), notice.subject(), notice.text()));
    }
  }

  /// Handshakes with controllers that start would keep a machine busy for a second; while they last
  /// there is no lease to wait for them.
  private static final class RealTimeOnceConnected implements Urgency {
    @Override
    public void connecting() {
      var _ = CurrentThread.ordinary();
    }

    @Override
    public void connected() {
      var _ =
          CurrentThread.roundRobin(LeaseMain.PRIORITY); // What refuses it was said at the start.
    }
  }

  private final class Arrivals implements PeerListener {
    private static final int SAID_MAX = 32;
    private final Set<String> saidRefusals = new TreeSet<>();

    @Override
    public void arrived(String peer, byte kind, byte[] body) {
      if (kind != PeerFrames.LEASE) {
        LOG.warn("Ignored a frame of unknown kind {} from {}", kind, peer);
        return;
      }
      switch (LeaseCodec.decode(ByteBuffer.wrap(body))) {
        case LeaseCodec.Decoded.Understood(LeaseMessage message) when message.from().equals(peer) ->
            loop.post(new LeaseEvent.Received(message));
        case LeaseCodec.Decoded.Understood(LeaseMessage message) ->
            LOG.warn(
                "Ignored a lease message that {} sent in the name of {}", peer, message.from());
        case LeaseCodec.Decoded.Refused(int offset, String why) -> refused(peer, offset, why);
      }
    }

    /// Each reason once: a controller of another version says the same ten times a second.
    private void refused(String peer, int offset, String why) {
      synchronized (saidRefusals) {
        if (saidRefusals.size() < SAID_MAX && saidRefusals.add(peer + why)) {
          LOG.warn(
              "Ignored a lease message of {}: byte {}: {}. If it runs another version of Trivet,"
                  + " this ends with its upgrade or with that of this controller",
              peer,
              offset,
              why);
        }
      }
    }

    @Override
    public void connected(String peer) {
      // The channel says it; what follows from it comes with the first pulse.
    }

    @Override
    public void disconnected(String peer, String why) {
      // Likewise.
    }
  }
}
