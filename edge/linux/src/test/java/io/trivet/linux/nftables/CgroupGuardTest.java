package io.trivet.linux.nftables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.cgroup.ControlGroups;
import io.trivet.linux.route.RouteSocket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The guard in a real kernel: processes in control groups of the test, which talk over loopback in
/// a network namespace of the test.
final class CgroupGuardTest {
  private static final long LONG_LEASE_MILLIS = 60_000;
  private static final String NAMESPACE = "trivet-cgroup-guard";
  private static final String TOP = "trivet-guard-test-" + ProcessHandle.current().pid();
  private static final String GUARDED = TOP + "/unit.slice";
  private static final String RUN = GUARDED + "/unit.service";
  private static final String OTHER = TOP + "/other.slice/other.service";

  private ControlGroups groups;
  private Path root;
  private NetworkNamespace namespace;
  private CgroupGuard guard;
  private long guarded;
  private long run;
  private final List<Talker> talkers = new ArrayList<>();

  @BeforeEach
  void guardedGroup() throws Exception {
    try {
      groups = ControlGroups.open();
      guarded = groups.ensure(GUARDED);
      run = groups.ensure(RUN);
      groups.ensure(OTHER);
      root = root();
      NetworkNamespace.delete(NAMESPACE);
      namespace = NetworkNamespace.ensure(NAMESPACE);
      try (RouteSocket route = RouteSocket.open(namespace)) {
        route.setUp("lo");
      }
      guard = CgroupGuard.open(namespace, "trivetunits");
      guard.install(2, List.of(guarded));
    } catch (IOException e) {
      Assumptions.abort("needs root, cgroup2 and nf_tables with socket: " + e.getMessage());
    }
  }

  @AfterEach
  void cleanUp() throws IOException {
    for (Talker talker : talkers) {
      talker.close();
    }
    if (guard != null) {
      guard.close();
      namespace.close();
      NetworkNamespace.delete(NAMESPACE);
    }
    for (String group : List.of(RUN + "/below", RUN, GUARDED, OTHER, TOP + "/other.slice", TOP)) {
      groups.remove(group);
    }
  }

  @Test
  void withoutALeaseNothingOfTheGroupIsHeard() throws Exception {
    assertFalse(talker(RUN).isHeard("127.0.0.1"));
    assertFalse(talker(RUN).isHeard("::1"));
    assertFalse(talker(GUARDED).isHeard("127.0.0.1"), "also right in the guarded group");
    assertTrue(talker(OTHER).isHeard("127.0.0.1"), "other groups are not touched");
    assertEquals(List.of(guarded), guard.guarded());
    assertEquals(List.of(), guard.lit());
  }

  @Test
  void aLeaseNeedsBothKeysAndEndsByItself() throws Exception {
    Talker talker = talker(RUN);
    guard.setKey(AddressGuard.Key.LEASED, List.of(run), LONG_LEASE_MILLIS);
    assertFalse(talker.isHeard("127.0.0.1"), "one key opens nothing");
    guard.setKey(AddressGuard.Key.CONFIRMED, List.of(run), 400);
    assertTrue(talker.isHeard("127.0.0.1"));
    assertTrue(talker.isHeard("::1"));
    long deadline = System.nanoTime() + 5_000_000_000L;
    while (talker.isHeard("127.0.0.1")) {
      assertTrue(System.nanoTime() < deadline, "the second key has ended long ago");
    }
    assertEquals(List.of(), guard.lit());
    guard.setKey(AddressGuard.Key.CONFIRMED, List.of(run), LONG_LEASE_MILLIS);
    assertTrue(talker.isHeard("127.0.0.1"), "a renewed lease counts again");
    guard.revoke(List.of(run));
    guard.revoke(List.of(run));
    assertFalse(talker.isHeard("127.0.0.1"));
  }

  @Test
  void childrenAndConnectionsThatStandAreSilencedToo() throws Exception {
    lease();
    groups.ensure(RUN + "/below");
    Talker below = talker(RUN + "/below");
    assertTrue(below.isHeard("127.0.0.1"));
    assertTrue(below.isConnected());
    assertTrue(below.isHeardOnItsConnection());
    guard.revokeAll();
    assertFalse(below.isHeard("127.0.0.1"));
    assertFalse(below.isHeardOnItsConnection());
  }

  @Test
  void aGroupMadeAnewIsSilentThoughTheOneBeforeHasALease() throws Exception {
    lease();
    talker(RUN).close();
    talkers.clear();
    groups.remove(RUN);
    long again = groups.ensure(RUN);
    assertTrue(again != run, "numbers are not used again");
    Talker next = talker(RUN);
    assertFalse(next.isHeard("127.0.0.1"));
    guard.setKey(AddressGuard.Key.LEASED, List.of(again), LONG_LEASE_MILLIS);
    guard.setKey(AddressGuard.Key.CONFIRMED, List.of(again), LONG_LEASE_MILLIS);
    assertTrue(next.isHeard("127.0.0.1"));
  }

