package io.trivet.sim.site;

import io.trivet.sim.Chance;
import java.util.Arrays;

/// The network of a site: each direction between two controllers is cut or blocked by itself.
final class Links {
  private static final int NODES = 3;

  private final Site site;
  private final long[][] cutUntil = new long[NODES][NODES];
  private final long[][] blockedUntil = new long[NODES][NODES];

  Links(Site site) {
    this.site = site;
  }

  boolean bothWays(Machine a, Machine b) {
    return open(a, b) && open(b, a);
  }

  private boolean open(Machine from, Machine to) {
    return site.now() >= cutUntil[from.index][to.index];
  }

  /// Nothing gets from one to the other.
  void cut(int from, int to, long nanos) {
    cutUntil[from][to] = Math.max(cutUntil[from][to], site.now() + nanos);
    site.topologyChanged();
    site.after(nanos, site::topologyChanged);
  }

  void cutOff(int node, long nanos) {
    for (int other = 0; other < NODES; other++) {
      if (other != node) {
        cut(node, other, nanos);
        cut(other, node, nanos);
      }
    }
  }

  /// A lost segment holds up all that comes after it on the connection; then all of it arrives.
  void block(int from, int to, long nanos) {
    blockedUntil[from][to] = Math.max(blockedUntil[from][to], site.now() + nanos);
  }

  void heal() {
    for (long[] row : cutUntil) {
      Arrays.fill(row, 0);
    }
    for (long[] row : blockedUntil) {
      Arrays.fill(row, 0);
    }
    site.topologyChanged();
  }

  void carry(Machine from, Machine to, Runnable arrive) {
    if (!from.onNetwork() || !open(from, to)) {
      return;
    }
    Chance chance = site.chance();
    long delay = chance.betweenOrders(50_000, 800_000);
    if (chance.perMille(2)) {
      delay += chance.betweenOrders(Site.MILLI, 20 * Site.MILLI);
    }
    long held = Math.max(0, blockedUntil[from.index][to.index] - site.now());
    int life = to.leases.life();
    site.after(
        held + delay,
        () -> {
          if (to.onNetwork() && open(from, to) && to.leases.life() == life) {
            arrive.run();
          }
        });
  }
}
