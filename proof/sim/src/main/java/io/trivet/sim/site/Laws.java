package io.trivet.sim.site;

import io.trivet.cluster.UnitLease;
import io.trivet.cluster.state.Applied;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import io.trivet.services.controller.ControllerMachine;
import io.trivet.services.controller.Plans;
import io.trivet.services.controller.ServiceSet;
import io.trivet.sim.Law;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Looks whether a site keeps the laws ([Law]).
final class Laws {
  /// Which of the leases is that of the singleton.
  private static final int UNIT = SiteFile.LEASES.indexOf(UnitLease.of(Singleton.RESOURCE));

  private final Site site;
  private @Nullable String violation;

  Laws(Site site) {
    this.site = site;
  }

  @Nullable String violation() {
    return violation;
  }

  void breach(Law law, String how) {
    if (violation == null) {
      violation = law.broken(how);
      site.say("LAW", law.broken(how));
    }
  }

  /// Law 1, after every thing that happens.
  void oneHolder() {
    for (int vip = 0; vip < site.vips().size(); vip++) {
      List<String> answering = new ArrayList<>();
      for (Machine machine : site.machines) {
        if (machine.leases.answersUntil(vip) > site.now() && !machine.leases.isExcused()) {
          answering.add(machine.name);
        }
      }
      if (answering.size() > 1) {
        breach(Law.ONE_HOLDER, answering + " answer for " + site.vips().get(vip));
      }
    }
  }

  /// Law 3, after every thing that happens: packets of the singleton leave one controller at most.
  void oneRunner() {
    Machine first = null;
    for (Machine machine : site.machines) {
      if (speaks(machine) && !machine.leases.isExcused()) {
        if (first != null) {
          breach(
              Law.ONE_RUNNER, "the singleton speaks on " + first.name + " and on " + machine.name);
        }
        first = machine;
      }
    }
  }

  /// Packets of the singleton leave that controller now.
  boolean speaks(Machine machine) {
    return machine.leases.speaksUntil(UNIT, machine.singleton) > site.now();
  }

  /// Law 4: only what was decided while leading is agreed on.
  ///
  /// @param led whether it led, with a majority, when it gave the decision to the log
  void decided(Machine machine, boolean led, Proposal proposal) {
    if (proposal.isDecision() && !led) {
      breach(Law.QUORUM, machine.name + " decided and did not lead: " + proposal);
    }
  }

  /// Law 4: what is started was agreed to be started here.
  void starts(Machine machine, String resource, String unit) {
    ControllerMachine control = machine.control();
    Target target = control == null ? null : control.state().target(resource, machine.name);
    if (target == null || target.wanted() != Wanted.STARTED) {
      breach(Law.QUORUM, machine.name + " starts " + unit + " and nobody told it to: " + target);
    }
  }

  /// Laws 5 and 6, for an entry of the log.
  void applied(ClusterState before, Proposal proposal, Applied applied) {
    if (applied.refusals().size() == count(proposal.command())
        && !applied.refusals().isEmpty()
        && !(before.targets().equals(applied.state().targets())
            && before.vips().equals(applied.state().vips())
            && before.roster().equals(applied.state().roster()))) {
      breach(Law.BAD_INPUT, "refused and yet done: " + proposal);
    }
    explained(proposal.command());
  }

  private static int count(Command command) {
    return command instanceof Command.Batch(List<Command> commands)
        ? commands.stream().mapToInt(Laws::count).sum()
        : 1;
  }

  private void explained(Command command) {
    switch (command) {
      case Command.Batch(List<Command> commands) -> commands.forEach(this::explained);
      case Command.SetTarget order -> hasWords(order.reason(), order);
      case Command.AssignVip order -> hasWords(order.reason(), order);
      case Command.SetAttribute order -> hasWords(order.reason(), order);
      case Command.SetClusterFile _,
          Command.ClusterFileTried _,
          Command.NodePresence _,
          Command.NodeStarted _,
          Command.SetStandby _,
          Command.Observe _,
          Command.Prefer _,
          Command.ClearPreference _,
          Command.AcceptLoss _,
          Command.WithdrawLoss _,
          Command.Say _ -> {}
    }
  }

  private void hasWords(String reason, Command command) {
    if (reason.strip().split(" ").length < 2) {
      breach(Law.REASONS, "no reason is given: " + command);
    }
  }

  /// What is not well though nothing is wrong any more; null when all is well.
  @Nullable String unwell() {
    ClusterState agreed = site.agreed();
    for (int vip = 0; vip < UNIT; vip++) {
      String name = site.vips().get(vip);
      int holders = 0;
      for (Machine machine : site.machines) {
        holders += machine.leases.answersUntil(vip) > site.now() ? 1 : 0;
      }
      if (agreed.roster().vips().contains(name) && holders != 1) {
        return holders + " answer for " + name;
      }
    }
    for (Machine machine : site.machines) {
      for (String resource : agreed.roster().resources()) {
        if (!agreed.roster().vips().contains(resource)
            && !resource.equals(Singleton.RESOURCE)
            && agreed.runState(resource, machine.name) != RunState.STARTED) {
          return resource
              + " is "
              + agreed.runState(resource, machine.name)
              + " on "
              + machine.name;
        }
      }
    }
    String singleton = unwellSingleton(agreed);
    if (singleton != null) {
      return singleton;
    }
    String flawed = goesByAFlawedFile();
    return flawed == null ? wrongInStatus() : flawed;
  }

  private @Nullable String unwellSingleton(ClusterState agreed) {
    if (!agreed.roster().resources().contains(Singleton.RESOURCE)) {
      return null;
    }
    long speak = site.machines.stream().filter(this::speaks).count();
    long started =
        site.machines.stream()
            .filter(m -> agreed.runState(Singleton.RESOURCE, m.name) == RunState.STARTED)
            .count();
    return speak == 1 && started == 1
        ? null
        : "the singleton speaks on " + speak + " controllers and is started on " + started;
  }

  /// A controller goes by no file that it cannot bring about.
  private @Nullable String goesByAFlawedFile() {
    for (Machine machine : site.machines) {
      ControllerMachine control = machine.control();
      ServiceSet set = control == null ? null : control.serviceSet();
      for (SiteFile.Flaw flaw : SiteFile.Flaw.values()) {
        if (set != null && flaw.of(set.file(), machine.name)) {
          return machine.name + " goes by a cluster file that it cannot bring about";
        }
      }
    }
    return null;
  }

  private @Nullable String wrongInStatus() {
    Machine leader = site.log.leader();
    ControllerMachine control = leader == null ? null : leader.control();
    ServiceSet set = control == null ? null : control.serviceSet();
    if (site.agreed().trial() != null) {
      return "the cluster file is still on trial";
    }
    if (leader == null || control == null || set == null) {
      return "nobody leads";
    }
    var problems =
        Plans.of(set, control.state(), leader.name, true, leader.millis(), control.incarnations())
            .problems();
    return problems.isEmpty() ? null : "status says " + problems;
  }
}
