package io.trivet.sim.site;

/// What goes wrong.
final class Trouble {
  private final Site site;

  Trouble(Site site) {
    this.site = site;
  }

  void strike() {
    Machine machine = site.machines.get(site.chance.nextInt(site.machines.size()));
    switch (site.chance.nextInt(10)) {
      case 0, 1 -> machine.powerOff();
      case 2, 3 -> machine.powerOn();
      case 4 -> site.machines.forEach(Machine::powerOff);
      case 5 -> cut(machine);
      case 6 -> heal();
      case 7 -> machine.kill(Machine.MARIADB);
      case 8 -> machine.killDaemon();
      case 9 -> machine.kill("apache2.service");
      default -> throw new IllegalStateException();
    }
  }

  private void cut(Machine machine) {
    site.say(machine.name, "cut off");
    machine.segment = 1 + site.machines.indexOf(machine);
    site.topologyChanged();
  }

  private void heal() {
    site.say("", "network whole");
    site.machines.forEach(m -> m.segment = 0);
    site.topologyChanged();
  }

  /// Power and network are back everywhere.
  void end() {
    heal();
    site.machines.forEach(Machine::powerOn);
  }
}
