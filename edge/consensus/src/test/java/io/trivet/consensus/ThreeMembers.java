package io.trivet.consensus;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Three members in one process, with mutual TLS on loopback.
final class ThreeMembers implements AutoCloseable {
  static final List<String> NAMES = List.of("a", "b", "c");

  record Member(ReplicatedLog log, Recorder told) {}

  final Map<String, Member> open = new TreeMap<>();
  final Path root;
  private final int snapshotEntries;
  private final TestPki pki;
  private final TreeMap<String, String> addresses = new TreeMap<>();

  ThreeMembers(Path root, int snapshotEntries) throws Exception {
    this.root = root;
    this.snapshotEntries = snapshotEntries;
    this.pki = new TestPki(root.resolve("pki"));
    for (String name : NAMES) {
      addresses.put(name, "127.0.0.1:" + TestPki.freePort());
    }
  }

  void startAll() throws Exception {
    for (String name : NAMES) {
      start(name);
    }
  }

  Member start(String name) throws Exception {
    return start(name, pki.member(name));
  }

  Member start(String name, Tls tls) throws IOException {
    return start(name, tls, new Recorder());
  }

  /// With a snapshot that takes longer to restore than the log waits before it opens again.
  Member startSlowly(String name) throws Exception {
    return start(name, pki.member(name), new Recorder(2_500));
  }

  private Member start(String name, Tls tls, Recorder told) throws IOException {
    Settings settings =
        new Settings(name, addresses, root.resolve(name), 300, 600, snapshotEntries, tls);
    Member member = new Member(ReplicatedLog.open(settings, told), told);
    open.put(name, member);
    return member;
  }

  void stop(String name) throws IOException {
    Member member = open.remove(name);
    if (member != null) {
      member.log.close();
    }
  }

  Member member(String name) {
    Member member = open.get(name);
    if (member == null) {
      throw new AssertionError(name + " is not open");
    }
    return member;
  }

  int port(String name) {
    String address = addresses.getOrDefault(name, "");
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  /// Waits until the open members agree on a leader that is ready, and names it.
  String awaitLeader() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (System.nanoTime() < end) {
      for (Map.Entry<String, Member> entry : open.entrySet()) {
        if (entry.getValue().log.role() == Role.LEADER) {
          return entry.getKey();
        }
      }
      lookAgainSoon();
    }
    StringBuilder roles = new StringBuilder();
    open.forEach(
        (name, member) ->
            roles
                .append("; ")
                .append(name)
                .append(' ')
                .append(member.log.role())
                .append(" term ")
                .append(member.log.term())
                .append(", storage ")
                .append(member.told.trouble()));
    throw new AssertionError("no leader within 30 s" + roles);
  }

  /// Gives the members the processor for a moment: a test that spins takes half of a small machine
  /// from them, and then no election ends in time.
  synchronized void lookAgainSoon() throws InterruptedException {
    TimeUnit.MILLISECONDS.timedWait(this, 10);
  }

  /// Proposes on whoever leads, again when the leader changes meanwhile.
  void propose(String text) throws Exception {
    for (int attempt = 0; attempt < 20; attempt++) {
      Member leader = member(awaitLeader());
      try {
        leader.log.propose(text.getBytes(StandardCharsets.UTF_8)).get(20, TimeUnit.SECONDS);
        return;
      } catch (java.util.concurrent.ExecutionException e) {
        if (!(e.getCause() instanceof NotLeader refused) || refused.mayStillApply()) {
          throw e;
        }
      }
    }
    throw new AssertionError("no leader took " + text);
  }

  void awaitEntries(int count) throws InterruptedException {
    for (Member member : open.values()) {
      member.told.await(count + " entries", told -> told.entries().size() >= count);
    }
  }

  /// All at the same time: each waits for two seconds until its event loops are quiet.
  void stopAll() {
    List<Member> members = List.copyOf(open.values());
    open.clear();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Member member : members) {
        var _ =
            threads.submit(
                () -> {
                  member.log.close();
                  return null;
                });
      }
    }
  }

  @Override
  public void close() {
    stopAll();
  }
}