  @Test
  void killingAGroupEndsAllOfIt() throws Exception {
    Talker talker = talker(RUN);
    assertTrue(groups.populated(RUN));
    groups.kill(RUN);
    talker.process.waitFor();
    assertFalse(groups.populated(RUN));
    groups.kill(TOP + "/nothing");
  }

  @Test
  void aGuardThatWasTakenAwayIsSaidAndComesBack() throws Exception {
    lease();
    guard.install(2, List.of(guarded));
    assertEquals(1, guard.lit().size(), "installing again ends no lease");
    guard.remove();
    ErrnoException gone = assertThrows(ErrnoException.class, () -> guard.revoke(List.of(run)));
    assertEquals(Errno.ENOENT, gone.errno());
    assertThrows(
        LinuxException.class,
        () -> guard.setKey(AddressGuard.Key.LEASED, List.of(run), LONG_LEASE_MILLIS));
    assertTrue(talker(RUN).isHeard("127.0.0.1"), "nothing guards it now");
    guard.install(2, List.of(guarded));
    assertFalse(talker(RUN).isHeard("127.0.0.1"));
  }

  private void lease() throws LinuxException {
    guard.setKey(AddressGuard.Key.LEASED, List.of(run), LONG_LEASE_MILLIS);
    guard.setKey(AddressGuard.Key.CONFIRMED, List.of(run), LONG_LEASE_MILLIS);
  }

  private Talker talker(String group) throws IOException {
    Talker talker = new Talker(root.resolve(group));
    talkers.add(talker);
    return talker;
  }

  private static Path root() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      if (line.contains(" - cgroup2 ")) {
        return Path.of(line.split(" ")[4]);
      }
    }
    throw new IOException("no cgroup2");
  }

  /// A process in a control group: a shell with a UDP or TCP socket of its own for each word that
  /// it is given.
  private static final class Talker {
    private static final String SCRIPT =
        """
        use strict; use Socket qw(:all); use IO::Handle; $| = 1;
        my ($near, $far);
        sub reads { my $socket = shift; my $bits = ""; vec($bits, fileno($socket), 1) = 1;
          return select($bits, undef, undef, 0.1) > 0 }
        print "ready\n";
        while (my $line = <STDIN>) {
          my $heard = eval {
            my ($word, $address) = split " ", $line;
            if ($word eq "udp") {
              my $v6 = $address =~ /:/;
              socket(my $s, $v6 ? AF_INET6 : AF_INET, SOCK_DGRAM, 0) or die;
              my $ip = inet_pton($v6 ? AF_INET6 : AF_INET, $address);
              bind($s, $v6 ? pack_sockaddr_in6(0, $ip) : pack_sockaddr_in(0, $ip)) or die;
              defined(send($s, "x", 0, getsockname($s))) or die;
              reads($s) or die;
            } elsif ($word eq "connect") {
              socket(my $l, AF_INET, SOCK_STREAM, 0) or die;
              bind($l, pack_sockaddr_in(0, INADDR_LOOPBACK)) or die;
              listen($l, 1) or die;
              socket($near, AF_INET, SOCK_STREAM, 0) or die;
              connect($near, getsockname($l)) or die;
              accept($far, $l) or die;
            } else {
              defined(send($near, "x", 0)) or die;
              reads($far) or die;
              sysread($far, my $octet, 1);
            }
            1;
          };
          print $heard ? "heard\n" : "silent\n";
        }
        """;

    final Process process;
    private final Writer words;
    private final BufferedReader answers;

    Talker(Path group) throws IOException {
      process =
          new ProcessBuilder("nsenter", "--net=/run/netns/" + NAMESPACE, "perl", "-e", SCRIPT)
              .redirectErrorStream(true)
              .start();
      words = process.outputWriter(StandardCharsets.UTF_8);
      answers = process.inputReader(StandardCharsets.UTF_8);
      assertEquals("ready", answers.readLine());
      Files.writeString(group.resolve("cgroup.procs"), Long.toString(process.pid()));
    }

    boolean isHeard(String address) throws IOException {
      return ask("udp " + address);
    }

    boolean isConnected() throws IOException {
      return ask("connect");
    }

    boolean isHeardOnItsConnection() throws IOException {
      return ask("stream");
    }

    private boolean ask(String word) throws IOException {
      words.write(word + "\n");
      words.flush();
      return "heard".equals(answers.readLine());
    }

    void close() {
      process.destroyForcibly();
      process.onExit().join();
    }
  }
}
