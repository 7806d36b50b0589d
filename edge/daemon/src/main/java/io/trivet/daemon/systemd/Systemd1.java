package io.trivet.daemon.systemd;

import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.DBusMemberName;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.UInt32;

/// The calls of systemd's manager object that Trivet uses (org.freedesktop.systemd1(5)).
@DBusInterfaceName("org.freedesktop.systemd1.Manager")
interface Systemd1 extends DBusInterface {
  @DBusMemberName("Subscribe")
  void subscribe();

  @DBusMemberName("LoadUnit")
  DBusPath loadUnit(String name);

  @DBusMemberName("StartUnit")
  DBusPath startUnit(String name, String mode);

  @DBusMemberName("StopUnit")
  DBusPath stopUnit(String name, String mode);

  @DBusMemberName("ReloadUnit")
  DBusPath reloadUnit(String name, String mode);

  @DBusMemberName("ResetFailedUnit")
  void resetFailedUnit(String name);

  @DBusMemberName("KillUnit")
  void killUnit(String name, String whom, int signal);

  @DBusMemberName("Reload")
  void reload();

  /// A job has ended.
  final class JobRemoved extends DBusSignal {
    private final String unit;
    private final String result;

    /// The parameters are the signal's: `uoss` after the path of the manager.
    public JobRemoved(String path, UInt32 id, DBusPath job, String unit, String result)
        throws DBusException {
      super(path, id, job, unit, result);
      this.unit = unit;
      this.result = result;
    }

    String unit() {
      return unit;
    }

    String result() {
      return result;
    }
  }
}
