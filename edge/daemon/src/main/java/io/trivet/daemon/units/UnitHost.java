package io.trivet.daemon.units;

import io.trivet.cluster.UnitFence;
import io.trivet.cluster.UnitLease;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.daemon.lease.LeaseThread;
import io.trivet.daemon.lease.VipKernel;
import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.cgroup.ControlGroups;
import io.trivet.linux.nftables.AddressGuard;
import io.trivet.linux.nftables.CgroupGuard;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The units of this controller that the network fences, in the kernel, as the lease thread deals
/// with them. Leases go by the names of [UnitLease].
///
/// | what is asked | what is done here | what is left to [UnitWatch] |
/// |---|---|---|
/// | a key is set | the run that there is may speak; one that lost its lease before may not | groups that are missing are made |
/// | keys are cleared | every run that may speak is silenced, and the guard is looked at | |
/// | the unit is hidden | what still runs is condemned | it is killed |
///
/// The lease thread only looks at control groups and talks to nftables: to make a group or to kill
/// one may wait in the kernel for whoever else does so. So a unit is *silent* at once and *ended* a
/// moment later, and the lease is given back in between only where the silence is proven. What is
/// not proven is done when nothing runs any more.
public final class UnitHost implements VipKernel, AutoCloseable {
  static final String TABLE = "trivetunits";

  private final NetworkNamespace namespace;
  private final UnitWatch watch;
  private @Nullable ControlGroups groups;
  private @Nullable CgroupGuard guard;

  /// Lease → its unit. Replaced as a whole, by the watch.
  private volatile SortedMap<String, FencedUnit> units = new TreeMap<>();

  /// Numbers of the slices that are to be guarded. Replaced as a whole, by the watch.
  private volatile Set<Long> slices = Set.of();

  /// What the guard looked like when it was installed last; empty before.
  private volatile String seen = "";

  private volatile int port;

  /// @param files which units are fenced
  /// @param namespace where the units' sockets are: the host's; closed with this
  /// @param stands the file that exists while the guard stands
  public UnitHost(FenceFiles files, NetworkNamespace namespace, Path stands) {
    this.namespace = namespace;
    this.watch = new UnitWatch(this, files, namespace, stands);
  }

  /// The units of this machine.
  public static UnitHost standard() throws LinuxException {
    return new UnitHost(
        FenceFiles.standard(), NetworkNamespace.current(), Path.of(UnitFence.GUARD_STANDS));
  }

  /// Ends what an earlier life left running, and guards every unit that has a drop-in file: from
  /// when this returns none of them is heard without a lease, also when this process is gone. To be
  /// called before there is a lease thread; the only call that waits. Without any fenced unit
  /// nothing is touched.
  ///
  /// What fails is logged: then no unit may start here and none gets a lease; VIPs are none of its
  /// business.
  public void begin() {
    watch.begin();
  }

  /// Keeps it so from now on.
  public void watch(LeaseThread leases) {
    watch.start(leases);
  }

  @Override
  public void setKey(String lease, HoldCommit.Key key, long timeoutNanos) throws IOException {
    FencedUnit fenced = units.get(lease);
    if (fenced == null) {
      watch.prepare();
      throw new IOException(
          "it has no drop-in file that is known here, so nothing could silence it");
    }
    long slice = openGroups().number(UnitFence.sliceGroup(fenced.resource));
    if (slice >= 0 && !slices.contains(slice)) {
      // Somebody stopped the slice, and it is there again under another number.
      List<Long> also = new ArrayList<>(slices);
      also.add(slice);
      install(also);
      watch.prepare();
    }
    long run = openGroups().number(fenced.group());
    if (run < 0) {
      // Nothing runs that could speak. The group that comes is let speak as soon as it is there.
      watch.prepare();
      return;
    }
    if (fenced.isCondemned(run)) {
      if (openGroups().populated(fenced.group())) {
        throw new IOException("what ran without the lease is still being ended");
      }
      fenced.ended();
    }
    fenced.silenced = false;
    fenced.lit.add(run);
    AddressGuard.Key set =
        switch (key) {
          case FIRST -> AddressGuard.Key.LEASED;
          case SECOND -> AddressGuard.Key.CONFIRMED;
        };
    openGuard().setKey(set, List.of(run), TimeUnit.NANOSECONDS.toMillis(timeoutNanos));
  }

