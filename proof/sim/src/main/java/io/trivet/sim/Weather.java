package io.trivet.sim;

import java.util.List;

/// Makes faults that belong together: what has been seen to hurt, and what is merely unlikely.
final class Weather {
  private static final long MILLI = Plan.MILLI;

  private final Chance chance;
  private final int nodes;
  private final long lease;
  private final List<Fault> faults;

  Weather(Chance chance, int nodes, long lease, List<Fault> faults) {
    this.chance = chance;
    this.nodes = nodes;
    this.lease = lease;
    this.faults = faults;
  }

  /// Some faults around a moment.
  void cluster(long at) {
    int node = chance.below(nodes);
    int other = (node + 1 + chance.below(nodes - 1)) % nodes;
    switch (chance.below(6)) {
      case 0 -> forgetfulVoter(at, node, other);
      case 1 -> brokenCommits(at, node);
      case 2 -> lateAnswers(at, node);
      default -> {
        for (int count = 1 + chance.below(5); count > 0; count--) {
          any(soon(at), chance.below(3) == 0 ? other : node);
        }
      }
    }
  }

  /// One controller no longer hears the other; a third dies and is back at once.
  private void forgetfulVoter(long at, int node, int other) {
    both(at, node, other, lasting());
    for (int third = 0; third < nodes; third++) {
      if (third != node && third != other) {
        faults.add(new Fault.Crash(soon(at), third, brief()));
      }
    }
  }

  /// Pauses before instructions that follow each other closely.
  private void brokenCommits(long at, int node) {
    int instruction = chance.below(40);
    for (int count = 1 + chance.below(5); count > 0; count--) {
      long stands = chance.below(2) == 0 ? any() : chance.between(lease / 8, lease);
      faults.add(new Fault.PauseBefore(at, node, instruction, stands));
      instruction += 1 + chance.below(3);
    }
  }

  /// Messages are late, then the controller is cut off or stands still.
  private void lateAnswers(long at, int node) {
    faults.add(
        new Fault.Storm(at, (int) chance.between(100, 600), chance.between(lease / 4, 3 * lease)));
    switch (chance.below(4)) {
      case 0 -> isolate(soon(at), node, lasting());
      case 1 -> faults.add(new Fault.Pause(soon(at), node, lasting()));
      case 2 -> faults.add(new Fault.Crash(soon(at), node, brief()));
      default -> faults.add(new Fault.Move(soon(at), chance.below(2), node));
    }
  }

  private void any(long at, int node) {
    int other = (node + 1 + chance.below(nodes - 1)) % nodes;
    switch (chance.below(17)) {
      case 0, 1 -> faults.add(new Fault.Pause(at, node, any()));
      case 2 -> faults.add(new Fault.PauseBefore(at, node, chance.below(60), any()));
      case 3 -> faults.add(new Fault.Crash(at, node, any()));
      case 4 -> faults.add(new Fault.PowerOff(at, node, any()));
      case 5 -> faults.add(new Fault.Cut(at, node, other, any()));
      case 6 -> both(at, node, other, any());
      case 7 -> isolate(at, node, any());
      case 8 -> faults.add(new Fault.Storm(at, (int) chance.between(20, 500), any()));
      case 9 -> faults.add(new Fault.Unhealthy(at, node, chance.below(2), any()));
      case 10 -> faults.add(new Fault.Slew(at, node, chance.slew()));
      case 11 -> faults.add(new Fault.Stand(at, node, any(), true));
      case 12 -> faults.add(new Fault.Stand(at, node, any(), false));
      case 13 -> faults.add(new Fault.Flush(at, node));
      case 14 -> faults.add(new Fault.AddressDeleted(at, node, chance.below(2)));
      case 15 -> faults.add(new Fault.Refuse(at, node, 1 + chance.below(6)));
      case 16 -> faults.add(new Fault.Move(at, chance.below(2), node));
      default -> faults.add(new Fault.NewLeader(at, node));
    }
  }

  private void both(long at, int node, int other, long lasts) {
    faults.add(new Fault.Cut(at, node, other, lasts));
    faults.add(new Fault.Cut(at, other, node, lasts));
  }

  private void isolate(long at, int node, long lasts) {
    for (int peer = 0; peer < nodes; peer++) {
      if (peer != node) {
        both(at, node, peer, lasts);
      }
    }
  }

  private long soon(long at) {
    return at + chance.betweenOrders(MILLI, 2 * lease);
  }

  private long any() {
    return chance.below(2) == 0 ? chance.betweenOrders(MILLI, 4 * lease) : lasting();
  }

  private long brief() {
    return chance.betweenOrders(MILLI, lease);
  }

  private long lasting() {
    return chance.between(lease, 4 * lease);
  }
}
