package io.trivet.sim.site;

import io.trivet.cluster.state.Applied;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Proposal;
import io.trivet.services.controller.ControllerEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A model of the replicated log: one list of committed entries, one leader with a majority at
/// most. What was under way when a leader is lost is committed by the next one or lost, and nobody
/// is told which.
final class SiteLog {
  private record UnderWay(Machine from, long token, Proposal proposal, boolean led) {}

  private final Site site;
  private final List<Proposal> entries = new ArrayList<>();
  private final List<UnderWay> underWay = new ArrayList<>();
  private ClusterState state = ClusterState.empty();
  private @Nullable Machine leader;
  private long term;
  private long fullUntil;
  private boolean electing;

  SiteLog(Site site) {
    this.site = site;
  }

  /// A majority's disks are full: nothing is committed until then.
  void full(long nanos) {
    fullUntil = site.now() + nanos;
  }

  ClusterState state() {
    return state;
  }

  int size() {
    return entries.size();
  }

  Proposal entry(int index) {
    return entries.get(index - 1);
  }

  @Nullable Machine leader() {
    return leader;
  }

  void topologyChanged() {
    Machine now = leader;
    if (now != null && !site.majority(now)) {
      lose(now);
    }
    Machine still = leader;
    for (Machine machine : site.machines) {
      machine.pump();
      if (still != null
          && machine.running()
          && !machine.knowsTerm(term)
          && site.reach(machine, still)) {
        tellLeader(machine);
      }
    }
    electSoon();
  }

  private void lose(Machine old) {
    site.say(old.name, "leads no longer");
    leader = null;
    term++;
    for (UnderWay one : underWay) {
      if (site.chance.nextBoolean()) {
        commit(one);
      }
      ended(one, "the leader was lost");
    }
    underWay.clear();
    site.machines.forEach(m -> m.post(new ControllerEvent.LeaderChanged(null, false)));
  }

  private void electSoon() {
    if (electing || leader != null) {
      return;
    }
    electing = true;
    site.after(site.between(150 * Site.MILLI, 900 * Site.MILLI), this::elect);
  }

  private void elect() {
    electing = false;
    List<Machine> able = site.machines.stream().filter(site::majority).toList();
    if (leader == null && !able.isEmpty()) {
      lead(able.get(site.chance.nextInt(able.size())));
    }
  }

  private void lead(Machine next) {
    leader = next;
    term++;
    site.say(next.name, "leads");
    next.applyAll();
    for (Machine machine : site.machines) {
      if (machine == next) {
        machine.learnTerm(term);
        machine.post(new ControllerEvent.LeaderChanged(next.name, true));
      } else if (site.reach(machine, next)) {
        tellLeader(machine);
      }
    }
    site.machines.forEach(Machine::pump);
  }

  void tellLeader(Machine machine) {
    site.after(
        site.between(Site.MILLI, 10 * Site.MILLI),
        () -> {
          Machine now = leader;
          boolean heard = now != null && site.reach(machine, now);
          if (heard) {
            machine.learnTerm(term);
          }
          machine.post(
              new ControllerEvent.LeaderChanged(
                  heard && now != null ? now.name : null, heard && now == machine));
        });
  }

  /// Moves the leadership, as an orderly transfer does.
  void move(String to) {
    Machine next = site.machine(to);
    Machine old = leader;
    if (old != null && old != next && site.majority(next) && site.reach(old, next)) {
      lose(old);
      lead(next);
    }
  }

  void submit(Machine from, long token, Proposal proposal) {
    site.after(
        site.between(Site.MILLI, 8 * Site.MILLI),
        () -> {
          Machine now = leader;
          UnderWay one = new UnderWay(from, token, proposal, now == from);
          if (proposal.isDecision() && now != from) {
            ended(one, "this member leads no longer"); // as the gate of the daemon does
            return;
          }
          if (now == null || !site.reach(from, now)) {
            ended(one, "no leader is known");
            return;
          }
          if (site.now() < fullUntil) {
            ended(one, "no space left on device");
            return;
          }
          underWay.add(one);
          long at = term;
          site.after(site.between(3 * Site.MILLI, 20 * Site.MILLI), () -> decided(one, at));
        });
  }

  private void decided(UnderWay one, long at) {
    if (at != term || !underWay.remove(one)) {
      return;
    }
    commit(one);
    ended(one, null);
    site.machines.forEach(Machine::pump);
  }

  private void commit(UnderWay one) {
    Proposal proposal = one.proposal;
    site.laws.decided(one.from, one.led, proposal);
    entries.add(proposal);
    ClusterState before = state;
    Applied applied = before.apply(entries.size(), proposal);
    state = applied.state();
    site.laws.applied(before, proposal, applied);
  }

  private void ended(UnderWay one, @Nullable String failure) {
    site.after(
        site.between(Site.MILLI, 8 * Site.MILLI),
        () -> one.from.post(new ControllerEvent.SubmitEnded(one.token, failure)));
  }
}
