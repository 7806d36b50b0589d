package io.trivet.daemon.systemd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.connections.IDisconnectCallback;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.matchrules.DBusMatchRuleBuilder;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.messages.Error;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.types.UInt32;
import org.freedesktop.dbus.types.UInt64;
import org.freedesktop.dbus.types.Variant;

/// One connection to the system bus, from its begin to its loss.
///
/// A call has one of three ends: an answer; an error that systemd or the bus answered ([BusError]);
/// no answer (IOException). After the last one [#alive()] says whether it was the connection.
///
/// Calls are made as messages: the library's proxies forget the name of an error that they do not
/// know, and an answer looks like a broken connection then.
final class Link implements AutoCloseable {
  private static final String BUS = "org.freedesktop.DBus";
  private static final String SYSTEMD = "org.freedesktop.systemd1";
  private static final String MANAGER = SYSTEMD + ".Manager";
  private static final String MANAGER_PATH = "/org/freedesktop/systemd1";
  private static final String UNIT_PREFIX = "/org/freedesktop/systemd1/unit";

  /// What the bus answers when it cannot start whom it was to ask: systemd executes itself anew, as
  /// after each of its upgrades.
  private static final String SPAWN = "org.freedesktop.DBus.Error.Spawn.";

  private static final long CALL_MILLIS = 5_000;

  /// A reload reads every unit file and runs every generator before it is answered: half a second
  /// on a quiet machine, and more than five where all starts at once. As long as systemd itself
  /// gives a reload (`DefaultTimeoutStartSec`).
  private static final long RELOAD_MILLIS = 90_000;

  static {
    // For what the library asks by itself.
    MethodCall.setDefaultTimeout(CALL_MILLIS);
  }

  private final DBusConnection bus;

  /// Takes the end of a job.
  interface JobEnd {
    /// @param result such as `done`, `failed`, `dependency` (org.freedesktop.systemd1(5))
    void of(String unit, String result);
  }

  /// @param address of the bus, such as `unix:path=/run/dbus/system_bus_socket`; empty for the
  ///   system's
  /// @param changed takes changes of units
  /// @param ended takes the ends of jobs
  /// @param lost called with this link, on any thread, once its connection has ended
  /// @throws IOException when the bus or systemd does not answer
  /// @throws BusError when one of them refuses
  Link(
      String address,
      Consumer<Properties.PropertiesChanged> changed,
      JobEnd ended,
      Consumer<Link> lost)
      throws IOException, BusError {
    try {
      DBusConnectionBuilder builder =
          address.isEmpty()
              ? DBusConnectionBuilder.forSystemBus()
              : DBusConnectionBuilder.forAddress(address);
      bus =
          builder
              .withShared(false)
              .withDisconnectCallback(new Lost(() -> lost.accept(this)))
              .build();
    } catch (DBusException | DBusExecutionException e) {
      throw new IOException("the system bus does not answer: " + e.getMessage(), e);
    }
    boolean ready = false;
    try {
      bus.addSigHandler(
          DBusMatchRuleBuilder.create()
              .withType(Properties.PropertiesChanged.class)
              .withPathNamespace(UNIT_PREFIX)
              .build(),
          changed::accept);
      // As a message, too: the library finds the class of a signal by what else it knows of its
      // interface.
      bus.addGenericSigHandler(
          DBusMatchRuleBuilder.create()
              .withType("signal")
              .withInterface(MANAGER)
              .withMember("JobRemoved")
              .build(),
          signal -> jobRemoved(signal, ended));
      ask("Subscribe", "");
      ready = true;
    } catch (DBusException | DBusExecutionException e) {
      throw new IOException("the system bus does not listen: " + e.getMessage(), e);
    } finally {
      if (!ready) {
        bus.disconnect();
      }
    }
  }

  /// Its parameters are the job's number and path, the unit, and the result.
  private static void jobRemoved(DBusSignal signal, JobEnd ended) {
    try {
      Object[] values = parameters(signal);
      if (values.length == 4) {
        ended.of(values[2].toString(), values[3].toString());
      }
    } catch (DBusException e) {
      // Not a signal of systemd's.
    }
  }

  /// Asks systemd's manager (org.freedesktop.systemd1(5)).
  ///
  /// @param signature of the arguments
  /// @return what it answered
  Object[] ask(String method, String signature, Object... arguments) throws IOException, BusError {
    return call(SYSTEMD, MANAGER_PATH, MANAGER, method, signature, arguments);
  }

  /// Makes systemd read its unit files again; ends when it has.
  void reload() throws IOException, BusError {
    call(RELOAD_MILLIS, SYSTEMD, MANAGER_PATH, MANAGER, "Reload", "");
  }

