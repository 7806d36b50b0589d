package io.trivet.daemon.units;

import io.trivet.cluster.UnitLease;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.daemon.lease.VipKernel;
import java.io.IOException;

/// Everything in the kernel that a lease guards: VIPs, and units.
public final class LeasedKernel implements VipKernel {
  private final VipKernel vips;
  private final VipKernel units;

  public LeasedKernel(VipKernel vips, VipKernel units) {
    this.vips = vips;
    this.units = units;
  }

  @Override
  public void setKey(String lease, HoldCommit.Key key, long timeoutNanos) throws IOException {
    of(lease).setKey(lease, key, timeoutNanos);
  }

  @Override
  public void clearKeys(String lease) throws IOException {
    of(lease).clearKeys(lease);
  }

  @Override
  public void show(String lease) throws IOException {
    of(lease).show(lease);
  }

  @Override
  public void hide(String lease) throws IOException {
    of(lease).hide(lease);
  }

  @Override
  public void announce(String lease) throws IOException {
    of(lease).announce(lease);
  }

  @Override
  public void restoreGuard(String lease) throws IOException {
    of(lease).restoreGuard(lease);
  }

  @Override
  public void cutLink(String lease) throws IOException {
    of(lease).cutLink(lease);
  }

  @Override
  public void cutUplink(String lease) throws IOException {
    of(lease).cutUplink(lease);
  }

  private VipKernel of(String lease) {
    return UnitLease.is(lease) ? units : vips;
  }
}
