package io.trivet.daemon.leases;

import io.trivet.cluster.lease.LeaseEvent;
import io.trivet.cluster.state.Severity;
import io.trivet.daemon.Places;
import io.trivet.linux.process.ServiceNotifier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The lease process: takes its role from disk or from the daemon and plays it. Another timing and
/// other VIPs are taken on in place; for another controller or other members it begins anew. What
/// goes wrong before the role is played is tried again; the VIPs stay dark meanwhile.
final class LeaseDaemon {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseDaemon.class);
  private static final long HOUSE_EVERY_NANOS = 500_000_000L;
  private static final int STATUS_TURNS = 120;
  private static final long STUCK_NANOS = 1_500_000_000L;
  private static final long AGAIN_SECONDS = 5;

  private final Places places;
  private final RoleFile roleFile;
  private final long incarnation = System.currentTimeMillis();
  private final Facts facts = new Facts();
  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private final ServiceNotifier notifier;
  private final DaemonDoor door;

  // Guarded by this.
  private final Attendance attendance = new Attendance(System.nanoTime());
  private CompletableFuture<LeaseRole> newRole = new CompletableFuture<>();
  private @Nullable LeaseRole kept;
  private @Nullable LeasePart part;
  private boolean stopping;
  private final List<LeaseEvent> early = new ArrayList<>();

  /// The last role that was told, and what is in its way; empty once it is played.
  private @Nullable LeaseRole told;

  private String inTheWay = "";
  private long confirm;

  private LeaseDaemon(Places places) throws IOException {
    this.places = places;
    roleFile = new RoleFile(places.leaseRole());
    kept = roleFile.load();
    notifier = ServiceNotifier.open(System.getenv("NOTIFY_SOCKET"));
    door = DaemonDoor.open(places.leases(), facts, this::heard);
  }

  static LeaseDaemon start(Places places) throws IOException {
    LeaseDaemon daemon = new LeaseDaemon(places);
    Thread.ofPlatform().daemon().name("house").start(daemon::keepHouse);
    Thread.ofPlatform().daemon().name("role").start(daemon::playWhenPossible);
    return daemon;
  }

  /// Waits until the process is to end and gives its exit code.
  int awaitEnd() {
    return ended.join();
  }

  /// Hands over what this controller holds.
  void stop() {
    LeasePart now;
    synchronized (this) {
      stopping = true;
      now = part;
    }
    if (now != null) {
      now.stop();
    }
    try {
      notifier.stopping("handed over");
      door.close();
    } catch (IOException e) {
      LOG.warn("While stopping: {}", e.getMessage());
    }
    ended.complete(0);
  }

  // ---- the role

  private void playWhenPossible() {
    String saidLast = "";
    while (true) {
      LeaseRole wanted;
      CompletableFuture<LeaseRole> next;
      synchronized (this) {
        wanted = kept;
        next = newRole;
      }
      String trouble = wanted == null ? "waits for trivetd, which knows its role" : play(wanted);
      if (trouble.isEmpty()) {
        return;
      }
      if (!trouble.equals(saidLast)) {
        saidLast = trouble;
        tellSystemd(trouble);
      }
      waitFor(next);
    }
  }

  /// @return what is in the way; empty when it is played
  private String play(LeaseRole wanted) {
    try {
      LeasePart started =
          LeasePart.start(wanted, places, facts, incarnation, () -> ended.complete(1));
      LeaseRole newest;
      synchronized (this) {
        part = started;
        pending().forEach(started::post);
        newest = kept;
      }
      LOG.info("leases of {} with {}", wanted.self(), wanted.members().keySet());
      tellSystemd("leases of " + wanted.self());
      taken(wanted, "");
      // What was told while this one began found nothing yet that could take it on.
      if (newest != null && !newest.equals(wanted)) {
        takeOn(started, newest);
      }
      return "";
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      taken(wanted, why);
      LOG.error("No VIP can be held here: {}. Trying again every {} s", why, AGAIN_SECONDS);
      facts.say(
          new FromLeases.Said(
              "leases-down",
              Severity.CRITICAL,
              wanted.self(),
              "Controller " + wanted.self() + " can hold no VIP: " + why + "."));
      return "no VIP can be held here: " + why;
    }
  }

  private static void waitFor(CompletableFuture<LeaseRole> next) {
    try {
      next.get(AGAIN_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      // Then the same again.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException("a role fails only by being none", e);
    }
  }

  /// What was said before the role was played.
  private List<LeaseEvent> pending() {
    List<LeaseEvent> events = List.copyOf(early);
    early.clear();
    return events;
  }

  // ---- the daemon

  private void heard(ToLeases message) {
    switch (message) {
      case ToLeases.Play(LeaseRole role) -> take(role);
      case ToLeases.Confirm(long number) -> confirm(number);
      case ToLeases.Attend(long run) -> attended(run);
      case ToLeases.Assign assign -> {
        post(List.of(new LeaseEvent.Assigned(assign.assignments())));
        LeasePart now = current();
        if (assign.tellOthers() && now != null) {
          now.tellOthers(assign.assignments());
        }
      }
      case ToLeases.Serve(String vip, boolean eligible) -> {
        synchronized (this) {
          post(attendance.serve(vip, eligible, System.nanoTime()));
        }
      }
    }
  }

  private synchronized @Nullable LeasePart current() {
    return part;
  }

  private synchronized void attended(long run) {
    post(attendance.attend(run, System.nanoTime()));
  }

  private synchronized void post(List<LeaseEvent> events) {
    LeasePart now = part;
    if (stopping) {
      return;
    }
    if (now == null) {
      early.addAll(events);
    } else {
      events.forEach(now::post);
    }
  }

  /// A role that differs is kept, and taken on: as a difference where only timing and VIPs are
  /// others, else by a new start.
  private void take(LeaseRole role) {
    LeaseRole old;
    synchronized (this) {
      old = kept;
      told = role;
      inTheWay = "";
    }
    if (old != null && old.equals(role)) {
      return;
    }
    try {
      roleFile.keep(role); // may wait for the disk: nobody else waits meanwhile
    } catch (IOException e) {
      LOG.error("The role cannot be kept for the next start: {}", e.getMessage());
      taken(role, "its VIPs cannot be written down: " + e.getMessage());
      facts.say(
          new FromLeases.Said(
              "leases-down",
              Severity.CRITICAL,
              role.self(),
              "The leases of " + role.self() + " go on as they were: " + e.getMessage() + "."));
      return;
    }
    LeasePart begun;
    synchronized (this) {
      kept = role;
      begun = part;
      newRole.complete(role);
      newRole = new CompletableFuture<>();
    }
    if (begun != null) {
      takeOn(begun, role);
    }
  }

  private void takeOn(LeasePart playing, LeaseRole role) {
    LeaseRole before = playing.role();
    if (!before.canBecome(role)) {
      LOG.info("The cluster file gives another role: handing over, then a new start");
      stop();
      return;
    }
    try {
      playing.become(role);
      taken(role, "");
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      LOG.error("The cluster file cannot be taken on, the one before goes on: {}", why);
      taken(role, why);
      goBack(playing, before);
    }
  }

  /// What was played before is played again, also after a new start.
  private void goBack(LeasePart playing, LeaseRole before) {
    try {
      playing.goBackTo(before);
    } catch (IOException e) {
      LOG.error("Nor can the one before: handing over, then a new start: {}", e.getMessage());
      stop();
      return;
    }
    synchronized (this) {
      kept = before;
    }
    try {
      roleFile.keep(before);
    } catch (IOException e) {
      LOG.error("The role cannot be kept for the next start: {}", e.getMessage());
    }
  }

  // ---- whether the role that was told is played

  private synchronized void confirm(long number) {
    confirm = number;
    LeaseRole asked = told;
    LeasePart now = part;
    boolean played = now != null && asked != null && now.role().equals(asked);
    if (played || !inTheWay.isEmpty()) {
      facts.taken(new FromLeases.Taken(number, played ? "" : inTheWay));
    }
  }

  private synchronized void taken(LeaseRole role, String why) {
    if (told == null || role.equals(told)) {
      inTheWay = why;
      if (confirm != 0) {
        facts.taken(new FromLeases.Taken(confirm, why));
      }
    }
  }

  // ---- the house

  /// Looks at the attendance, and tells systemd that the lease thread is alive.
  private void keepHouse() {
    int turns = 0;
    while (!ended.isDone()) {
      LockSupport.parkNanos(HOUSE_EVERY_NANOS);
      LeasePart now;
      synchronized (this) {
        boolean before = attendance.attended();
        post(attendance.passed(System.nanoTime()));
        if (before && !attendance.attended()) {
          LOG.warn(
              "trivetd made no progress for {} s: the VIPs of this controller are handed over",
              TimeUnit.NANOSECONDS.toSeconds(Attendance.GRACE_NANOS));
        }
        now = part;
      }
      if (now != null) {
        now.lookWhetherLate();
        if (++turns % STATUS_TURNS == 0) {
          tellSystemd(now.status());
        }
      }
      if (now == null || System.nanoTime() - now.aliveAtNanos() < STUCK_NANOS) {
        try {
          notifier.watchdog();
        } catch (IOException e) {
          LOG.warn("systemd could not be told \"watchdog\": {}", e.getMessage());
        }
      }
    }
  }

  private void tellSystemd(String status) {
    try {
      notifier.ready(status);
    } catch (IOException e) {
      LOG.warn("systemd could not be told \"ready\": {}", e.getMessage());
    }
  }
}
