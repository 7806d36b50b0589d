package io.trivet.daemon.vip;

import io.trivet.cluster.kernel.Difference;
import io.trivet.cluster.kernel.KernelEffect;
import io.trivet.cluster.kernel.KernelEvent;
import io.trivet.cluster.kernel.KernelMachine;
import io.trivet.cluster.kernel.Part;
import io.trivet.cluster.state.Notice;
import io.trivet.daemon.lease.LeaseThread;
import io.trivet.linux.LinuxException;
import io.trivet.linux.watch.Change;
import io.trivet.linux.watch.ChangeWait;
import io.trivet.linux.watch.ChangeWatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches what Trivet put into the kernel, on a thread of its own: whenever the kernel tells of a
/// change that others made, and every two seconds. What follows is decided by [KernelMachine].
///
/// What decides whether a VIP is answered for (its guard, its addresses) is put right on the lease
/// thread, so it never meets a lease that ends at the same time.
public final class KernelWatch implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KernelWatch.class);
  private static final long IDLE_NANOS = 2_000_000_000L;

  /// Changes come in bursts, and a router's routes change all the time.
  private static final long PAUSE_NANOS = 250_000_000L;

  /// So that a parameter is right again within a second.
  private static final long SETTINGS_NANOS = 700_000_000L;

  private static final long LEASE_THREAD_NANOS = 2_000_000_000L;

  private final VipHost vips;
  private final KernelMachine machine;
  private final LeaseThread leases;
  private final Observer observer;
  private final ChangeWait wait;
  private final List<Watched> watches = new ArrayList<>();
  private final ChangeWatch hostWatch;
  private final Claims claims = new Claims();
  private final ReentrantLock turn = new ReentrantLock();
  private List<OpenPlace> listenedTo = List.of();
  private boolean changed; // with the lock
  private volatile boolean ended;
  private long lookedAtNanos = System.nanoTime() - IDLE_NANOS;
  private long claimsAtNanos = System.nanoTime() - PAUSE_NANOS;
  private long settingsAtNanos = System.nanoTime();
  private List<Difference> wrongSettings = List.of();

  private record Watched(OpenPlace open, ChangeWatch changes) {}

  /// Who wants to know. Called on the watch's thread: hand it on.
  public interface Observer {
    /// Whether this controller can serve a VIP as far as its kernel goes; true at the start.
    ///
    /// @param why a clause for people, empty when it can
    void fit(String vip, boolean fit, String why);

    /// Who answers for a VIP of this controller without being it; empty when nobody does any more.
    void stranger(String vip, String who);

    /// Tell people.
    void say(Notice notice);
  }

  /// @param self name of this controller
  public KernelWatch(String self, VipHost vips, LeaseThread leases, Observer observer)
      throws IOException {
    this.vips = vips;
    this.machine = new KernelMachine(self);
    this.leases = leases;
    this.observer = observer;
    this.wait = new ChangeWait();
    this.hostWatch = ChangeWatch.open(vips.hostNamespace());
  }

  /// Other VIPs for this controller.
  public interface Undertaking {
    void make() throws IOException;
  }

  /// Makes a change of what is watched; nothing of it is taken for somebody else's doing. From any
  /// thread but the lease thread; waits for a look that is under way. What others do at the same
  /// time is found by the next look, within two seconds.
  public void during(Undertaking change) throws IOException {
    turn.lock();
    try {
      changed = true;
      change.make();
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void run() {
    try {
      while (!ended) {
        turn();
      }
    } finally {
      watches.forEach(watched -> watched.changes().close());
      hostWatch.close();
      claims.close();
      wait.close();
    }
  }

  /// Ends the thread.
  @Override
  public void close() {
    ended = true;
    wait.end();
  }

  private void turn() {
    try {
      listen();
      List<ChangeWatch> all = new ArrayList<>(watches.stream().map(Watched::changes).toList());
      all.add(hostWatch);
      long now = System.nanoTime();
      long due = machine.dueAtNanos(lookedAtNanos, IDLE_NANOS);
      boolean listens = now - claimsAtNanos >= PAUSE_NANOS; // whoever claims a lot is not let in
      boolean told =
          wait.await(
              all,
              listens ? claims.fds() : List.of(),
              Math.min(due - now, listens ? SETTINGS_NANOS : PAUSE_NANOS));
      turn.lock();
      try {
        if (changed) {
          changed = false;
          listenAnew();
        } else if (told && !ended) {
          heard();
          if (listens) {
            claims();
          }
        }
        if (!ended && (System.nanoTime() - due >= 0 || settingsChanged())) {
          look("");
        }
      } finally {
        turn.unlock();
      }
    } catch (IOException e) {
      LOG.warn("The kernel could not be looked at: {}", e.getMessage());
      pause(PAUSE_NANOS);
    }
  }

  /// The kernel tells nobody of parameters that change.
  private boolean settingsChanged() throws IOException {
    long now = System.nanoTime();
    if (now - settingsAtNanos < SETTINGS_NANOS / 2) {
      return false;
    }
    settingsAtNanos = now;
    List<Difference> wrong = vips.lookAtSettings();
    boolean changed = !wrong.equals(wrongSettings) && !wrong.isEmpty();
    wrongSettings = wrong;
    return changed;
  }

  /// What was told until now may be our own change, made by sockets that were not known.
  private void listenAnew() throws IOException {
    listenedTo = List.of();
    listen();
    hostWatch.read();
  }

  /// Listens in the places that there are now.
  private void listen() throws IOException {
    List<OpenPlace> open = vips.open();
    if (open.equals(listenedTo)) {
      return; // a place that got other VIPs would be another one, with the same sockets
    }
    watches.forEach(watched -> watched.changes().close());
    watches.clear();
    List<Integer> own = vips.ownPorts();
    for (OpenPlace place : open) {
      if (place.place().namespace() != null) {
        ChangeWatch watch = ChangeWatch.open(place.namespace());
        watch.ignore(own);
        watches.add(new Watched(place, watch));
      }
    }
    hostWatch.ignore(own);
    listenedTo = open;
  }

  private void heard() throws IOException {
    List<Change> changes = new ArrayList<>();
    for (Watched watched : watches) {
      changes.addAll(heard(watched.changes().read(), List.of(watched.open())));
    }
    List<OpenPlace> onHost =
        vips.open().stream().filter(open -> open.place().namespace() == null).toList();
    changes.addAll(heard(hostWatch.read(), onHost));
    if (changes.isEmpty()) {
      return;
    }
    long since = System.nanoTime() - lookedAtNanos;
    if (since < PAUSE_NANOS) {
      pause(PAUSE_NANOS - since);
    }
    look(culprit(changes));
  }

  /// The guard is not waited with: until it is there again, a lease that ends is not enforced.
  ///
  /// @return the changes that may matter
  private List<Change> heard(List<Change> changes, List<OpenPlace> places) {
    List<Change> ours =
        changes.stream()
            .filter(
                change ->
                    change.kind() != Change.Kind.RULESET
                        || change.tables().contains(VipHost.TABLE)
                        || change.tables().contains(Forwarding.TABLE))
            .toList();
    List<Change> guard =
        ours.stream().filter(change -> change.tables().contains(VipHost.TABLE)).toList();
    if (!guard.isEmpty()) {
      List<Difference> found = new ArrayList<>();
      for (OpenPlace open : places) {
        found.add(
            new Difference(
                new Part.Guard(open.place().key()),
                Difference.Found.CHANGED,
                new TreeSet<>(open.vips())));
      }
      perform(machine.step(new KernelEvent.Found(found, culprit(guard)), System.nanoTime()));
    }
    return ours;
  }

  private static String culprit(List<Change> changes) {
    return changes.stream()
        .map(Change::process)
        .filter(process -> !process.isEmpty())
        .findFirst()
        .orElse("");
  }

  private void claims() {
    claimsAtNanos = System.nanoTime();
    List<String> again = new ArrayList<>();
    long now = System.nanoTime();
    for (KernelEvent claimed : claims.turn(vips.open(), now, again)) {
      perform(machine.step(claimed, now));
    }
    for (String vip : again) {
      leases.execute(() -> announce(vip));
    }
  }

  private void look(String culprit) throws IOException {
    claims();
    lookedAtNanos = System.nanoTime();
    for (String vip : vips.announcedWrongly()) {
      leases.execute(() -> announce(vip));
    }
    List<Difference> differences = vips.look();
    perform(machine.step(new KernelEvent.Looked(differences, culprit), System.nanoTime()));
    if (!differences.isEmpty()) {
      // What was put right is told by the next look.
      lookedAtNanos = System.nanoTime();
      perform(machine.step(new KernelEvent.Looked(vips.look(), culprit), System.nanoTime()));
    }
  }

  private void perform(List<KernelEffect> effects) {
    for (KernelEffect effect : effects) {
      switch (effect) {
        case KernelEffect.PutRight(List<Difference> differences) -> putRight(differences);
        case KernelEffect.SetFit(String vip, boolean fit, String why) ->
            observer.fit(vip, fit, why);
        case KernelEffect.Announce(String vip) -> leases.execute(() -> announce(vip));
        case KernelEffect.SetStranger(String vip, String who) -> observer.stranger(vip, who);
        case KernelEffect.Say(Notice notice) -> observer.say(notice);
      }
    }
  }

  private void putRight(List<Difference> differences) {
    List<OpenPlace> touched = new ArrayList<>();
    for (OpenPlace open : vips.open()) {
      if (differences.stream().anyMatch(d -> d.part().equals(new Part.Guard(open.place().key())))) {
        restoreGuard(open);
      }
    }
    boolean onlyGuards = differences.stream().allMatch(d -> d.part() instanceof Part.Guard);
    if (!onlyGuards) {
      try {
        touched.addAll(vips.putRight(differences));
      } catch (IOException e) {
        LOG.warn("Not everything could be put right: {}", e.getMessage());
      }
    }
    for (OpenPlace open : touched) {
      boolean link =
          differences.stream()
              .anyMatch(
                  d -> d.part() instanceof Part.MadeLink && PlaceLook.concerns(d, open.place()));
      if (link) {
        leases.guardTouched(open.vips());
      }
      leases.execute(() -> open.vips().forEach(vips::showAgain));
    }
    awaitLeaseThread();
  }

  /// The host's guard is there without any VIP, too: it keeps dark what lives in namespaces.
  private void restoreGuard(OpenPlace open) {
    if (!open.vips().isEmpty()) {
      leases.guardTouched(open.vips());
      return;
    }
    leases.execute(
        () -> {
          try {
            VipHost.install(open);
          } catch (LinuxException e) {
            LOG.warn(
                "The guard of {} could not be made anew: {}", open.namespace(), e.getMessage());
          }
        });
  }

  private void announce(String vip) {
    try {
      if (vips.shows(vip)) {
        vips.announce(vip);
      }
    } catch (IOException e) {
      LOG.warn("VIP {} could not be announced again: {}", vip, e.getMessage());
    }
  }

  /// Until everything that was handed to it is done.
  private void awaitLeaseThread() {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    leases.execute(() -> done.complete(true));
    try {
      done.get(LEASE_THREAD_NANOS, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException e) {
      LOG.warn("The lease thread did not put right what it should within 2 s");
    } catch (InterruptedException e) {
      ended = true;
    }
  }

  private void pause(long nanos) {
    try {
      wait.await(List.of(), nanos);
    } catch (LinuxException e) {
      LOG.debug("{}", e.getMessage());
    }
  }
}
