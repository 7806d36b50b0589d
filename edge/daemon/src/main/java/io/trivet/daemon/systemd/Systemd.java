package io.trivet.daemon.systemd;

import java.io.IOException;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.exceptions.DBusExecutionException;
import org.freedesktop.dbus.interfaces.Properties;
import org.freedesktop.dbus.types.UInt64;
import org.freedesktop.dbus.types.Variant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The units of this controller. Calls block for the answer of systemd (a queued job, not its end)
/// and belong on a virtual thread; the end of a job is seen as a [UnitState] given to the listener,
/// which is also told of every change that nobody asked for, such as a killed process, within
/// milliseconds.
///
/// Only watched units are reported. The listener is called on a thread of the D-Bus connection or
/// of this class and must not block.
///
/// A connection that is lost (dbus-daemon restarted, socket closed) is made anew, with growing
/// pauses, and the state of every watched unit is told again: what happened meanwhile was not
/// heard. Calls wait for it for some seconds and are then made again; asking twice does no harm.
/// States are looked at every 30 s as well, for what no signal tells (a unit that was unmasked, a
/// systemd that was started anew).
public final class Systemd implements Units, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Systemd.class);
  private static final String UNIT_INTERFACE = "org.freedesktop.systemd1.Unit";
  private static final String SERVICE_INTERFACE = "org.freedesktop.systemd1.Service";

  /// How long a call waits for a connection, and is made again.
  private static final long PATIENCE_NANOS = 8_000_000_000L;

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;
  private static final long LOOK_MILLIS = 30_000;
  private static final long WAIT_MILLIS = 50;

  private final Consumer<UnitState> listener;
  private final SortedSet<String> watched = new ConcurrentSkipListSet<>();
  private final Map<String, String> unitByPath = new ConcurrentHashMap<>();

  /// Guards the two maps under it, and the order in which the listener is told.
  private final Object telling = new Object();

  private final Map<String, UnitState> told = new ConcurrentHashMap<>();
  private final Map<String, Long> signals = new ConcurrentHashMap<>();
  private final Semaphore wake = new Semaphore(0);
  private volatile @Nullable Link link;
  private volatile boolean closed;

  private interface Request {
    void to(Systemd1 manager);
  }

  /// Connects to the system bus.
  ///
  /// @throws SystemdException when the bus or systemd does not answer
  public Systemd(Consumer<UnitState> listener) throws SystemdException {
    this.listener = listener;
    try {
      link = connect();
    } catch (DBusException | DBusExecutionException e) {
      throw SystemdException.unreachable(
          "systemd does not answer on the system bus: " + e.getMessage(), e);
    }
    Thread.ofVirtual().name("systemd").start(this::keep);
  }

  private Link connect() throws DBusException {
    return new Link(this::propertiesChanged, this::jobRemoved, this::lost);
  }

  // ---- the connection

  private void lost() {
    Link was = link;
    link = null;
    if (was != null && !closed) {
      LOG.warn("The connection to the system bus is lost; it is made anew");
      wake.release();
    }
  }

  private void keep() {
    long pause = FIRST_PAUSE_MILLIS;
    while (!closed) {
      try {
        if (link != null) {
          pause = FIRST_PAUSE_MILLIS;
          if (!wake.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            look();
          }
          continue;
        }
        wake.drainPermits();
        if (!renewed()) {
          Thread.sleep(pause);
          pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private boolean renewed() {
    try {
      Link next = connect();
      unitByPath.clear();
      synchronized (telling) {
        told.clear();
      }
      link = next;
      watched.forEach(this::report);
      LOG.info("Connected to the system bus again; the units were looked at anew");
      return true;
    } catch (DBusException | DBusExecutionException e) {
      LOG.debug("The system bus does not answer: {}", e.getMessage());
      return false;
    }
  }

  private void look() {
    watched.forEach(this::report);
  }

  /// Drops a connection on which a call got no answer.
  private void drop(Link broken) {
    if (link == broken) {
      lost();
      try {
        broken.close();
      } catch (IOException e) {
        LOG.debug("While dropping a connection to the system bus: {}", e.getMessage());
      }
    }
  }

  private @Nullable Link awaitLink(long until) {
    Link now = link;
    while (now == null && !closed && System.nanoTime() - until < 0) {
      try {
        Thread.sleep(WAIT_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
      now = link;
    }
    return now;
  }

  // ---- calls

  /// Reports this unit's changes from now on, and its state at once, also if it was told before.
  public void watch(String unit) {
    watched.add(unit);
    synchronized (telling) {
      told.remove(unit);
    }
    report(unit);
  }

  @Override
  public void start(String unit) throws SystemdException {
    call(unit, "start", manager -> forgetFailures(manager, unit));
    call(unit, "start", manager -> manager.startUnit(unit, "replace"));
  }

  @Override
  public void stop(String unit) throws SystemdException {
    call(unit, "stop", manager -> manager.stopUnit(unit, "replace"));
  }

  public void reload(String unit) throws SystemdException {
    call(unit, "reload", manager -> manager.reloadUnit(unit, "replace"));
  }

  @Override
  public void kill(String unit) throws SystemdException {
    call(unit, "kill", manager -> manager.killUnit(unit, "all", 9));
  }

  @Override
  public void daemonReload() throws SystemdException {
    call("its configuration", "reload", Systemd1::reload);
  }

  @Override
  public long cpuNanos(String unit) {
    Link now = link;
    if (now == null) {
      return -1;
    }
    try {
      UInt64 used =
          now.properties(now.manager().loadUnit(unit).getPath())
              .Get(SERVICE_INTERFACE, "CPUUsageNSec");
      // Without accounting it is the greatest number of 64 bits.
      return used.longValue();
    } catch (DBusException | DBusExecutionException e) {
      return -1;
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    wake.release();
    Link now = link;
    link = null;
    if (now != null) {
      now.close();
    }
  }

  /// A unit that failed too often refuses to start until its counter is reset; how often is
  /// Trivet's decision.
  private static void forgetFailures(Systemd1 manager, String unit) {
    try {
      manager.resetFailedUnit(unit);
    } catch (DBusExecutionException e) {
      if (!Link.isAnswer(e)) {
        throw e;
      }
      // systemd has not loaded the unit, so it remembers no failure; the start loads it.
    }
  }

  private void call(String unit, String verb, Request request) throws SystemdException {
    long until = System.nanoTime() + PATIENCE_NANOS;
    DBusExecutionException last = new DBusExecutionException("no connection to the system bus");
    while (true) {
      Link now = awaitLink(until);
      if (now == null) {
        throw SystemdException.unreachable(
            "systemd could not be asked to " + verb + " " + unit + ": " + last.getMessage(), last);
      }
      try {
        request.to(now.manager());
        return;
      } catch (DBusExecutionException e) {
        if (Link.isAnswer(e)) {
          String words = String.valueOf(e.getMessage());
          throw SystemdException.refused(
              verb.equals("start")
                  ? Refusals.ofError(unit, Link.errorName(e), words)
                  : "systemd did not " + verb + " " + unit + ": " + words,
              e);
        }
        last = e;
        drop(now);
      }
    }
  }

  // ---- what units are

  private void propertiesChanged(Properties.PropertiesChanged signal) {
    String unit = unitByPath.get(signal.getPath());
    if (unit == null || !signal.getInterfaceName().equals(UNIT_INTERFACE)) {
      return;
    }
    Variant<?> activeState = signal.getPropertiesChanged().get("ActiveState");
    Variant<?> subState = signal.getPropertiesChanged().get("SubState");
    if (activeState != null && subState != null) {
      signals.merge(unit, 1L, Long::sum);
      // The signal carries the state as it was then; asking again could miss a unit that died and
      // was restarted.
      String active = activeState.getValue().toString();
      tell(
          new UnitState(
              unit,
              active,
              subState.getValue().toString(),
              result(unit, signal.getPath(), active)));
    }
  }

  /// A job that ended without success and changed nothing is seen nowhere else.
  private void jobRemoved(Systemd1.JobRemoved job) {
    String why = watched.contains(job.unit()) ? Refusals.ofJob(job.unit(), job.result()) : "";
    UnitState last = told.get(job.unit());
    boolean down =
        last != null
            && (last.activeState().equals("inactive") || last.activeState().equals("failed"));
    if (!why.isEmpty() && down) {
      tell(new UnitState(job.unit(), "failed", UnitState.REFUSED, why));
    }
  }

  private void report(String unit) {
    Link now = link;
    if (now == null) {
      return;
    }
    long before = signals.getOrDefault(unit, 0L);
    try {
      String path = now.manager().loadUnit(unit).getPath();
      unitByPath.put(path, unit);
      Properties properties = now.properties(path);
      String loadState = properties.Get(UNIT_INTERFACE, "LoadState");
      String activeState = properties.Get(UNIT_INTERFACE, "ActiveState");
      String subState = properties.Get(UNIT_INTERFACE, "SubState");
      String active = loadState.equals("not-found") ? loadState : activeState;
      UnitState seen = new UnitState(unit, active, subState, result(unit, path, active));
      synchronized (telling) {
        // What a signal said since is newer than these answers.
        if (signals.getOrDefault(unit, 0L) == before && !stillRefused(seen)) {
          tell(seen);
        }
      }
    } catch (DBusException | DBusExecutionException e) {
      if (e instanceof DBusExecutionException refused && Link.isAnswer(refused)) {
        LOG.warn("systemd cannot load {}: {}", unit, e.getMessage());
        tell(new UnitState(unit, "not-found", "dead", String.valueOf(e.getMessage())));
      } else {
        LOG.debug("The state of {} could not be read: {}", unit, e.getMessage());
        drop(now);
      }
    }
  }

  /// A unit that is down as before says nothing new about why it was not started.
  private boolean stillRefused(UnitState seen) {
    UnitState last = told.get(seen.unit());
    boolean down = seen.activeState().equals("inactive") || seen.activeState().equals("failed");
    return last != null && last.subState().equals(UnitState.REFUSED) && down;
  }

  private void tell(UnitState now) {
    synchronized (telling) {
      if (!now.equals(told.put(now.unit(), now))) {
        listener.accept(now);
      }
    }
  }

  /// Why a service is not running; what runs has no result worth a question.
  private String result(String unit, String path, String activeState) {
    Link now = link;
    if (now == null
        || !unit.endsWith(".service")
        || activeState.equals("active")
        || activeState.equals("not-found")) {
      return "";
    }
    try {
      return now.properties(path).Get(SERVICE_INTERFACE, "Result");
    } catch (DBusException | DBusExecutionException e) {
      return "";
    }
  }
}
