package io.trivet.services.unit;

import io.trivet.services.agent.AgentEvent;

/// The last known state of a systemd unit, in systemd's own words (org.freedesktop.systemd1(5)).
///
/// @param active ActiveState, or `not-found` where no such unit is installed, or empty if not known
/// @param sub SubState, or `refused` where systemd was asked to start it and did not
/// @param result Result of the last run: `success`, `exit-code`, `signal`, `timeout`, …; why it was
///   refused
public record UnitState(String active, String sub, String result) {
  /// Nothing was heard of the unit yet.
  public static final UnitState UNKNOWN = new UnitState("", "", "");

  public static UnitState of(AgentEvent.UnitChanged event) {
    return new UnitState(event.activeState(), event.subState(), event.result());
  }

  public boolean known() {
    return !active.isEmpty();
  }

  /// Its processes run and systemd counts it as started.
  public boolean up() {
    return active.equals("active") || active.equals("reloading") || active.equals("refreshing");
  }

  public boolean comingUp() {
    return active.equals("activating");
  }

  public boolean goingDown() {
    return active.equals("deactivating");
  }

  /// No process of it runs.
  public boolean down() {
    return active.equals("inactive") || active.equals("failed");
  }

  /// systemd was asked to start it and did not, e.g. because it is masked.
  public boolean refused() {
    return sub.equals("refused");
  }

  public boolean installed() {
    return !active.equals("not-found");
  }

  /// How the last run ended, as a clause for people.
  public String ending() {
    if (refused()) {
      return result;
    }
    return switch (result) {
      case "exit-code" -> "it exited with an error";
      case "signal" -> "it was killed by a signal";
      case "core-dump" -> "it crashed";
      case "timeout" -> "it took too long to start or to stop";
      case "watchdog" -> "its watchdog bit";
      case "oom-kill" -> "it was killed for lack of memory";
      case "start-limit-hit" -> "systemd refused to start it so often";
      case "resources" -> "systemd could not set it up";
      case "", "success" -> "it ended";
      default -> "it ended with " + result;
    };
  }
}
