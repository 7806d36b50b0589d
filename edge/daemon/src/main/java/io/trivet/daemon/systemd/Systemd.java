package io.trivet.daemon.systemd;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;
import org.freedesktop.dbus.types.Variant;

/// The units of this controller. Calls block for the answer of systemd (a queued job, not its end)
/// and belong on a virtual thread; the end of a job is seen as a [UnitState] given to the listener,
/// which is also told of every change that nobody asked for, such as a killed process, within
/// milliseconds.
///
/// Only watched units are reported. The listener is called on a thread of the D-Bus connection and
/// must not block.
public final class Systemd implements Units, AutoCloseable {
  private static final String BUS_NAME = "org.freedesktop.systemd1";
  private static final String MANAGER_PATH = "/org/freedesktop/systemd1";
  private static final String UNIT_PREFIX = "/org/freedesktop/systemd1/unit";
  private static final String UNIT_INTERFACE = "org.freedesktop.systemd1.Unit";
  private static final String SERVICE_INTERFACE = "org.freedesktop.systemd1.Service";

  private final DBusConnection bus;
  private final Systemd1 manager;
  private final Consumer<UnitState> listener;
  private final Map<String, String> unitByPath = new ConcurrentHashMap<>();
  private final Map<String, UnitState> told = new ConcurrentHashMap<>();

  /// Connects to the system bus.
  ///
  /// @throws SystemdException when the bus or systemd does not answer
  public Systemd(Consumer<UnitState> listener) throws SystemdException {
    this.listener = listener;
    try {
      bus = DBusConnectionBuilder.forSystemBus().withShared(false).build();
      manager = bus.getRemoteObject(BUS_NAME, MANAGER_PATH, Systemd1.class);
      bus.addSigHandler(
          DBusMatchRuleBuilder.create()
              .withType(Properties.PropertiesChanged.class)
              .withPathNamespace(UNIT_PREFIX)
              .build(),
          this::propertiesChanged);
      manager.subscribe();
    } catch (DBusException | DBusExecutionException e) {
      throw new SystemdException("systemd does not answer on the system bus: " + e.getMessage(), e);
    }
  }

  /// Reports this unit's changes from now on, and its state at once.
  public void watch(String unit) throws SystemdException {
    try {
      DBusPath path = manager.loadUnit(unit);
      unitByPath.put(path.getPath(), unit);
      told.remove(unit); // who asks anew has not been told yet
      report(unit, path.getPath());
    } catch (DBusExecutionException e) {
      throw new SystemdException("systemd cannot load " + unit + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void start(String unit) throws SystemdException {
    call(
        unit,
        "start",
        () -> {
          forgetFailures(unit);
          manager.startUnit(unit, "replace");
        });
  }

  @Override
  public void stop(String unit) throws SystemdException {
    call(unit, "stop", () -> manager.stopUnit(unit, "replace"));
  }

  public void reload(String unit) throws SystemdException {
    call(unit, "reload", () -> manager.reloadUnit(unit, "replace"));
  }

  @Override
  public void kill(String unit) throws SystemdException {
    call(unit, "kill", () -> manager.killUnit(unit, "all", 9));
  }

  @Override
  public void daemonReload() throws SystemdException {
    call("its configuration", "reload", manager::reload);
  }

  @Override
  public void close() throws IOException {
    bus.close();
  }

  /// A unit that failed too often refuses to start until its counter is reset; how often is
  /// Trivet's decision.
  private void forgetFailures(String unit) {
    try {
      manager.resetFailedUnit(unit);
    } catch (DBusExecutionException e) {
      // systemd has not loaded the unit, so it remembers no failure; the start loads it.
    }
  }

  private void call(String unit, String verb, Runnable request) throws SystemdException {
    try {
      request.run();
    } catch (DBusExecutionException e) {
      throw new SystemdException("systemd did not " + verb + " " + unit + ": " + e.getMessage(), e);
    }
  }

  private void propertiesChanged(Properties.PropertiesChanged signal) {
    String unit = unitByPath.get(signal.getPath());
    if (unit == null || !signal.getInterfaceName().equals(UNIT_INTERFACE)) {
      return;
    }
    Variant<?> activeState = signal.getPropertiesChanged().get("ActiveState");
    Variant<?> subState = signal.getPropertiesChanged().get("SubState");
    if (activeState != null && subState != null) {
      // The signal carries the state as it was then; asking again could miss a unit that died and
      // was restarted.
      tell(
          unit,
          signal.getPath(),
          activeState.getValue().toString(),
          subState.getValue().toString());
    }
  }

  private void report(String unit, String path) {
    try {
      Properties properties = bus.getRemoteObject(BUS_NAME, path, Properties.class);
      String loadState = properties.Get(UNIT_INTERFACE, "LoadState");
      String activeState = properties.Get(UNIT_INTERFACE, "ActiveState");
      String subState = properties.Get(UNIT_INTERFACE, "SubState");
      tell(unit, path, loadState.equals("not-found") ? loadState : activeState, subState);
    } catch (DBusException | DBusExecutionException e) {
      listener.accept(new UnitState(unit, "unknown", "unknown", String.valueOf(e.getMessage())));
    }
  }

  private void tell(String unit, String path, String activeState, String subState) {
    UnitState now = new UnitState(unit, activeState, subState, result(unit, path, activeState));
    if (!now.equals(told.put(unit, now))) {
      listener.accept(now);
    }
  }

  /// Why a service is not running; what runs has no result worth a question.
  private String result(String unit, String path, String activeState) {
    if (!unit.endsWith(".service")
        || activeState.equals("active")
        || activeState.equals("not-found")) {
      return "";
    }
    try {
      return bus.getRemoteObject(BUS_NAME, path, Properties.class).Get(SERVICE_INTERFACE, "Result");
    } catch (DBusException | DBusExecutionException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
