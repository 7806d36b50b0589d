package io.trivet.sim.site;

import io.trivet.sim.FencedRun;

/// The singleton of the site on one controller, as systemd runs it: a unit that sends all the time
/// while its processes are there, whoever wants it or not. Only the kernel's guard silences it.
///
/// | state | processes | leaves it when |
/// |---|---|---|
/// | inactive, failed | none | started → activating |
/// | activating | yes, and they send already | a while → active |
/// | active | yes | stopped → deactivating; killed → failed |
/// | deactivating | yes | a while, or as long as it hangs → inactive; killed → failed |
///
/// A kill takes a moment, and as long as the unit hangs (in a call that nothing interrupts).
final class Singleton implements FencedRun {
  static final String UNIT = "volume.service";
  static final String RESOURCE = "volume";

  private final Machine machine;
  private final Site site;
  private long group;
  private boolean processes;
  private boolean lost;
  private long hangsUntil;

  Singleton(Machine machine) {
    this.machine = machine;
    this.site = machine.site;
    group = 1;
  }

  @Override
  public long group() {
    return group;
  }

  @Override
  public boolean runs() {
    return processes;
  }

  @Override
  public boolean condemned() {
    return lost && processes;
  }

  @Override
  public void condemn() {
    if (!condemned()) {
      site.say(machine.name, Singleton.UNIT + " has no lease: it is ended");
      lost = true;
    }
    kill();
  }

  void start() {
    if (processes) {
      return;
    }
    processes = true;
    lost = false;
    machine.setUnit(UNIT, "activating");
    long mine = group;
    site.after(
        site.between(50 * Site.MILLI, 3 * Site.SECOND),
        machine.guarded(
            () -> {
              if (group == mine && machine.unit(UNIT).equals("activating")) {
                machine.setUnit(UNIT, "active");
              }
            }));
  }

  void stop() {
    if (processes) {
      machine.setUnit(UNIT, "deactivating");
      end("inactive", site.between(5 * Site.MILLI, 2 * Site.SECOND));
    } else if (!machine.unit(UNIT).equals("inactive")) {
      machine.setUnit(UNIT, "inactive");
    }
  }

  void kill() {
    if (processes) {
      end("failed", site.between(Site.MILLI, 50 * Site.MILLI));
    }
  }

  /// Neither stopping nor killing ends it before that.
  void hang(long nanos) {
    site.say(machine.name, UNIT + " hangs");
    hangsUntil = site.now() + nanos;
  }

  void heal() {
    hangsUntil = 0;
  }

  void powerOff() {
    hangsUntil = 0;
    gone();
  }

  private void end(String state, long nanos) {
    long mine = group;
    site.after(
        nanos,
        machine.guarded(
            () -> {
              if (group != mine || !processes) {
                return;
              }
              if (site.now() < hangsUntil) {
                end(state, site.between(10 * Site.MILLI, 200 * Site.MILLI));
                return;
              }
              gone();
              machine.setUnit(UNIT, state);
            }));
  }

  /// systemd removes the group, and another one is made for the next run.
  private void gone() {
    if (processes) {
      processes = false;
      lost = false;
      group++;
    }
  }
}
