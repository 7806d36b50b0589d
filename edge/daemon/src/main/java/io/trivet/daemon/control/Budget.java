package io.trivet.daemon.control;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What the callers of one kind may cost together, and each user of them: places, bytes, time. Safe
/// for all threads.
final class Budget {
  /// What a kind of callers may cost.
  ///
  /// @param places connections at once
  /// @param placesEach of these, at most so many of one user
  /// @param requestBytes longest request
  /// @param atOnce requests that are worked on at the same time
  /// @param gapNanos the requests of one user are at least so far apart; earlier ones wait
  /// @param requestNanos a request that has begun must be there as a whole, and an answer read, in
  ///   this time
  /// @param idleNanos a connection on which nothing is asked ends after this
  record Limits(
      int places,
      int placesEach,
      int requestBytes,
      int atOnce,
      long gapNanos,
      long requestNanos,
      long idleNanos) {}

  /// Any local user: enough for `trivet status` in a loop and a few who follow events; too little
  /// to fill the daemon's heap (80 MiB) or to keep a core busy. A looking request has some 60
  /// bytes.
  static final Limits ANYBODY =
      new Limits(
          32,
          8,
          4 << 10,
          2,
          TimeUnit.MILLISECONDS.toNanos(50),
          TimeUnit.SECONDS.toNanos(5),
          TimeUnit.SECONDS.toNanos(10));

  /// Root and the group: whole cluster files.
  static final Limits PERMITTED =
      new Limits(32, 32, 1 << 20, 8, 0, TimeUnit.SECONDS.toNanos(30), TimeUnit.MINUTES.toNanos(10));

  private final Limits limits;
  private final Semaphore work;
  private final Map<String, User> users = new HashMap<>();
  private int taken;

  /// One user's part of it, there while it has a place.
  private static final class User {
    private int places;
    private long nextNanos = System.nanoTime();
  }

  Budget(Limits limits) {
    this.limits = limits;
    this.work = new Semaphore(limits.atOnce);
  }

  Limits limits() {
    return limits;
  }

  /// A place, until it is given back.
  final class Place implements AutoCloseable {
    private final String user;
    private final User of;

    private Place(String user, User of) {
      this.user = user;
      this.of = of;
    }

    /// Waits for this user's turn. False if interrupted.
    boolean awaitTurn() {
      long wait;
      synchronized (Budget.this) {
        long now = System.nanoTime();
        long at = of.nextNanos - now > 0 ? of.nextNanos : now;
        of.nextNanos = at + limits.gapNanos;
        wait = at - now;
      }
      try {
        TimeUnit.NANOSECONDS.sleep(wait);
        work.acquire();
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    void turnOver() {
      work.release();
    }

    @Override
    public void close() {
      synchronized (Budget.this) {
        taken--;
        of.places--;
        if (of.places == 0) {
          users.remove(user);
        }
      }
    }
  }

  /// Null if there is none left for this user.
  synchronized @Nullable Place enter(String user) {
    User of = users.get(user);
    if (taken == limits.places || (of != null && of.places == limits.placesEach)) {
      return null;
    }
    if (of == null) {
      of = new User();
      users.put(user, of);
    }
    taken++;
    of.places++;
    return new Place(user, of);
  }
}
