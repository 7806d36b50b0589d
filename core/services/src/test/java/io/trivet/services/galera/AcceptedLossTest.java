package io.trivet.services.galera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.state.AcceptedLoss;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Presence;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Law 2 over many full outages, with an operator who accepts losses at every wrong moment: while
/// all is well, for an outage that is over, before the missing member comes back. Nobody is
/// bootstrapped without the acknowledged writes unless their loss was accepted in this very outage.
class AcceptedLossTest extends GaleraScene {
  private static final int CLUSTERS = 60;
  private static final int OUTAGES = 4;

  /// What each member really has, the last acknowledged write, and whose writes were given up since
  /// the power failed.
  private final TreeMap<String, Long> disk = new TreeMap<>();

  private long acknowledged;
  private final TreeSet<String> givenUp = new TreeSet<>();
  private final TreeSet<String> mustCopy = new TreeSet<>();
  private Random random = new Random(0);
  private int refused;
  private int used;
  private int outages;

  @Test
  void itNeverCountsForAnotherOutage() {
    for (int seed = 0; seed < CLUSTERS; seed++) {
      random = new Random(seed);
      state = io.trivet.cluster.state.ClusterState.empty();
      disk.clear();
      mustCopy.clear();
      threeControllers();
      running();
      acknowledged = 100;
      NODES.forEach(n -> disk.put(n, 100L));
      for (int i = 0; i < OUTAGES; i++) {
        outage("seed " + seed + ", outage " + i);
      }
    }
    assertTrue(outages >= 200 && refused > 100 && used > 5, outages + " " + refused + " " + used);
  }

  private void outage(String where) {
    outages++;
    givenUp.clear();
    maybeAccept(3);
    if (random.nextBoolean()) {
      oneFallsBehind(NODES.get(random.nextInt(3)));
    }
    maybeAccept(3);
    powerFails();
    List<String> order = shuffled();
    String late = order.removeLast();
    order.forEach(this::comesBack);
    if (random.nextBoolean()) {
      maybeAccept(2);
      plan(where, random.nextInt(3));
    }
    if (random.nextInt(4) == 0 && !anyUp()) {
      // Once more, before anything came of it.
      maybeAccept(2);
      powerFails();
      order.forEach(this::comesBack);
    }
    maybeAccept(2);
    if (random.nextBoolean() || !anyUp() && random.nextBoolean()) {
      comesBack(late);
    }
    plan(where, 6);
    maybeAccept(1);
    plan(where, 6);
    if (!state.node(late).present()) {
      comesBack(late);
    }
    plan(where, 12);
    assertEquals(3, up(), where + ": " + state.attributes() + state.targets());
    plan(where, 1);
    assertEquals(new TreeMap<>(), new TreeMap<>(state.acceptedLosses()), where);
    long now = disk.get("c1");
    assertEquals(List.of(now, now, now), List.copyOf(disk.values()), where);
  }

  private void maybeAccept(int oneIn) {
    decide();
    if (random.nextInt(oneIn) > 0) {
      return;
    }
    String node = NODES.get(random.nextInt(3));
    apply(new Command.AcceptLoss("galera", node));
    AcceptedLoss accepted = state.acceptedLosses().get("galera");
    if (accepted == null || !accepted.node().equals(node)) {
      refused++;
    } else {
      givenUp.addAll(accepted.lost());
    }
  }

  /// It dies, and the others go on without it.
  private void oneFallsBehind(String node) {
    List<String> others = NODES.stream().filter(n -> !n.equals(node)).toList();
    down(node, known(disk.get(node)));
    others.forEach(n -> synced(n, String.join(" ", others)));
    decide();
    acknowledged += 7;
    others.forEach(n -> disk.put(n, acknowledged));
  }

  private void powerFails() {
    nowMillis += 60_000;
    NODES.forEach(n -> apply(new Command.NodeStarted(n, nowMillis)));
    NODES.forEach(n -> apply(new Command.NodePresence(n, Presence.GONE)));
  }

  private void comesBack(String node) {
    apply(new Command.NodePresence(node, Presence.PRESENT));
    down(node, known(disk.get(node)));
  }

  private List<String> shuffled() {
    List<String> all = new ArrayList<>(NODES);
    Collections.shuffle(all, random);
    return all;
  }

  private void plan(String where, int times) {
    for (int i = 0; i < times; i++) {
      for (String node : NODES) {
        boolean asked =
            state.node(node).present() && state.runState("galera", node) == RunState.STOPPED;
        String how = asked ? started(node) : "";
        switch (how) {
          case Target.BOOTSTRAP -> bootstrap(where, node);
          case GaleraPolicy.JOIN, GaleraPolicy.JOIN_COPY -> join(where, node, how);
          default -> {}
        }
      }
      decide();
    }
  }

  private void bootstrap(String where, String node) {
    long has = disk.get(node);
    List<String> ahead = NODES.stream().filter(n -> disk.get(n) > has).toList();
    assertTrue(
        has >= acknowledged || givenUp.containsAll(ahead),
        where + ": " + node + " lacks what " + ahead + " have; given up " + givenUp);
    if (has < acknowledged) {
      used++;
      acknowledged = has;
      mustCopy.addAll(ahead);
    }
    synced(node, node);
  }

  private void join(String where, String node, String how) {
    assertTrue(
        !mustCopy.remove(node) || how.equals(GaleraPolicy.JOIN_COPY),
        where + ": " + node + " keeps writes that were given up");
    disk.put(node, acknowledged);
    List<String> all = new ArrayList<>(upNow());
    all.add(node);
    all.forEach(n -> synced(n, String.join(" ", all)));
  }

  private List<String> upNow() {
    return NODES.stream().filter(n -> state.runState("galera", n) == RunState.STARTED).toList();
  }

  private int up() {
    return upNow().size();
  }

  private boolean anyUp() {
    return up() > 0;
  }
}
