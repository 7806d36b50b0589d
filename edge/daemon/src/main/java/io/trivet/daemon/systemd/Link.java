package io.trivet.daemon.systemd;

import java.io.IOException;
import java.util.function.Consumer;
import org.freedesktop.dbus.connections.IDisconnectCallback;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;
import org.freedesktop.dbus.messages.MethodCall;

/// One connection to the system bus, from its begin to its loss.
final class Link implements AutoCloseable {
  private static final String BUS_NAME = "org.freedesktop.systemd1";
  private static final String MANAGER_PATH = "/org/freedesktop/systemd1";
  private static final String UNIT_PREFIX = "/org/freedesktop/systemd1/unit";
  private static final long CALL_MILLIS = 5_000;

  static {
    MethodCall.setDefaultTimeout(CALL_MILLIS);
  }

  private final DBusConnection bus;
  private final Systemd1 manager;

  /// @param changed takes changes of units
  /// @param ended takes the ends of jobs
  /// @param lost called once the bus has closed the connection
  Link(
      Consumer<Properties.PropertiesChanged> changed,
      Consumer<Systemd1.JobRemoved> ended,
      Runnable lost)
      throws DBusException {
    bus =
        DBusConnectionBuilder.forSystemBus()
            .withShared(false)
            .withDisconnectCallback(new Lost(lost))
            .build();
    manager = bus.getRemoteObject(BUS_NAME, MANAGER_PATH, Systemd1.class);
    bus.addSigHandler(
        DBusMatchRuleBuilder.create()
            .withType(Properties.PropertiesChanged.class)
            .withPathNamespace(UNIT_PREFIX)
            .build(),
        changed::accept);
    bus.addSigHandler(Systemd1.JobRemoved.class, ended::accept);
    manager.subscribe();
  }

  Systemd1 manager() {
    return manager;
  }

  Properties properties(String path) throws DBusException {
    return bus.getRemoteObject(BUS_NAME, path, Properties.class);
  }

  /// The name of an error on the bus, such as `org.freedesktop.systemd1.UnitMasked`; empty for what
  /// went wrong on this side.
  // The library says that the name will be had in another way some day, and has no other one yet.
  @SuppressWarnings("removal")
  static String errorName(DBusExecutionException e) {
    String type = e.getType();
    if (type != null) {
      return type;
    }
    boolean standard = e.getClass().getPackageName().equals("org.freedesktop.dbus.errors");
    return standard ? "org.freedesktop.DBus.Error." + e.getClass().getSimpleName() : "";
  }

  /// True if this error is an answer of systemd; else the connection, or systemd, is not there.
  static boolean isAnswer(DBusExecutionException e) {
    String type = errorName(e);
    boolean transport =
        switch (type.substring(type.lastIndexOf('.') + 1)) {
          case "NoReply",
              "Timeout",
              "TimedOut",
              "Disconnected",
              "ServiceUnknown",
              "NameHasNoOwner",
              "NoServer",
              "NotConnected" ->
              true;
          default -> false;
        };
    return !transport
        && (type.startsWith(BUS_NAME) || type.startsWith("org.freedesktop.DBus.Error."));
  }

  @Override
  public void close() throws IOException {
    bus.close();
  }

  private record Lost(Runnable lost) implements IDisconnectCallback {
    @Override
    public void disconnectOnError(IOException e) {
      lost.run();
    }

    @Override
    public void requestedDisconnect(Integer id) {
      lost.run();
    }

    @Override
    public void exceptionOnTerminate(IOException e) {
      lost.run();
    }
  }
}
