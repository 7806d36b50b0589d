package io.trivet.daemon.peer;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Remembers what a channel told; tests wait on it.
final class Heard implements PeerListener {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final List<byte[]> messages = new ArrayList<>();
  private final List<Long> delays = new ArrayList<>();
  private final Map<String, Integer> connected = new TreeMap<>();
  private final Map<String, Integer> disconnected = new TreeMap<>();
  private String lastReason = "";
  private boolean held;

  @Override
  public synchronized void arrived(String peer, byte kind, byte[] body) {
    if (body.length >= 8) {
      delays.add(System.nanoTime() - ByteBuffer.wrap(body).getLong(0));
    }
    messages.add(body);
    notifyAll();
    boolean interrupted = false;
    while (held) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void connected(String peer) {
    connected.merge(peer, 1, Integer::sum);
    notifyAll();
  }

  @Override
  public synchronized void disconnected(String peer, String why) {
    disconnected.merge(peer, 1, Integer::sum);
    lastReason = why;
    notifyAll();
  }

  /// From now on the reading thread sleeps in the callback, until [#goOn].
  synchronized void holdUp() {
    held = true;
  }

  synchronized void goOn() {
    held = false;
    notifyAll();
  }

  void awaitConnected(String peer, int times) throws InterruptedException {
    await("connection " + times + " to " + peer, it -> it.connected.getOrDefault(peer, 0) >= times);
  }

  void awaitDisconnected(String peer, int times) throws InterruptedException {
    await("end " + times + " of " + peer, it -> it.disconnected.getOrDefault(peer, 0) >= times);
  }

  void awaitMessages(int count) throws InterruptedException {
    await(count + " messages", it -> it.messages.size() >= count);
  }

  synchronized void await(String what, Predicate<Heard> condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.test(this)) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError("not within 20 s: " + what);
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  synchronized byte[] message(int at) {
    return messages.get(at);
  }

  synchronized int messages() {
    return messages.size();
  }

  synchronized boolean contains(byte[] wanted) {
    return messages.stream().anyMatch(message -> Arrays.equals(message, wanted));
  }

  synchronized boolean everConnected() {
    return !connected.isEmpty();
  }

  synchronized String lastReason() {
    return lastReason;
  }

  synchronized long[] delaysNanos() {
    return delays.stream().mapToLong(Long::longValue).toArray();
  }
}
