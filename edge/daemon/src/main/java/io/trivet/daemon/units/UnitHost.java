package io.trivet.daemon.units;

import io.trivet.cluster.UnitFence;
import io.trivet.cluster.UnitLease;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.daemon.lease.VipKernel;
import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.cgroup.ControlGroups;
import io.trivet.linux.nftables.AddressGuard;
import io.trivet.linux.nftables.CgroupGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The units of this controller that the network fences, in the kernel. Leases go by the names of
/// [UnitLease].
///
/// [#begin] guards their slices and ends what an earlier life left running in them; from then on
/// none of them is heard without a lease, also when this process is gone. The guard is looked at
/// every second and whenever a lease is renewed, and put back where somebody took it away. What
/// cannot be silenced is killed: no process, no packet.
public final class UnitHost implements VipKernel, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UnitHost.class);
  private static final String TABLE = "trivetunits";
  private static final long LOOK_NANOS = 1_000_000_000L;
  private static final long DEATH_NANOS = 1_000_000_000L;

  private final FenceFiles files;
  private final Map<String, Fenced> units = new TreeMap<>();
  private @Nullable ControlGroups groups;
  private @Nullable CgroupGuard guard;
  private volatile boolean closed;

  /// One unit, and the numbers of the groups that were let speak.
  private static final class Fenced {
    final String resource;
    final String unit;
    final TreeSet<Long> lit = new TreeSet<>();
    long slice;

    Fenced(String resource, String unit) {
      this.resource = resource;
      this.unit = unit;
    }

    String group() {
      return UnitFence.unitGroup(resource, unit);
    }
  }

  public UnitHost(FenceFiles files) {
    this.files = files;
  }

  /// Guards every unit that has a drop-in file. Without any, nothing is touched.
  public synchronized void begin() throws IOException {
    refresh();
    for (Fenced fenced : units.values()) {
      openGroups().kill(fenced.group());
    }
    Thread.ofPlatform().daemon().name("unit-guard").start(this::watch);
  }

  @Override
  public synchronized void setKey(String lease, HoldCommit.Key key, long timeoutNanos)
      throws IOException {
    Fenced fenced = of(lease);
    ControlGroups now = openGroups();
    if (now.ensure(UnitFence.sliceGroup(fenced.resource)) != fenced.slice) {
      install();
    }
    long run = now.ensure(fenced.group());
    AddressGuard.Key set =
        switch (key) {
          case FIRST -> AddressGuard.Key.LEASED;
          case SECOND -> AddressGuard.Key.CONFIRMED;
        };
    long millis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
    fenced.lit.add(run);
    try {
      openGuard().setKey(set, List.of(run), millis);
    } catch (ErrnoException e) {
      if (!e.errno().equals(Errno.ENOENT)) {
        throw e;
      }
      // It had the lease all the time that the guard was away. The other key is gone, so until that
      // is set too the unit is silent.
      LOG.warn("The guard of fenced units was taken away ({}): putting it back", TABLE);
      install();
      openGuard().setKey(set, List.of(run), millis);
    }
  }

  @Override
  public synchronized void clearKeys(String lease) throws IOException {
    Fenced fenced = of(lease);
    try {
      revoke(fenced);
    } catch (LinuxException e) {
      LOG.warn("{} is not silenced ({}): killing it", fenced.unit, e.getMessage());
      kill(fenced);
      install();
      revoke(fenced);
    }
    fenced.lit.clear();
  }

  private void revoke(Fenced fenced) throws IOException {
    TreeSet<Long> numbers = new TreeSet<>(fenced.lit);
    long run = openGroups().number(fenced.group());
    if (run >= 0) {
      numbers.add(run);
    }
    openGuard().revoke(List.copyOf(numbers));
  }

  @Override
  public synchronized void show(String lease) throws IOException {
    if (!openGuard().guarded().contains(of(lease).slice)) {
      throw new IOException("the guard of " + of(lease).unit + " is not in place");
    }
  }

  /// What lost its lease is ended at once: systemd and the agent hear of it.
  @Override
  public synchronized void hide(String lease) throws IOException {
    kill(of(lease));
  }

  private void kill(Fenced fenced) throws IOException {
    ControlGroups now = openGroups();
    if (!now.populated(fenced.group())) {
      return;
    }
    LOG.info("{} has no lease here any more: ending it", fenced.unit);
    now.kill(fenced.group());
    long until = System.nanoTime() + DEATH_NANOS;
    while (now.populated(fenced.group())) {
      if (System.nanoTime() - until > 0) {
        throw new IOException(fenced.unit + " does not die");
      }
      LockSupport.parkNanos(1_000_000L);
    }
  }

  @Override
  public void announce(String lease) {
    // A unit has no neighbours to tell.
  }

  @Override
  public synchronized void restoreGuard(String lease) throws IOException {
    of(lease);
    install();
    show(lease);
  }

  /// A unit has no link of its own: its processes are ended.
  @Override
  public synchronized void cutLink(String lease) throws IOException {
    kill(of(lease));
  }

  @Override
  public void cutUplink(String lease) throws IOException {
    cutLink(lease);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (guard != null) {
      guard.close();
      guard = null;
    }
  }

  private void watch() {
    while (!closed) {
      LockSupport.parkNanos(LOOK_NANOS);
      try {
        look();
      } catch (IOException e) {
        LOG.error("The guard of fenced units cannot be looked at: {}", e.getMessage());
      }
    }
  }

  private synchronized void look() throws IOException {
    if (closed || !files.all().keySet().equals(resources())) {
      if (!closed) {
        refresh();
      }
      return;
    }
    if (units.isEmpty()) {
      return;
    }
    List<Long> wanted = slices();
    List<Long> there;
    try {
      there = openGuard().guarded();
    } catch (ErrnoException e) {
      there = List.of();
    }
    if (!there.equals(wanted)) {
      LOG.warn(
          "The guard of fenced units was changed by somebody else ({}, likely a reload of a firewall): putting it back",
          TABLE);
      install();
    }
  }

  private Set<String> resources() {
    TreeSet<String> resources = new TreeSet<>();
    units.values().forEach(fenced -> resources.add(fenced.resource));
    return resources;
  }

  /// Takes up units that became fenced since.
  private void refresh() throws IOException {
    Map<String, String> all = files.all();
    units.keySet().removeIf(lease -> !all.containsKey(UnitLease.resource(lease)));
    all.forEach(
        (resource, unit) ->
            units.computeIfAbsent(UnitLease.of(resource), l -> new Fenced(resource, unit)));
    if (!units.isEmpty()) {
      install();
    }
  }

  private void install() throws IOException {
    openGuard().install(UnitFence.SLICE_DEPTH, slices());
    // The folder is systemd's RuntimeDirectory of this process.
    Files.writeString(Path.of(UnitFence.GUARD_STANDS), "");
  }

  private List<Long> slices() throws IOException {
    List<Long> slices = new ArrayList<>();
    for (Fenced fenced : units.values()) {
      fenced.slice = openGroups().ensure(UnitFence.sliceGroup(fenced.resource));
      slices.add(fenced.slice);
    }
    return slices.stream().sorted().toList();
  }

  private ControlGroups openGroups() throws IOException {
    if (groups == null) {
      String kernel = System.getProperty("os.version", "");
      if (!ControlGroups.depthsCountFromHere(kernel)) {
        throw new IOException(
            "Linux "
                + kernel
                + " counts control groups from the machine's root, and this is a container: units cannot be fenced by the network here (6.11 can)");
      }
      groups = ControlGroups.open();
    }
    return groups;
  }

  private CgroupGuard openGuard() throws LinuxException {
    if (guard == null) {
      guard = CgroupGuard.open(NetworkNamespace.current(), TABLE);
    }
    return guard;
  }

  private Fenced of(String lease) throws IOException {
    Fenced fenced = units.get(lease);
    if (fenced == null) {
      refresh();
      fenced = units.get(lease);
    }
    if (fenced == null) {
      throw new IOException(
          UnitLease.resource(lease) + " has no drop-in file, so nothing can silence it");
    }
    return fenced;
  }
}
