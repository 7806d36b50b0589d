package io.trivet.consensus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Measures three members in three processes on loopback. Not a test: run it by hand.
///
/// ```
/// java -cp ... io.trivet.consensus.BenchThreeProcesses ELECTION_MIN_MILLIS KILLS DIRECTORY
/// ```
///
/// Prints commit times on the leader, how much later followers apply, memory and CPU of idle
/// members, and the time from SIGKILL of the leader to a new ready leader. Times of different
/// processes are compared by CLOCK_MONOTONIC.
final class BenchThreeProcesses {
  private static final int IDLE_SECONDS = 30;

  private final int electionMin;
  private final Path root;
  private final String members;
  private final Map<String, Member> running = new TreeMap<>();
  private final Map<Long, Long> committed = new ConcurrentHashMap<>();
  private final List<Double> followerLag = new ArrayList<>();
  private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();

  private final class Member {
    final String name;
    final Process process;
    final Writer in;
    final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    final Map<Long, Long> applied = new ConcurrentHashMap<>();

    Member(String name) throws IOException {
      this.name = name;
      List<String> command =
          new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
      command.addAll(
          List.of(
              "--sun-misc-unsafe-memory-access=allow",
              "-XX:+UseSerialGC",
              "-Xms16m",
              "-Xmx64m",
              "-Xss512k",
              "-XX:TieredStopAtLevel=1",
              "-XX:ReservedCodeCacheSize=32m",
              "-cp",
              System.getProperty("java.class.path"),
              "io.trivet.consensus.BenchMember",
              name,
              Integer.toString(electionMin),
              members,
              root.toString()));
      process =
          new ProcessBuilder(command).redirectError(root.resolve(name + ".log").toFile()).start();
      in = process.outputWriter(StandardCharsets.UTF_8);
      Thread.ofVirtual().start(this::read);
    }

    private void read() {
      try (var reader =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          String[] words = line.split(" ");
          switch (words[0]) {
            case "APPLIED" -> applied.put(Long.parseLong(words[1]), Long.parseLong(words[2]));
            case "ROLE" -> events.add(name + " " + line);
            case "LEADER" -> {}
            default -> lines.add(line);
          }
        }
      } catch (IOException e) {
        lines.add("GONE");
      }
    }

    void order(String line) throws IOException {
      in.write(line + "\n");
      in.flush();
    }
  }

  private BenchThreeProcesses(int electionMin, Path root) throws IOException {
    this.electionMin = electionMin;
    this.root = root;
    List<String> list = new ArrayList<>();
    for (String name : List.of("a", "b", "c")) {
      list.add(name + "=127.0.0.1:" + TestPki.freePort());
    }
    members = String.join(",", list);
  }

  public static void main(String[] arguments) throws Exception {
    Path root = Files.createDirectories(Path.of(arguments[2]));
    new TestPki(root.resolve("pki"));
    BenchThreeProcesses bench = new BenchThreeProcesses(Integer.parseInt(arguments[0]), root);
    try {
      bench.run(Integer.parseInt(arguments[1]));
    } finally {
      bench.running.values().forEach(member -> member.process.destroyForcibly());
    }
  }

  private void run(int kills) throws Exception {
    for (String name : List.of("a", "b", "c")) {
      running.put(name, new Member(name));
    }
    String leader = awaitLeader(30_000).name;
    // Warm every member as a leader.
    for (String name : List.of("a", "b", "c", "a", "b", "c")) {
      commits(leader, 30);
      if (!name.equals(leader)) {
        require(running.get(leader)).order("transfer " + name);
        leader = awaitLeader(10_000).name;
      }
    }
    followerLag.clear();
    print("commit ms (300 bytes)", commits(leader, 150));
    print("follower applies later than the leader's commit, ms", followerLag);
    idle();
    List<Double> outages = new ArrayList<>();
    for (int i = 0; i < kills; i++) {
      outages.add(kill(leader));
      leader = lastLeader;
      running.put(killed, new Member(killed));
      BenchMember.pace(4_000);
      commits(leader, 5);
    }
    print("SIGKILL of the leader to a new ready leader, ms", outages);
    idle();
  }

  private String killed = "";
  private String lastLeader = "";

  private record Elected(String name, long nanos) {}

  private double kill(String leader) throws Exception {
    events.clear();
    killed = leader;
    long start = System.nanoTime();
    require(running.get(leader)).process.destroyForcibly();
    Elected elected = awaitLeader(20_000);
    lastLeader = elected.name;
    return (elected.nanos - start) / 1e6;
  }

  private Elected awaitLeader(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    while (System.nanoTime() < end) {
      String event = events.poll(100, TimeUnit.MILLISECONDS);
      if (event != null) {
        String[] words = event.split(" ");
        if (words[2].equals("LEADER") && !words[0].equals(killedNow())) {
          return new Elected(words[0], Long.parseLong(words[4]));
        }
      }
    }
    throw new IllegalStateException("no leader within " + millis + " ms");
  }

  private String killedNow() {
    Member member = running.get(killed);
    return member != null && !member.process.isAlive() ? killed : "";
  }

  private List<Double> commits(String leader, int count) throws Exception {
    Member member = require(running.get(leader));
    member.order("propose " + count);
    List<Double> times = new ArrayList<>();
    for (String line = member.lines.poll(30, TimeUnit.SECONDS);
        line != null;
        line = member.lines.poll(30, TimeUnit.SECONDS)) {
      if (line.equals("PROPOSED")) {
        break;
      }
      String[] words = line.split(" ");
      if (words[0].equals("COMMIT")) {
        times.add((Long.parseLong(words[3]) - Long.parseLong(words[2])) / 1e6);
        committed.put(Long.parseLong(words[1]), Long.parseLong(words[3]));
      }
    }
    BenchMember.pace(400);
    for (Member other : running.values()) {
      if (!other.name.equals(leader)) {
        committed.forEach(
            (index, nanos) -> {
              Long applied = other.applied.get(index);
              if (applied != null) {
                followerLag.add((applied - nanos) / 1e6);
              }
            });
      }
    }
    committed.clear();
    return times;
  }

  private void idle() throws Exception {
    Map<String, Double> before = new TreeMap<>();
    for (Member member : running.values()) {
      before.put(member.name, cpuSeconds(member));
    }
    BenchMember.pace(IDLE_SECONDS * 1000L);
    for (Member member : running.values()) {
      double used = cpuSeconds(member) - before.getOrDefault(member.name, 0.0);
      Path status = Path.of("/proc/" + member.process.pid() + "/status");
      String rss =
          Files.readAllLines(status).stream()
              .filter(l -> l.startsWith("VmRSS") || l.startsWith("Threads"))
              .map(l -> l.replaceAll("\\s+", " "))
              .toList()
              .toString();
      System.out.printf(
          "idle %s: %.2f %% of a core, %s%n", member.name, 100 * used / IDLE_SECONDS, rss);
    }
  }

  private static double cpuSeconds(Member member) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + member.process.pid() + "/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
  }

  private static Member require(Member member) {
    if (member == null) {
      throw new IllegalStateException("no such member");
    }
    return member;
  }

  private static void print(String what, List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      System.out.println(what + ": none");
      return;
    }
    System.out.printf(
        "%s: n=%d p50=%.1f p90=%.1f max=%.1f%n",
        what,
        sorted.length,
        sorted[sorted.length / 2],
        sorted[(int) (sorted.length * 0.9)],
        Arrays.stream(sorted).max().orElse(0));
  }
}
