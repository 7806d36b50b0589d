package io.trivet.daemon.systemd;

import java.io.IOException;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.freedesktop.dbus.interfaces.Properties;
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
/// systemd that was started anew), and every 2 s while there is a unit whose state could not be
/// read.
public final class Systemd implements Units, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Systemd.class);
  private static final String UNIT_INTERFACE = "org.freedesktop.systemd1.Unit";
  private static final String SERVICE_INTERFACE = "org.freedesktop.systemd1.Service";
  private static final int SIGKILL = 9;

  /// How long a call waits for a connection and for systemd, and is made again.
  private static final long PATIENCE_NANOS = 8_000_000_000L;

  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;
  private static final long LOOK_MILLIS = 30_000;
  private static final long LOOK_AGAIN_MILLIS = 2_000;
  private static final long WAIT_MILLIS = 50;

  private final String address;
  private final Consumer<UnitState> listener;
  private final SortedSet<String> watched = new ConcurrentSkipListSet<>();
  private final Map<String, String> unitByPath = new ConcurrentHashMap<>();

  /// Watched units whose state systemd did not tell when it was asked last.
  private final SortedSet<String> unread = new ConcurrentSkipListSet<>();

  /// Guards the two maps under it, and the order in which the listener is told.
  private final Object telling = new Object();

  private final Map<String, UnitState> told = new ConcurrentHashMap<>();
  private final Map<String, Long> signals = new ConcurrentHashMap<>();
  private final Semaphore wake = new Semaphore(0);
  private final AtomicReference<@Nullable Link> link = new AtomicReference<>();

  /// Open until [#close]: every pause waits on it, so that none outlasts it.
  private final CountDownLatch closing = new CountDownLatch(1);

  private interface Request {
    void to(Link systemd) throws IOException, BusError;
  }

  /// Connects to the system bus.
  ///
  /// @throws SystemdException when the bus or systemd does not answer
  public Systemd(Consumer<UnitState> listener) throws SystemdException {
    this("", listener);
  }

  /// @param address of the bus, such as `unix:path=/run/dbus/system_bus_socket`; empty for the
  ///   system's
  Systemd(String address, Consumer<UnitState> listener) throws SystemdException {
    this.address = address;
    this.listener = listener;
    try {
      link.set(connect());
    } catch (IOException | BusError e) {
      throw SystemdException.unreachable(
          "systemd does not answer on the system bus: " + e.getMessage(), e);
    }
    Thread.ofVirtual().name("systemd").start(this::keep);
  }

  private Link connect() throws IOException, BusError {
    return new Link(address, this::propertiesChanged, this::jobEnded, this::lost);
  }

  // ---- the connection

  /// Only the end of the link that is in use is news: each one that is closed says so as well.
  private void lost(Link which) {
    if (link.compareAndSet(which, null) && !closed()) {
      LOG.warn("The connection to the system bus is lost; it is made anew");
      wake.release();
    }
  }

  /// Pauses grow until a connection has lasted for the longest one of them, so that one that breaks
  /// again and again is no storm.
  private void keep() {
    long pause = FIRST_PAUSE_MILLIS;
    long connectedAt = System.nanoTime();
    while (!closed()) {
      try {
        if (link.get() != null) {
          long wait = unread.isEmpty() ? LOOK_MILLIS : LOOK_AGAIN_MILLIS;
          boolean broken = wake.tryAcquire(wait, TimeUnit.MILLISECONDS);
          long lastedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - connectedAt);
          if (lastedMillis > LONGEST_PAUSE_MILLIS) {
            pause = FIRST_PAUSE_MILLIS;
          }
          if (!broken) {
            look();
          }
          continue;
        }
        wake.drainPermits();
        if (closing.await(pause, TimeUnit.MILLISECONDS)) {
          return;
        }
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
        renew();
        connectedAt = System.nanoTime();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        // Without this thread nothing would be heard of any unit for as long as the daemon runs.
        LOG.error("While keeping the connection to the system bus", e);
      }
    }
  }

  private void renew() {
    try {
      Link next = connect();
      unitByPath.clear();
      synchronized (telling) {
        told.clear();
      }
      link.set(next);
      if (closed()) {
        next.close();
      }
      if (!next.isConnected()) {
        // It ended before anybody could be told.
        lost(next);
        return;
      }
      watched.forEach(this::report);
      LOG.info("Connected to the system bus again; the units were looked at anew");
    } catch (IOException | BusError e) {
      LOG.debug("The system bus does not answer: {}", e.getMessage());
    }
  }

  private void look() {
    watched.forEach(this::report);
  }

  /// A call got no answer on this connection: if the bus does not answer either, it is dropped.
  private void doubt(Link silent) {
    if (link.get() == silent && !silent.alive()) {
      lost(silent);
      silent.close();
    }
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

  /// systemd's word for whether it could start a unit: `loaded` if it could, else `not-found`,
  /// `masked`, `bad-setting` and the like.
  public String loadState(String unit) throws SystemdException {
    Link now = link.get();
    if (now == null) {
      throw SystemdException.unreachable(
          "systemd cannot be asked about " + unit,
          new IOException("no connection to the system bus"));
    }
    try {
      return now.text(now.load(unit), UNIT_INTERFACE, "LoadState");
    } catch (BusError e) {
      throw SystemdException.refused("systemd cannot load " + unit + ": " + e.words(), e);
    } catch (IOException e) {
      throw SystemdException.unreachable(
          "systemd cannot be asked about " + unit + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void start(String unit) throws SystemdException {
    // A unit that failed too often refuses to start until its counter is reset; how often is
    // Trivet's decision.
    call(
        unit,
        "start",
        systemd -> {
          try {
            systemd.ask("ResetFailedUnit", "s", unit);
          } catch (BusError e) {
            // It has not loaded the unit, so it remembers no failure; the start loads it.
            LOG.debug("Nothing to forget of {}: {}", unit, e.words());
          }
        });
    call(unit, "start", systemd -> systemd.ask("StartUnit", "ss", unit, "replace"));
  }

  @Override
  public void stop(String unit) throws SystemdException {
    call(unit, "stop", systemd -> systemd.ask("StopUnit", "ss", unit, "replace"));
  }

  @Override
  public void kill(String unit) throws SystemdException {
    call(unit, "kill", systemd -> systemd.ask("KillUnit", "ssi", unit, "all", SIGKILL));
  }

  /// Until systemd has answered, however long that takes: what was asked is not undone by not
  /// waiting, and who was told that it failed would write the same files again and ask again.
  @Override
  public void daemonReload() throws SystemdException {
    while (true) {
      try {
        call("its configuration", "reload", Link::reload);
        return;
      } catch (SystemdException e) {
        if (!e.unreachable() || closed() || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        LOG.warn("{}; it is asked again", e.getMessage());
      }
    }
  }

  @Override
  public long cpuNanos(String unit) {
    Link now = link.get();
    if (now == null) {
      return -1;
    }
    try {
      long counted = now.number(now.load(unit), SERVICE_INTERFACE, "CPUUsageNSec");
      // Without accounting it is the greatest number of 64 bits.
      return counted >= 0 ? counted : ProcessTimes.nanos(now.processes(unit));
    } catch (IOException | BusError e) {
      return -1;
    }
  }

  @Override
  public void close() {
    closing.countDown();
    wake.release();
    Link now = link.getAndSet(null);
    if (now != null) {
      now.close();
    }
  }

  /// Asks until there is an answer, or patience ends.
  private void call(String unit, String verb, Request request) throws SystemdException {
    long until = System.nanoTime() + PATIENCE_NANOS;
    long pause = WAIT_MILLIS;
    IOException last = new IOException("no connection to the system bus");
    while (true) {
      Link now = link.get();
      if (now != null) {
        try {
          request.to(now);
          return;
        } catch (BusError e) {
          throw SystemdException.refused(
              verb.equals("start")
                  ? Refusals.ofError(unit, e.name(), e.words())
                  : "systemd did not " + verb + " " + unit + ": " + e.words(),
              e);
        } catch (IOException e) {
          last = e;
          doubt(now);
        }
      }
      if (System.nanoTime() - until >= 0 || endsWithin(pause)) {
        throw SystemdException.unreachable(
            "systemd could not be asked to " + verb + " " + unit + ": " + last.getMessage(), last);
      }
      pause = Math.min(2 * pause, 1_000);
    }
  }

  /// Waits for so long; true as soon as this is closed, or the thread is to end.
  private boolean endsWithin(long millis) {
    try {
      return closing.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private boolean closed() {
    return closing.getCount() == 0;
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
  private void jobEnded(String unit, String result) {
    String why = watched.contains(unit) ? Refusals.ofJob(unit, result) : "";
    UnitState last = told.get(unit);
    boolean down =
        last != null
            && (last.activeState().equals("inactive") || last.activeState().equals("failed"));
    if (!why.isEmpty() && down) {
      tell(new UnitState(unit, "failed", UnitState.REFUSED, why));
    }
  }

  private void report(String unit) {
    Link now = link.get();
    if (now == null) {
      return;
    }
    long before = signals.getOrDefault(unit, 0L);
    try {
      String path = now.load(unit);
      unitByPath.put(path, unit);
      String loadState = now.text(path, UNIT_INTERFACE, "LoadState");
      String activeState = now.text(path, UNIT_INTERFACE, "ActiveState");
      String subState = now.text(path, UNIT_INTERFACE, "SubState");
      String active = loadState.equals("not-found") ? loadState : activeState;
      UnitState seen = new UnitState(unit, active, subState, result(unit, path, active));
      unread.remove(unit);
      synchronized (telling) {
        // What a signal said since is newer than these answers.
        if (signals.getOrDefault(unit, 0L) == before && !stillRefused(seen)) {
          tell(seen);
        }
      }
    } catch (BusError e) {
      unanswered(unit, before, e);
    } catch (IOException e) {
      LOG.debug("The state of {} could not be read: {}", unit, e.getMessage());
      doubt(now);
    }
  }

  /// Only systemd's word that there is no such unit means that. Any other error (no permission, too
  /// many requests, an object that went away between two questions) leaves what was known, and is
  /// looked into again.
  private void unanswered(String unit, long before, BusError error) {
    if (!Refusals.meansNoUnit(error.name())) {
      if (unread.add(unit)) {
        LOG.warn("systemd did not tell the state of {}: {}", unit, error.words());
        wake.release();
      }
      return;
    }
    unread.remove(unit);
    UnitState missing = new UnitState(unit, "not-found", "dead", error.words());
    synchronized (telling) {
      if (signals.getOrDefault(unit, 0L) != before) {
        return;
      }
      if (!missing.equals(told.get(unit))) {
        LOG.warn("There is no unit {}: {}", unit, error.words());
      }
      tell(missing);
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
    Link now = link.get();
    if (now == null
        || !unit.endsWith(".service")
        || activeState.equals("active")
        || activeState.equals("not-found")) {
      return "";
    }
    try {
      return now.text(path, SERVICE_INTERFACE, "Result");
    } catch (IOException | BusError e) {
      return "";
    }
  }
}
