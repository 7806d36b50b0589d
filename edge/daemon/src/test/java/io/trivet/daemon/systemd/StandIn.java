package io.trivet.daemon.systemd;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.Struct;
import org.freedesktop.dbus.annotations.DBusInterfaceName;
import org.freedesktop.dbus.annotations.DBusMemberName;
import org.freedesktop.dbus.annotations.Position;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.DBusInterface;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.UInt64;
import org.freedesktop.dbus.types.Variant;

/// A manager of units on a bus, that knows `known.service` and has loaded nothing: it refuses to
/// reset the failures of any unit, as systemd does then.
final class StandIn implements AutoCloseable {
  static final String KNOWN = "known.service";

  private static final String PATH = "/org/freedesktop/systemd1";
  private static final String UNIT_PATH = PATH + "/unit/known_2eservice";

  private static final UInt64 NOT_COUNTED = new UInt64("18446744073709551615");

  private final DBusConnection bus;
  private volatile boolean counts = true;
  private volatile CountDownLatch reload = new CountDownLatch(0);
  private volatile boolean refuses;
  private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
  private final Map<String, String> states = new ConcurrentHashMap<>();

  /// The calls that Trivet makes.
  @DBusInterfaceName("org.freedesktop.systemd1.Manager")
  public interface Calls extends DBusInterface {
    @DBusMemberName("Subscribe")
    void subscribe();

    @DBusMemberName("LoadUnit")
    DBusPath loadUnit(String name);

    @DBusMemberName("StartUnit")
    DBusPath startUnit(String name, String mode);

    @DBusMemberName("ResetFailedUnit")
    void resetFailedUnit(String name);

    @DBusMemberName("GetUnitProcesses")
    List<Row> getUnitProcesses(String name);

    @DBusMemberName("Reload")
    void reload();

    @DBusMemberName("KillUnit")
    void killUnit(String name, String whom, int signal);
  }

  /// One process of a unit.
  public static final class Row extends Struct {
    @Position(0)
    public final String group;

    @Position(1)
    public final UInt32 id;

    @Position(2)
    public final String command;

    public Row(String group, UInt32 id, String command) {
      this.group = group;
      this.id = id;
      this.command = command;
    }
  }

  /// The library makes the error's name of the class's.
  static final class NoSuchUnit extends DBusExecutionException {
    private static final long serialVersionUID = 1L;

    NoSuchUnit(String unit) {
      super("Unit " + unit + " not found.");
    }
  }

  /// Made an error's name as above; systemd answers it to whoever asks too much at once.
  static final class LimitsExceeded extends DBusExecutionException {
    private static final long serialVersionUID = 1L;

    LimitsExceeded() {
      super("Too many requests.");
    }
  }

  StandIn(String address) throws DBusException {
    states.put(KNOWN, "inactive");
    bus = DBusConnectionBuilder.forAddress(address).withShared(false).build();
    bus.exportObject(PATH, new Units());
    bus.exportObject(UNIT_PATH, new OneUnit());
    bus.requestBusName("org.freedesktop.systemd1");
  }

  /// The next call that is not a question for a state.
  String next() throws InterruptedException {
    String call = calls.poll(20, TimeUnit.SECONDS);
    return call == null ? "nothing" : call;
  }

  boolean nothingMore() {
    return calls.isEmpty();
  }

  /// The unit changes, and the bus tells it.
  void change(String activeState, String subState) throws DBusException {
    states.put(KNOWN, activeState);
    bus.sendMessage(
        new Properties.PropertiesChanged(
            UNIT_PATH,
            "org.freedesktop.systemd1.Unit",
            Map.of("ActiveState", new Variant<>(activeState), "SubState", new Variant<>(subState)),
            List.of()));
  }

  /// The next reload lasts until this is counted down.
  CountDownLatch slowReload() {
    reload = new CountDownLatch(1);
    return reload;
  }

  /// The kernel does not count processor time for control groups any more.
  void countNothing() {
    counts = false;
  }

  /// The known unit's state is not told any more, or is told again.
  void refuseToTell(boolean now) {
    refuses = now;
  }

  void endJob(String result) throws DBusException {
    bus.sendMessage(
        bus.getMessageFactory()
            .createSignal(
                null,
                PATH,
                "org.freedesktop.systemd1.Manager",
                "JobRemoved",
                "uoss",
                new UInt32(1),
                new DBusPath(PATH + "/job/1"),
                KNOWN,
                result));
  }

  @Override
  public void close() throws IOException {
    bus.close();
  }

  private final class Units implements Calls {
    @Override
    public void subscribe() {
      calls.add("Subscribe");
    }

    @Override
    public DBusPath loadUnit(String name) {
      if (!name.equals(KNOWN)) {
        throw new NoSuchUnit(name);
      }
      if (refuses) {
        throw new LimitsExceeded();
      }
      return new DBusPath(UNIT_PATH);
    }

    @Override
    public DBusPath startUnit(String name, String mode) {
      calls.add("StartUnit " + name);
      if (!name.equals(KNOWN)) {
        throw new NoSuchUnit(name);
      }
      return new DBusPath(PATH + "/job/1");
    }

    @Override
    public void resetFailedUnit(String name) {
      calls.add("ResetFailedUnit " + name);
      throw new NoSuchUnit(name);
    }

    @Override
    public List<Row> getUnitProcesses(String name) {
      return List.of(
          new Row("/group", new UInt32(ProcessHandle.current().pid()), "java"),
          new Row("/group", new UInt32(UInt32.MAX_VALUE), "has ended"));
    }

    @Override
    public void reload() {
      calls.add("Reload");
      try {
        if (!reload.await(30, TimeUnit.SECONDS)) {
          calls.add("a reload that nobody let end");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void killUnit(String name, String whom, int signal) {
      calls.add("KillUnit " + name + " " + whom + " " + signal);
    }

    @Override
    public String getObjectPath() {
      return PATH;
    }
  }

  private final class OneUnit implements Properties {
    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <A> A Get(String owner, String property) {
      String state = states.getOrDefault(KNOWN, "inactive");
      return (A)
          switch (property) {
            case "LoadState" -> "loaded";
            case "ActiveState" -> state;
            case "SubState" -> state.equals("active") ? "running" : "dead";
            case "CPUUsageNSec" -> new Variant<>(counts ? new UInt64(1_500) : NOT_COUNTED);
            default -> "success";
          };
    }

    @Override
    public <A> void Set(String owner, String property, A value) {
      throw new DBusExecutionException("read only");
    }

    @Override
    public Map<String, Variant<?>> GetAll(String owner) {
      return Map.of();
    }

    @Override
    public String getObjectPath() {
      return UNIT_PATH;
    }
  }
}
