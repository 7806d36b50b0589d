package io.trivet.sim.site;

import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Proposal;
import io.trivet.services.galera.GaleraConfig;
import java.util.List;

/// Lets the blows of a plan fall, and heals.
final class Trouble {
  private final Site site;
  private boolean glance;
  private int comments;

  Trouble(Site site) {
    this.site = site;
  }

  void strike(Blow blow) {
    site.say("", blow.toString());
    Machine machine = site.machines.get(blow.node());
    long nanos = blow.forNanos();
    switch (blow.kind()) {
      case POWER_OFF -> powerOff(machine, nanos);
      case FULL_OUTAGE -> site.machines.forEach(m -> powerOff(m, site.between(nanos / 2, nanos)));
      case DAEMON_KILLED -> machine.killDaemon();
      case LEASES_KILLED -> machine.killLeases();
      case DAEMON_FROZEN -> machine.freezeDaemon(nanos);
      case LEASES_FROZEN -> machine.leases.pause(nanos);
      case ALL_FROZEN -> {
        machine.freezeDaemon(nanos);
        machine.leases.pause(nanos);
      }
      case SUSPENDED -> machine.stand(nanos, true);
      case STOPPED_BY_HOST -> machine.stand(nanos, false);
      case CUT_OFF -> site.links.cutOff(blow.node(), nanos);
      case ONE_WAY_CUT -> site.links.cut(blow.node(), blow.other(), nanos);
      case LINK_CUT -> {
        site.links.cut(blow.node(), blow.other(), nanos);
        site.links.cut(blow.other(), blow.node(), nanos);
      }
      case HEAD_OF_LINE -> site.links.block(blow.node(), blow.other(), nanos / 5);
      case KERNEL_SLEWED -> machine.leases.slew(site.chance().slew());
      case WALL_CLOCK_JUMPS -> machine.jumpClock(site.between(-86_400_000L, 86_400_000L));
      case RULES_FLUSHED -> machine.leases.flush();
      case ADDRESS_DELETED -> machine.leases.deleteAddress(0);
      case KERNEL_REFUSES -> machine.leases.refuse(1 + site.chance.nextInt(6));
      case DATABASE_KILLED -> machine.kill(Machine.MARIADB);
      case API_KILLED -> machine.kill(Machine.API);
      case BALANCER_KILLED -> machine.kill(Machine.BALANCER);
      case SINGLETON_KILLED -> machine.kill(Singleton.UNIT);
      case SINGLETON_HANGS -> machine.singleton.hang(nanos);
      case SINGLETON_MOVED ->
          propose(machine, new Command.Prefer(Singleton.RESOURCE, machine.name));
      case UNIT_HANGS -> machine.hang(Machine.API, nanos);
      case TOOL_HANGS -> machine.hangTools(nanos);
      case FILE_UNREADABLE -> machine.files.unreadable(nanos);
      case FILE_TORN -> {
        powerOff(machine, nanos);
        machine.files.tear(GaleraConfig.STATE_FILE);
      }
      case LOG_REFUSES -> site.log.full(nanos);
      case STANDBY -> standby(machine, nanos);
      case COMMENT_IN_CLUSTER_FILE -> {
        comments++;
        useFile(machine);
      }
      case API_ADDED_OR_REMOVED -> {
        glance = !glance;
        useFile(machine);
      }
      case CLUSTER_FILE_THAT_FAILS -> {
        SiteFile.Flaw[] flaws = SiteFile.Flaw.values();
        SiteFile.Flaw flaw = flaws[(int) (nanos % flaws.length)];
        propose(machine, site.file.flawed(flaw, machine.name));
      }
      case VIP_MOVED -> propose(machine, new Command.Prefer(site.vips().getFirst(), machine.name));
      case ACCEPT_LOSS -> propose(machine, new Command.AcceptLoss("mariadb", machine.name));
      case BAD_CLUSTER_FILE ->
          propose(machine, new Command.SetStandby("c9", true), new Command.Prefer("nothing", "c1"));
      case LEADER_MOVED -> site.log.move(machine.name);
    }
  }

  private void powerOff(Machine machine, long nanos) {
    machine.powerOff();
    site.after(nanos, machine::powerOn);
  }

  private void standby(Machine machine, long nanos) {
    propose(machine, new Command.SetStandby(machine.name, true));
    site.after(nanos, () -> propose(machine, new Command.SetStandby(machine.name, false)));
  }

  private void useFile(Machine machine) {
    List<String> apis = glance ? List.of("keystone", "glance") : List.of("keystone");
    Command.SetClusterFile file = site.file.command("change " + comments, apis);
    propose(machine, file);
  }

  private void propose(Machine machine, Command... commands) {
    for (Command command : commands) {
      site.log.submit(machine, 0, Proposal.of(machine.millis(), "operator", command));
    }
  }

  /// Power, network, clocks and wishes are as they should be.
  void end() {
    site.say("", "all is healed");
    site.log.full(0);
    site.links.heal();
    site.machines.forEach(Machine::heal);
    for (Machine machine : site.machines) {
      propose(site.machines.getFirst(), new Command.SetStandby(machine.name, false));
    }
    if (!site.agreed().roster().vips().isEmpty()) {
      propose(site.machines.getFirst(), new Command.ClearPreference(site.vips().getFirst()));
      propose(site.machines.getFirst(), new Command.ClearPreference(Singleton.RESOURCE));
    }
  }
}
