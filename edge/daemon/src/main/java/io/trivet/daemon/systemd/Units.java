package io.trivet.daemon.systemd;

/// What agents ask of systemd. Each call but [#daemonReload] blocks until the job is queued, not
/// until it is done, and at most for some seconds while systemd cannot be reached.
public interface Units {
  void start(String unit) throws SystemdException;

  void stop(String unit) throws SystemdException;

  /// Ends every process of the unit with SIGKILL.
  void kill(String unit) throws SystemdException;

  /// Makes systemd read unit files again, and blocks until it has: it fails where systemd says no,
  /// not where systemd is slow or away.
  void daemonReload() throws SystemdException;

  /// Processor time that the unit's processes have used since its start, -1 where it is not known.
  long cpuNanos(String unit);
}