  @Override
  public void clearKeys(String lease) throws IOException {
    FencedUnit fenced = units.get(lease);
    if (fenced != null) {
      TreeSet<Long> numbers = new TreeSet<>(fenced.lit);
      long run = openGroups().number(fenced.group());
      if (run >= 0) {
        numbers.add(run);
      }
      openGuard().revoke(List.copyOf(numbers));
    }
    verify();
    if (fenced != null) {
      fenced.lit.clear();
      fenced.silenced = true;
    }
  }

  @Override
  public void show(String lease) throws IOException {
    FencedUnit fenced = units.get(lease);
    if (fenced == null) {
      throw new IOException("it has no drop-in file any more");
    }
    verify();
  }

  /// What lost its lease is ended: systemd and the agent hear of it.
  @Override
  public void hide(String lease) throws IOException {
    FencedUnit fenced = units.get(lease);
    if (fenced == null) {
      mustBeEmpty(UnitFence.sliceGroup(UnitLease.resource(lease)));
      return;
    }
    long run = openGroups().number(fenced.group());
    if (run >= 0 && openGroups().populated(fenced.group())) {
      fenced.condemn(run);
      watch.end(fenced, run);
      if (!fenced.silenced) {
        throw new IOException("it is not silenced, and being ended");
      }
    }
  }

  @Override
  public void announce(String lease) {
    // A unit has no neighbours to tell.
  }

  @Override
  public void restoreGuard(String lease) throws IOException {
    install();
    verify();
  }

  /// A unit has no link of its own: it is dark when nothing of it runs.
  @Override
  public void cutLink(String lease) throws IOException {
    mustBeEmpty(UnitFence.sliceGroup(UnitLease.resource(lease)));
  }

  @Override
  public void cutUplink(String lease) throws IOException {
    cutLink(lease);
  }

  @Override
  public void close() {
    watch.close();
    CgroupGuard open = guard;
    if (open != null) {
      open.close();
    }
    namespace.close();
  }

  private void mustBeEmpty(String group) throws IOException {
    if (openGroups().populated(group)) {
      throw new IOException("processes run in " + group);
    }
  }

  /// Whether the guard in the kernel is the one that was put there, for all that are to be guarded.
  private void verify() throws IOException {
    if (seen.isEmpty()) {
      throw new IOException("nothing guards it");
    }
    if (!openGuard().guarded().containsAll(slices) || !openGuard().look().equals(seen)) {
      throw new IOException("its guard is not what Trivet put there");
    }
  }

  // What the watch tells and asks.

  SortedMap<String, FencedUnit> units() {
    return units;
  }

  Set<Long> slices() {
    return slices;
  }

  String seen() {
    return seen;
  }

  void know(SortedMap<String, FencedUnit> fenced, Set<Long> guarded) {
    units = fenced;
    slices = guarded;
  }

  /// On the lease thread, once there is one: so the list of guarded slices has one writer.
  void install() throws IOException {
    install(List.copyOf(slices));
  }

  private void install(List<Long> guarded) throws LinuxException {
    openGuard().install(UnitFence.SLICE_DEPTH, guarded);
    seen = openGuard().look();
    port = openGuard().portId();
  }

  /// Number of the socket that changes the guard, 0 before anything was.
  int port() {
    return port;
  }

  synchronized ControlGroups openGroups() throws IOException {
    ControlGroups open = groups;
    if (open == null) {
      String kernel = System.getProperty("os.version", "");
      if (!ControlGroups.depthsCountFromHere(kernel)) {
        throw new IOException(
            "Linux "
                + kernel
                + " counts control groups from the machine's root, and this is a container: units"
                + " cannot be fenced by the network here (6.11 can)");
      }
      open = ControlGroups.open();
      groups = open;
    }
    return open;
  }

  private synchronized CgroupGuard openGuard() throws LinuxException {
    CgroupGuard open = guard;
    if (open == null) {
      open = CgroupGuard.open(namespace, TABLE);
      guard = open;
    }
    return open;
  }
}
