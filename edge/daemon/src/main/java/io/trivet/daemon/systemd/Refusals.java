package io.trivet.daemon.systemd;

/// systemd's words for what it does not do, as a clause for people that says what to do.
final class Refusals {
  private Refusals() {}

  /// What an error that systemd answered to a start means (org.freedesktop.systemd1(5), sd-bus
  /// errors).
  ///
  /// @param error name of the error, such as `org.freedesktop.systemd1.UnitMasked`
  /// @param words systemd's own
  static String ofError(String unit, String error, String words) {
    return switch (error.substring(error.lastIndexOf('.') + 1)) {
      case "UnitMasked" ->
          unit + " is masked, so that nobody can start it; to unmask it: systemctl unmask " + unit;
      case "NoSuchUnit" ->
          "there is no unit " + unit + ": install it, then systemctl daemon-reload";
      case "BadUnitSetting", "LoadFailed" ->
          "systemd cannot use the file of " + unit + ": see systemd-analyze verify " + unit;
      case "TransactionIsDestructive", "TransactionJobsConflicting" ->
          "systemd is stopping what "
              + unit
              + " needs, or shuts the machine down: see systemctl list-jobs";
      case "TransactionOrderIsCyclic" ->
          "the units that "
              + unit
              + " needs wait for each other: see systemd-analyze verify "
              + unit;
      default -> "systemd did not start " + unit + ": " + words;
    };
  }

  /// True if an error that systemd answered says that it knows no such unit, and finds no file of
  /// it (org.freedesktop.systemd1(5), sd-bus errors).
  static boolean meansNoUnit(String error) {
    return error.substring(error.lastIndexOf('.') + 1).equals("NoSuchUnit");
  }

  /// What the end of a job without success means (org.freedesktop.systemd1(5), JobRemoved); empty
  /// where the state of the unit says it, or somebody wanted it so.
  static String ofJob(String unit, String result) {
    return switch (result) {
      case "dependency" ->
          "something that "
              + unit
              + " needs did not start: see systemctl list-dependencies "
              + unit;
      case "skipped" -> unit + " was skipped, a condition in it does not hold: " + status(unit);
      case "timeout" -> "the start of " + unit + " took too long for systemd: " + status(unit);
      case "assert", "unsupported", "invalid" ->
          unit + " cannot be started on this machine (" + result + "): " + status(unit);
      default -> "";
    };
  }

  private static String status(String unit) {
    return "see systemctl status " + unit;
  }
}
