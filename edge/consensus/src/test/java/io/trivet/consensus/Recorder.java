package io.trivet.consensus;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A state that is the list of all entries, and what else the log told; tests wait on it.
final class Recorder implements Listener {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private List<String> entries = new ArrayList<>();
  private long lastIndex = -1;
  private int restores;
  private Role role = Role.FOLLOWER;
  private @Nullable String leader;
  private @Nullable Throwable failure;
  private @Nullable StorageTrouble trouble;
  private boolean troubled;
  private final long restoreMillis;

  Recorder() {
    this(0);
  }

  /// @param restoreMillis how long a snapshot takes to be restored
  Recorder(long restoreMillis) {
    this.restoreMillis = restoreMillis;
  }

  synchronized List<String> entries() {
    return List.copyOf(entries);
  }

  synchronized int restores() {
    return restores;
  }

  synchronized Role role() {
    return role;
  }

  synchronized @Nullable String leader() {
    return leader;
  }

  synchronized @Nullable Throwable failure() {
    return failure;
  }

  synchronized @Nullable StorageTrouble trouble() {
    return trouble;
  }

  synchronized boolean everTroubled() {
    return troubled;
  }

  /// Waits until the condition holds; it is looked at after each thing the log tells.
  synchronized void await(String what, Predicate<Recorder> condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.test(this)) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError(
            "not within 30 s: "
                + what
                + "; role "
                + role
                + ", leader "
                + leader
                + ", "
                + entries.size()
                + " entries, failure "
                + failure
                + ", storage "
                + trouble);
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  @Override
  public synchronized void applied(long index, long term, byte[] entry) {
    if (index <= lastIndex) {
      throw new AssertionError("index " + index + " after " + lastIndex);
    }
    String text = new String(entry, StandardCharsets.UTF_8);
    if (text.equals("poison")) {
      throw new IllegalStateException("cannot apply poison");
    }
    lastIndex = index;
    entries.add(text);
    notifyAll();
  }

  @Override
  public synchronized byte[] snapshot() {
    return (lastIndex + "\n" + String.join("\n", entries)).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void restore(byte[] snapshot) {
    try {
      var _ = new CountDownLatch(1).await(restoreMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    restored(snapshot);
  }

  private synchronized void restored(byte[] snapshot) {
    List<String> lines = new String(snapshot, StandardCharsets.UTF_8).lines().toList();
    lastIndex = Long.parseLong(lines.getFirst());
    entries = new ArrayList<>(lines.subList(1, lines.size()));
    restores++;
    notifyAll();
  }

  @Override
  public synchronized void leaderChanged(@Nullable String newLeader, long term) {
    leader = newLeader;
    notifyAll();
  }

  @Override
  public synchronized void roleChanged(Role newRole, long term) {
    role = newRole;
    notifyAll();
  }

  @Override
  public synchronized void storage(@Nullable StorageTrouble now) {
    trouble = now;
    troubled |= now != null;
    notifyAll();
  }

  @Override
  public synchronized void failed(Throwable cause) {
    failure = cause;
    notifyAll();
  }
}