  /// The path of a unit's object; systemd loads the unit for it.
  String load(String unit) throws IOException, BusError {
    Object path = first(ask("LoadUnit", "s", unit));
    return path instanceof DBusPath typed ? typed.getPath() : path.toString();
  }

  /// The processes of a unit, by their ids.
  List<Long> processes(String unit) throws IOException, BusError {
    List<Long> ids = new ArrayList<>();
    // Rows of control group, id and command line.
    if (first(ask("GetUnitProcesses", "s", unit)) instanceof List<?> rows) {
      for (Object row : rows) {
        if (row instanceof Object[] columns && columns[1] instanceof UInt32 id) {
          ids.add(id.longValue());
        }
      }
    }
    return ids;
  }

  /// A property that is a text.
  String text(String path, String owner, String property) throws IOException, BusError {
    return property(path, owner, property).toString();
  }

  /// A property that is a number of 64 bits, those without a sign among them.
  long number(String path, String owner, String property) throws IOException, BusError {
    return switch (property(path, owner, property)) {
      case UInt64 unsigned -> unsigned.longValue();
      case Number number -> number.longValue();
      case Object other -> throw new IOException(property + " is not a number: " + other);
    };
  }

  private Object property(String path, String owner, String property) throws IOException, BusError {
    Object value =
        first(call(SYSTEMD, path, "org.freedesktop.DBus.Properties", "Get", "ss", owner, property));
    return value instanceof Variant<?> variant ? variant.getValue() : value;
  }

  private static Object first(Object[] answer) throws IOException {
    if (answer.length == 0) {
      throw new IOException("an empty answer");
    }
    return answer[0];
  }

  /// True if the bus itself still answers on this connection.
  boolean alive() {
    try {
      call(BUS, "/org/freedesktop/DBus", BUS, "GetId", "");
      return true;
    } catch (BusError e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private Object[] call(
      String to, String path, String owner, String method, String signature, Object... arguments)
      throws IOException, BusError {
    return call(CALL_MILLIS, to, path, owner, method, signature, arguments);
  }

  private Object[] call(
      long patienceMillis,
      String to,
      String path,
      String owner,
      String method,
      String signature,
      Object... arguments)
      throws IOException, BusError {
    if (!bus.isConnected()) {
      throw new IOException("not connected to the system bus");
    }
    Message answer;
    try {
      MethodCall question =
          signature.isEmpty()
              ? bus.getMessageFactory().createMethodCall(to, path, owner, method, (byte) 0, null)
              : bus.getMessageFactory()
                  .createMethodCall(to, path, owner, method, (byte) 0, signature, arguments);
      bus.sendMessage(question);
      answer = question.getReply(patienceMillis);
      return switch (answer) {
        case null ->
            throw new IOException("no answer to " + method + " in " + patienceMillis + " ms");
        case Error error -> throw refusal(error);
        case Message values -> parameters(values);
      };
    } catch (DBusException | DBusExecutionException | RejectedExecutionException e) {
      // The last one where the connection ends at this moment.
      throw new IOException(method + " could not be asked: " + e.getMessage(), e);
    }
  }

  private static Object[] parameters(Message message) throws DBusException {
    Object[] values = message.getParameters();
    return values == null ? new Object[0] : values;
  }

  /// An error that was answered. What the library answers in the place of others, and the bus's
  /// word that nobody is there to answer, is none.
  private BusError refusal(Error error) throws IOException, DBusException {
    String name = error.getName();
    String words =
        Arrays.stream(parameters(error)).map(String::valueOf).collect(Collectors.joining(" "));
    // It names its own after classes.
    boolean own = name.startsWith("java.") || name.startsWith("org.freedesktop.dbus.exceptions.");
    boolean nobody =
        name.startsWith(SPAWN)
            || switch (name) {
              case "org.freedesktop.DBus.Error.NoReply",
                  "org.freedesktop.DBus.Error.ServiceUnknown",
                  "org.freedesktop.DBus.Error.NameHasNoOwner",
                  "org.freedesktop.DBus.Error.Disconnected",
                  "org.freedesktop.DBus.Error.Timeout",
                  "org.freedesktop.DBus.Error.TimedOut" ->
                  true;
              default -> false;
            };
    if (own || nobody || !bus.isConnected()) {
      throw new IOException(words.isEmpty() ? name : words);
    }
    return new BusError(name, words);
  }

  boolean isConnected() {
    return bus.isConnected();
  }

  @Override
  public void close() {
    bus.disconnect();
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
    public void clientDisconnect() {
      lost.run();
    }

    @Override
    public void exceptionOnTerminate(IOException e) {
      lost.run();
    }
  }
}
