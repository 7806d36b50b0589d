package io.trivet.daemon.systemd;

/// What systemd says of one unit.
///
/// @param unit the full name, such as `mariadb.service`
/// @param activeState `active`, `reloading`, `inactive`, `failed`, `activating` or `deactivating`
///   (org.freedesktop.systemd1, property ActiveState)
/// @param subState the state of the unit's own kind, such as `running`, `dead`, `start-pre`
/// @param result why a service ended: `success`, `exit-code`, `signal`, `timeout`, …; empty when
///   systemd does not say; a clause for people where the sub state is [#REFUSED]
public record UnitState(String unit, String activeState, String subState, String result) {
  /// Sub state, of ours, of a unit that systemd was asked to start and did not.
  public static final String REFUSED = "refused";
}
