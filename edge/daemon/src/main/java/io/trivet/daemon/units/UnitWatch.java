package io.trivet.daemon.units;

import io.trivet.cluster.UnitFence;
import io.trivet.cluster.UnitLease;
import io.trivet.daemon.lease.LeaseThread;
import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.cgroup.ControlGroups;
import io.trivet.linux.nftables.CgroupGuard;
import io.trivet.linux.watch.Change;
import io.trivet.linux.watch.ChangeWait;
import io.trivet.linux.watch.ChangeWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything about fenced units that may wait, on two threads of its own.
///
/// `unit-guard` looks every second, and whenever somebody changes the guard: which units are
/// fenced, whether their groups exist, and whether the kernel has the guard that the lease thread
/// put there; that thread puts it there again. `unit-orders` makes groups and ends processes.
///
/// Everything in [UnitFence#SLICES] is guarded, whether its drop-in file is still there or not.
final class UnitWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UnitWatch.class);
  private static final long LOOK_NANOS = 1_000_000_000L;
  private static final long DEATH_NANOS = 1_000_000_000L;
  private static final long STEP_NANOS = 1_000_000L;

  private final UnitHost host;
  private final FenceFiles files;
  private final NetworkNamespace namespace;
  private final Path stands;
  private final BlockingQueue<Runnable> orders = new LinkedBlockingQueue<>();
  private final AtomicBoolean preparing = new AtomicBoolean();
  private @Nullable LeaseThread leases;
  private volatile boolean ended;
  private boolean wasPut;

  UnitWatch(UnitHost host, FenceFiles files, NetworkNamespace namespace, Path stands) {
    this.host = host;
    this.files = files;
    this.namespace = namespace;
    this.stands = stands;
  }

  void begin() {
    try {
      know();
      endAll();
      if (!host.slices().isEmpty()) {
        host.install();
        sayThatItStands();
      }
    } catch (IOException e) {
      LOG.error("Units that the network fences cannot run here: {}", e.getMessage());
      sayThatItFell();
    }
  }

  void start(LeaseThread thread) {
    leases = thread;
    Thread.ofPlatform().daemon().name("unit-guard").start(this::watch);
    Thread.ofPlatform().daemon().name("unit-orders").start(this::obey);
  }

  @Override
  public void close() {
    ended = true;
    orders.add(() -> {});
  }

  // Orders, from the lease thread: never block.

  /// Groups are missing, or a unit is not known yet.
  void prepare() {
    if (preparing.compareAndSet(false, true)) {
      orders.add(
          () -> {
            preparing.set(false);
            look();
          });
    }
  }

  /// A run that lost its lease is to end.
  void end(FencedUnit fenced, long run) {
    orders.add(() -> kill(fenced, run));
  }

  private void obey() {
    try {
      while (!ended) {
        orders.take().run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void kill(FencedUnit fenced, long run) {
    try {
      ControlGroups groups = host.openGroups();
      // Another run may be in its place by now, which has a lease.
      if (!fenced.isCondemned(run) || groups.number(fenced.group()) != run) {
        return;
      }
      LOG.info("{} has no lease here any more: ending it", fenced.unit);
      groups.kill(fenced.group());
      awaitDeath(groups, fenced);
    } catch (IOException e) {
      LOG.warn("{} is silent and was not ended: {}", fenced.unit, e.getMessage());
    }
  }

  private static void awaitDeath(ControlGroups groups, FencedUnit fenced) throws IOException {
    long until = System.nanoTime() + DEATH_NANOS;
    while (groups.populated(fenced.group())) {
      if (System.nanoTime() - until > 0) {
        throw new IOException("its processes do not die");
      }
      LockSupport.parkNanos(STEP_NANOS);
    }
  }

  private void endAll() throws IOException {
    for (FencedUnit fenced : host.units().values()) {
      ControlGroups groups = host.openGroups();
      long run = groups.number(fenced.group());
      if (run >= 0 && groups.populated(fenced.group())) {
        fenced.condemn(run);
        kill(fenced, run);
      }
    }
  }

  // Looking.

  private void watch() {
    try (ChangeWait wait = new ChangeWait()) {
      ChangeWatch changes = null;
      long due = System.nanoTime() + LOOK_NANOS;
      while (!ended) {
        if (changes == null && host.port() != 0) {
          changes = ChangeWatch.open(namespace);
          changes.ignore(List.of(host.port()));
        }
        List<ChangeWatch> heard = changes == null ? List.of() : List.of(changes);
        if (wait.await(heard, due - System.nanoTime()) && changes != null) {
          heard(changes.read());
        }
        if (System.nanoTime() - due >= 0) {
          look();
          due = System.nanoTime() + LOOK_NANOS;
        }
      }
      if (changes != null) {
        changes.close();
      }
    } catch (LinuxException e) {
      LOG.error("Changes of the guard of fenced units are not heard of: {}", e.getMessage());
      while (!ended) {
        LockSupport.parkNanos(LOOK_NANOS);
        look();
      }
    }
  }

  private void heard(List<Change> all) {
    List<Change> ours =
        all.stream().filter(change -> change.tables().contains(UnitHost.TABLE)).toList();
    if (!ours.isEmpty()) {
      putBack(
          ours.stream()
              .map(Change::process)
              .filter(process -> !process.isEmpty())
              .findFirst()
              .orElse("somebody else"));
    } else if (all.stream().anyMatch(change -> change.kind() == Change.Kind.UNKNOWN)) {
      look();
    }
  }

  private synchronized void look() {
    try {
      Set<Long> before = host.slices();
      boolean came = know();
      if (host.slices().isEmpty()) {
        return;
      }
      if (!before.equals(host.slices())) {
        put();
      } else if (!standsInKernel()) {
        putBack("somebody else, likely a reload of a firewall");
      } else {
        sayThatItStands();
        if (came) {
          touched(); // groups are there that were not, and may be let speak
        }
      }
    } catch (IOException e) {
      LOG.error("The guard of fenced units cannot be looked at: {}", e.getMessage());
    }
  }

  private boolean standsInKernel() throws IOException {
    try (CgroupGuard guard = CgroupGuard.open(namespace, UnitHost.TABLE)) {
      return guard.look().equals(host.seen())
          && new TreeSet<>(guard.guarded()).equals(new TreeSet<>(host.slices()));
    } catch (ErrnoException e) {
      if (e.errno().equals(Errno.ENOENT)) {
        return false;
      }
      throw e;
    }
  }

  private void putBack(String who) {
    LOG.warn(
        "The guard of fenced units ({}) was changed by {}: putting it back", UnitHost.TABLE, who);
    put();
  }

  private void put() {
    LeaseThread thread = leases;
    if (thread == null) {
      return;
    }
    thread.execute(
        () -> {
          try {
            host.install();
            orders.add(this::sayThatItStands);
          } catch (IOException e) {
            LOG.error("The guard of fenced units cannot be put in place: {}", e.getMessage());
            orders.add(this::sayThatItFell);
          }
        });
    touched();
  }

  /// Those that are held are let speak for what is left of their leases.
  private void touched() {
    LeaseThread thread = leases;
    if (thread != null) {
      thread.guardTouched(List.copyOf(host.units().keySet()));
    }
  }

  /// Takes up units that became fenced since, and makes the groups that are missing. A unit that is
  /// fenced no more is forgotten when nothing runs in its slice.
  ///
  /// @return whether a group came
  private boolean know() throws IOException {
    SequencedMap<String, String> all = files.all();
    SortedMap<String, FencedUnit> known = new TreeMap<>();
    for (FencedUnit before : host.units().values()) {
      boolean same = before.unit.equals(all.get(before.resource));
      if (same || host.openGroups().populated(UnitFence.sliceGroup(before.resource))) {
        known.put(UnitLease.of(before.resource), before);
      }
    }
    all.forEach(
        (resource, unit) ->
            known.computeIfAbsent(UnitLease.of(resource), _ -> new FencedUnit(resource, unit)));
    TreeSet<Long> slices = new TreeSet<>();
    boolean came = false;
    if (!known.isEmpty()) {
      ControlGroups groups = host.openGroups();
      for (FencedUnit fenced : known.values()) {
        slices.add(groups.ensure(UnitFence.sliceGroup(fenced.resource)));
      }
      for (String slice : groups.below(UnitFence.SLICES)) {
        long number = groups.number(UnitFence.SLICES + "/" + slice);
        if (number >= 0) {
          slices.add(number);
        }
      }
    }
    host.know(known, slices);
    for (FencedUnit fenced : known.values()) {
      if (host.openGroups().number(fenced.group()) < 0) {
        host.openGroups().ensure(fenced.group());
        came = true;
      }
    }
    return came;
  }

  /// The folder of the file is systemd's RuntimeDirectory of this process.
  private synchronized void sayThatItStands() {
    try {
      if (!wasPut || !Files.exists(stands)) {
        Files.writeString(stands, "");
        wasPut = true;
      }
    } catch (IOException e) {
      LOG.error("Fenced units may not start: {} cannot be written: {}", stands, e.getMessage());
    }
  }

  private synchronized void sayThatItFell() {
    try {
      wasPut = false;
      Files.deleteIfExists(stands);
    } catch (IOException e) {
      LOG.error("{} cannot be deleted: {}", stands, e.getMessage());
    }
  }
}
