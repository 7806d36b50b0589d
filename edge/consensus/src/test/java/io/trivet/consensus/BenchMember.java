package io.trivet.consensus;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One member in a process of its own, driven over stdin by [BenchThreeProcesses]; also good to
/// look at RSS and idle CPU.
final class BenchMember implements Listener {
  private volatile long lastIndex = -1;

  public static void main(String[] arguments) throws Exception {
    String self = arguments[0];
    int min = Integer.parseInt(arguments[1]);
    TreeMap<String, String> members = new TreeMap<>();
    for (String member : arguments[2].split(",")) {
      members.put(
          member.substring(0, member.indexOf('=')), member.substring(member.indexOf('=') + 1));
    }
    Path root = Path.of(arguments[3]);
    Tls tls = new TestPki(root.resolve("pki")).member(self);
    BenchMember listener = new BenchMember();
    Settings settings = new Settings(self, members, root.resolve(self), min, 2 * min, tls);
    try (ReplicatedLog log = ReplicatedLog.open(settings, listener)) {
      say("OPEN");
      listener.obey(log);
    }
  }

  private void obey(ReplicatedLog log) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "propose" -> propose(log, Integer.parseInt(words[1]));
        case "transfer" ->
            say(
                "TRANSFER "
                    + log.transferLeadership(words[1]).handle((ok, error) -> error == null).get());
        case "quorum" -> say("QUORUM " + log.hasQuorum());
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  private void propose(ReplicatedLog log, int count) throws Exception {
    byte[] entry = new byte[300];
    Arrays.fill(entry, (byte) 'x');
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      long index = log.propose(entry).get();
      say("COMMIT " + index + " " + start + " " + System.nanoTime());
      pace(37);
    }
    say("PROPOSED");
  }

  /// Entries come one by one, as from an operator, so that commits are not measured in batches.
  static void pace(long millis) throws InterruptedException {
    new Semaphore(0).tryAcquire(millis, TimeUnit.MILLISECONDS);
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  @Override
  public void applied(long index, long term, byte[] entry) {
    lastIndex = index;
    say("APPLIED " + index + " " + System.nanoTime());
  }

  @Override
  public byte[] snapshot() {
    return Long.toString(lastIndex).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void restore(byte[] snapshot) {
    lastIndex = Long.parseLong(new String(snapshot, StandardCharsets.UTF_8));
  }

  @Override
  public void leaderChanged(@Nullable String leader, long term) {
    say("LEADER " + leader + " " + term + " " + System.nanoTime());
  }

  @Override
  public void roleChanged(Role role, long term) {
    say("ROLE " + role + " " + term + " " + System.nanoTime());
  }

  @Override
  public void storage(@org.jspecify.annotations.Nullable StorageTrouble trouble) {
    // The benchmark has room.
  }

  @Override
  public void failed(Throwable cause) {
    say("FAILED " + cause);
  }
}
