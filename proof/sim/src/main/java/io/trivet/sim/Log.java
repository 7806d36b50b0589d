package io.trivet.sim;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.lease.LeaseEffect;
import io.trivet.cluster.lease.LeaseMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A small model of the replicated log: only a leader that a majority hears can commit, what is
/// committed stays, and everybody learns it sooner or later. The real one has tests of its own;
/// what matters here is that assignments change at bad moments.
final class Log {
  private static final long HEARTBEAT = 150 * Plan.MILLI;

  private final World world;
  private final TreeMap<String, VipAssignment> committed = new TreeMap<>();
  private long epoch;
  private int leader;
  private long lostSince = -1;

  Log(World world) {
    this.world = world;
  }

  List<VipAssignment> committed() {
    return new ArrayList<>(committed.values());
  }

  void begin() {
    for (String vip : world.vips()) {
      assign(vip, world.chance.below(world.plan.nodes()));
    }
    leader = world.chance.below(world.plan.nodes());
    world.after(HEARTBEAT, this::beat);
  }

  void move(int vip, int node) {
    if (leads(leader) && world.nodes.get(node).serves(vip)) {
      commit(world.vips().get(vip), node);
    }
  }

  void lead(int node) {
    if (leads(node)) {
      leader = node;
      world.say(node, 10, () -> "leads");
    }
  }

  private boolean leads(int node) {
    int hears = 0;
    for (Node other : world.nodes) {
      if (reaches(node, other.index)) {
        hears++;
      }
    }
    return hears > world.plan.nodes() / 2;
  }

  private boolean reaches(int node, int other) {
    return world.nodes.get(node).up()
        && world.nodes.get(other).up()
        && world.network.open(node, other)
        && world.network.open(other, node);
  }

  private void beat() {
    world.after(HEARTBEAT, this::beat);
    if (!leads(leader)) {
      if (lostSince < 0) {
        lostSince = world.now();
      } else if (world.now() - lostSince > 2 * HEARTBEAT) {
        for (Node node : world.nodes) {
          lead(node.index);
        }
      }
      return;
    }
    lostSince = -1;
    for (Node node : world.nodes) {
      if (reaches(leader, node.index) && world.chance.below(3) == 0) {
        node.log();
      }
    }
    // What actually is becomes what should be.
    for (String vip : world.vips()) {
      LeaseEffect.HolderSeen seen = world.nodes.get(leader).holders.get(vip);
      VipAssignment known = known(vip);
      if (seen == null || known == null || seen.epoch() != known.epoch()) {
        continue;
      }
      String holder = seen.holder();
      if (holder != null && !holder.equals(known.holder())) {
        commit(vip, world.node(holder).index);
      }
    }
  }

  private @Nullable VipAssignment known(String vip) {
    return committed.get(vip);
  }

  private void commit(String vip, int node) {
    assign(vip, node);
    List<VipAssignment> news = new ArrayList<>();
    VipAssignment assignment = known(vip);
    if (assignment != null) {
      news.add(assignment);
    }
    Node from = world.nodes.get(leader);
    from.log();
    for (Node other : world.nodes) {
      if (other.index != leader) {
        LeaseMessage told = new LeaseMessage.Assignments("c" + (leader + 1), from.named(news));
        world.network.send(leader, other.index, told);
      }
    }
  }

  private void assign(String vip, int node) {
    List<String> heirs = new ArrayList<>();
    for (int i = 1; i < world.plan.nodes(); i++) {
      heirs.add("c" + ((node + i) % world.plan.nodes() + 1));
    }
    epoch++;
    VipAssignment assignment = new VipAssignment(vip, epoch, "c" + (node + 1), heirs);
    committed.put(vip, assignment);
    world.say(-1, 11, assignment::toString);
  }
}
