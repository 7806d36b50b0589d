package io.trivet.linux.process;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.ffi.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessTest {
  @Test
  void systemdHearsFromTheService(@TempDir Path folder) throws Exception {
    for (String name :
        new String[] {
          folder.resolve("notify").toString(), "@trivet-test-" + ProcessHandle.current().pid()
        }) {
      try (Arena arena = Arena.ofConfined()) {
        int listener = listen(arena, name);
        try (ServiceNotifier notifier = ServiceNotifier.open(name)) {
          assertTrue(notifier.connected());
          notifier.ready("first line\nsecond line");
          assertEquals("READY=1\nSTATUS=first line second line", received(arena, listener));
          notifier.watchdog();
          assertEquals("WATCHDOG=1", received(arena, listener));
        } finally {
          Libc.close(listener);
        }
      }
    }
  }

  @Test
  void withoutSystemdNothingIsSaid() throws Exception {
    try (ServiceNotifier notifier = ServiceNotifier.open(null)) {
      assertFalse(notifier.connected());
      notifier.watchdog();
    }
    assertThrows(ErrnoException.class, () -> ServiceNotifier.open("not-a-path"));
    try (ServiceNotifier nobody = ServiceNotifier.open("/nonexistent/notify")) {
      assertThrows(ErrnoException.class, nobody::watchdog);
    }
  }

  @Test
  void aSuspensionIsSeenAndAPreemptionIsNot() {
    long[] readings = {
      100, 600, 700, // asleep before: between 500 - 100 and 500
      1_000, 1_500, 9_000, // preempted after the second reading
      10_000, 60_000,
          60_001, // preempted after the first, and boot time goes on with it: not asleep
      61_000, 161_500, 61_600, // 100,000 asleep
      62_000, 162_500, 62_500
    };
    int[] at = new int[1];
    SuspendWatch watch = new SuspendWatch(() -> readings[at[0]++], () -> readings[at[0]++]);
    assertEquals(0, watch.suspensions());
    assertEquals(0, watch.suspensions());
    assertEquals(1, watch.suspensions());
    assertEquals(1, watch.suspensions());
    assertEquals(0, new SuspendWatch().suspensions());
  }

  @Test
  void theRawClockGoesOn() {
    long first = RawClock.nanos();
    long began = System.nanoTime();
    while (System.nanoTime() - began < 20_000_000L) {
      Thread.onSpinWait();
    }
    long passed = RawClock.nanos() - first;
    assertTrue(passed > 15_000_000L, passed + " ns");
  }

  @Test
  void theBootClockGoesOn() throws Exception {
    double uptime = Double.parseDouble(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
    long now = BootClock.nanos();
    assertTrue(Math.abs(now / 1e9 - uptime) < 5, now + " against " + uptime);
    assertTrue(BootClock.nanos() >= now);
  }

  /// Policy of a thread as the kernel says it, field 41 of its `stat`: 0 ordinary, 2 round robin.
  private static String policy(int thread) throws IOException {
    String stat = Files.readString(Path.of("/proc/self/task/" + thread + "/stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[38];
  }

  @Test
  void onlyTheThreadsThatAreNamedBecomeRealTimeOnes() throws Exception {
    CompletableFuture<Integer> id = new CompletableFuture<>();
    CountDownLatch looked = new CountDownLatch(1);
    Thread named =
        Thread.ofPlatform()
            .name("rr-by-name")
            .start(
                () -> {
                  id.complete(CurrentThread.id());
                  try {
                    looked.await();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    int thread = id.get();
    String ordinary = policy(thread);
    Optional<Errno> refused = ProcessThreads.roundRobin(1, "rr-by-name"::equals);
    assertEquals(refused.isEmpty() ? "2" : ordinary, policy(thread), refused.toString());
    assertEquals(ordinary, policy(CurrentThread.id()));
    assertEquals(Optional.empty(), ProcessThreads.roundRobin(1, name -> false));
    looked.countDown();
    named.join();
  }

  @Test
  void aThreadIsARealTimeOneOnlyWhileItIsUrgent() throws Exception {
    CompletableFuture<List<String>> seen = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                int id = CurrentThread.id();
                boolean refused = CurrentThread.roundRobin(1).isPresent();
                String urgent = policyNumber(id);
                CurrentThread.ordinary();
                seen.complete(List.of(refused ? "2" : urgent, policyNumber(id)));
              } catch (IOException e) {
                seen.completeExceptionally(e);
              }
            });
    assertEquals(List.of("2", "0"), seen.get());
  }

  /// Without the flag that threads started from it are ordinary ones.
  private static String policyNumber(int thread) throws IOException {
    return Integer.toString(Integer.parseInt(policy(thread)) & ~0x40000000);
  }

  @Test
  void signalsReachOneProcess() throws Exception {
    Process child = new ProcessBuilder("sleep", "60").start();
    int pid = (int) child.pid();
    assertTrue(Signals.exists(pid));
    assertTrue(Signals.send(pid, Signals.Signal.KILL));
    assertTrue(child.waitFor(5, TimeUnit.SECONDS));
    assertEquals(137, child.exitValue());
    assertFalse(Signals.send(pid, Signals.Signal.TERM));
    assertThrows(IllegalArgumentException.class, () -> Signals.send(-1, Signals.Signal.TERM));
    assertThrows(IllegalArgumentException.class, () -> Signals.send(0, Signals.Signal.TERM));
  }

  @Test
  void schedulingIsAskedForAndARefusalIsAnAnswer() throws Exception {
    String[] policy = new String[1];
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  boolean done = CurrentThread.roundRobin(1).isEmpty();
                  policy[0] = done ? schedulingPolicy() : "refused";
                  CurrentThread.nice(-5).ifPresent(errno -> assertTrue(errno.value() > 0));
                });
    thread.join();
    assertTrue(policy[0].equals("2") || policy[0].equals("refused"), policy[0]);
    Memory.lock(false).ifPresent(errno -> assertTrue(errno.value() > 0));
  }

  /// Field 41 of /proc/PID/stat is the policy; the name in field 2 may contain blanks.
  private static String schedulingPolicy() {
    try {
      String stat = Files.readString(Path.of("/proc/thread-self/stat"));
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[38];
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static int listen(Arena arena, String name) throws ErrnoException {
    int fd = ErrnoException.check(Libc.socket(1, 2 | 0x80000, 0), "listen");
    byte[] octets = name.getBytes(StandardCharsets.UTF_8);
    boolean isAbstract = octets[0] == '@';
    MemorySegment address = arena.allocate(110, 2);
    address.set(JAVA_SHORT, 0, (short) 1);
    MemorySegment.copy(octets, 0, address, JAVA_BYTE, 2, octets.length);
    if (isAbstract) {
      address.set(JAVA_BYTE, 2, (byte) 0);
    }
    ErrnoException.check(
        Libc.bind(fd, address, 2 + octets.length + (isAbstract ? 0 : 1)), "bind " + name);
    return fd;
  }

  private static String received(Arena arena, int fd) throws ErrnoException {
    MemorySegment buffer = arena.allocate(512);
    int length =
        ErrnoException.check(
            Libc.recvfrom(fd, buffer, 512, 0x40, MemorySegment.NULL, MemorySegment.NULL),
            "receive");
    byte[] octets = new byte[length];
    MemorySegment.copy(buffer, JAVA_BYTE, 0, octets, 0, length);
    return new String(octets, StandardCharsets.UTF_8);
  }
}
