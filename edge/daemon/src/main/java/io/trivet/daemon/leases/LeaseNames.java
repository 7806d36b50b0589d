package io.trivet.daemon.leases;

import io.trivet.cluster.UnitLease;
import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.file.Vip;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.cluster.lease.LeaseEvent;
import io.trivet.daemon.lease.LeaseLoop;
import io.trivet.daemon.lease.VipKernel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Between VIPs as people and the log name them, and the leases that members agree on
/// ([Vip#leaseName]): a VIP that gets other addresses is another lease. Remembers what was said of
/// each VIP, so that a lease that is new here is told it. Thread-safe.
final class LeaseNames {
  private static final char MARK = '@';

  private final TreeMap<String, String> leases = new TreeMap<>();
  private final TreeMap<String, VipAssignment> assignments = new TreeMap<>();
  private final TreeMap<String, Boolean> eligible = new TreeMap<>();
  private final TreeMap<String, Boolean> fit = new TreeMap<>();

  LeaseNames(List<Vip> vips) {
    put(vips);
  }

  /// The leases of all VIPs here.
  synchronized List<String> all() {
    return List.copyOf(leases.values());
  }

  /// Those of them that these VIPs have, too.
  synchronized List<String> shared(List<Vip> vips) {
    return vips.stream().map(Vip::leaseName).filter(leases::containsValue).toList();
  }

  /// These are the VIPs from now on.
  ///
  /// @return what is to be told of those that are new here
  synchronized List<LeaseEvent> become(List<Vip> vips) {
    TreeMap<String, String> before = new TreeMap<>(leases);
    put(vips);
    List<LeaseEvent> told = new ArrayList<>();
    told.add(new LeaseEvent.Guarding(all()));
    List<VipAssignment> assigned = new ArrayList<>();
    leases.forEach(
        (vip, lease) -> {
          if (lease.equals(before.get(vip))) {
            return;
          }
          told.add(new LeaseEvent.Fit(lease, fit.getOrDefault(vip, true)));
          told.add(new LeaseEvent.Eligible(lease, eligible.getOrDefault(vip, false)));
          VipAssignment known = assignments.get(vip);
          if (known != null) {
            assigned.add(named(known, lease));
          }
        });
    told.add(new LeaseEvent.Assigned(assigned));
    return told;
  }

  private void put(List<Vip> vips) {
    leases.clear();
    vips.forEach(vip -> leases.put(vip.name(), vip.leaseName()));
  }

  /// The same event, of leases; null when it is about a VIP that is not here.
  synchronized @Nullable LeaseEvent of(LeaseEvent event) {
    return switch (event) {
      case LeaseEvent.Eligible(String vip, boolean may) -> {
        eligible.put(vip, may);
        String lease = lease(vip);
        yield lease == null ? null : new LeaseEvent.Eligible(lease, may);
      }
      case LeaseEvent.Fit(String vip, boolean is) -> {
        fit.put(vip, is);
        String lease = lease(vip);
        yield lease == null ? null : new LeaseEvent.Fit(lease, is);
      }
      case LeaseEvent.Assigned(List<VipAssignment> said) -> {
        for (VipAssignment one : said) {
          assignments.merge(one.vip(), one, (old, now) -> now.epoch() >= old.epoch() ? now : old);
        }
        yield new LeaseEvent.Assigned(named(said));
      }
      case LeaseEvent.Tick _,
          LeaseEvent.Resumed _,
          LeaseEvent.Received _,
          LeaseEvent.Attended _,
          LeaseEvent.Retimed _,
          LeaseEvent.Guarding _,
          LeaseEvent.Darkened _,
          LeaseEvent.HoldFailed _ ->
          event;
    };
  }

  /// Assignments as leases; those of VIPs that are not here are left out.
  synchronized List<VipAssignment> named(List<VipAssignment> said) {
    List<VipAssignment> named = new ArrayList<>();
    for (VipAssignment one : said) {
      String lease = lease(one.vip());
      if (lease != null) {
        named.add(named(one, lease));
      }
    }
    return named;
  }

  private static VipAssignment named(VipAssignment said, String lease) {
    return new VipAssignment(lease, said.epoch(), said.holder(), said.heirs());
  }

  /// The leases of these VIPs, of those that are here.
  synchronized List<String> leases(List<String> vips) {
    List<String> named = new ArrayList<>();
    for (String vip : vips) {
      String lease = lease(vip);
      if (lease != null) {
        named.add(lease);
      }
    }
    return named;
  }

  private @Nullable String lease(String vip) {
    return UnitLease.is(vip) ? vip : leases.get(vip);
  }

  private static String vip(String lease) {
    int mark = lease.lastIndexOf(MARK);
    return mark < 0 || UnitLease.is(lease) ? lease : lease.substring(0, mark);
  }

  /// The VIP of a lease that is known here now; else null: its addresses were made dark when it
  /// left.
  private synchronized @Nullable String here(String lease) {
    String vip = vip(lease);
    return UnitLease.is(lease) || lease.equals(leases.get(vip)) ? vip : null;
  }

  /// The same observer, told of VIPs.
  LeaseLoop.Observer observer(LeaseLoop.Observer vips) {
    return new LeaseLoop.Observer() {
      @Override
      public void peerSilent(String peer) {
        vips.peerSilent(peer);
      }

      @Override
      public void peerHeard(String peer) {
        vips.peerHeard(peer);
      }

      @Override
      public void peerBegan(String peer, long run) {
        vips.peerBegan(peer, run);
      }

      @Override
      public void peerLeft(String peer) {
        vips.peerLeft(peer);
      }

      @Override
      public void holdChanged(String lease, boolean holding, long epoch) {
        vips.holdChanged(vip(lease), holding, epoch);
      }
    };
  }

  /// The same kernel, for leases: what is not here now can be neither lit nor made darker.
  VipKernel kernel(VipKernel vips) {
    return new Kernel(vips);
  }

  private final class Kernel implements VipKernel {
    private final VipKernel vips;

    Kernel(VipKernel vips) {
      this.vips = vips;
    }

    private interface Call {
      void on(String vip) throws IOException;
    }

    private void dark(String lease, Call call) throws IOException {
      String vip = here(lease);
      if (vip != null) {
        call.on(vip);
      }
    }

    private String lit(String lease) throws IOException {
      String vip = here(lease);
      if (vip == null) {
        throw new IOException("VIP " + lease + " is not in the cluster file in force");
      }
      return vip;
    }

    @Override
    public void setKey(String lease, HoldCommit.Key key, long timeoutNanos) throws IOException {
      vips.setKey(lit(lease), key, timeoutNanos);
    }

    @Override
    public void clearKeys(String lease) throws IOException {
      dark(lease, vips::clearKeys);
    }

    @Override
    public void show(String lease) throws IOException {
      vips.show(lit(lease));
    }

    @Override
    public void hide(String lease) throws IOException {
      dark(lease, vips::hide);
    }

    @Override
    public void announce(String lease) throws IOException {
      vips.announce(lit(lease));
    }

    @Override
    public void restoreGuard(String lease) throws IOException {
      dark(lease, vips::restoreGuard);
    }

    @Override
    public void cutLink(String lease) throws IOException {
      dark(lease, vips::cutLink);
    }

    @Override
    public void cutUplink(String lease) throws IOException {
      dark(lease, vips::cutUplink);
    }
  }
}
