package io.trivet.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.linux.route.Link;
import io.trivet.linux.route.RouteSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NetworkNamespaceTest {
  private final String name = "tlx-" + ProcessHandle.current().pid();

  @BeforeEach
  void possible() {
    TwoHosts.assumePossible();
  }

  @AfterEach
  void cleanUp() throws LinuxException {
    NetworkNamespace.delete(name);
  }

  @Test
  void aNamedNamespaceIsMadeOnceAndDeleted() throws Exception {
    assertFalse(NetworkNamespace.exists(name));
    try (NetworkNamespace made = NetworkNamespace.create(name)) {
      assertTrue(NetworkNamespace.exists(name));
      assertTrue(NetworkNamespace.names().contains(name));
      ErrnoException taken =
          assertThrows(ErrnoException.class, () -> NetworkNamespace.create(name));
      assertEquals(Errno.EEXIST, taken.errno());
      assertEquals(List.of("lo"), linkNames(made));
    }
    try (NetworkNamespace again = NetworkNamespace.ensure(name)) {
      assertEquals(List.of("lo"), linkNames(again));
    }
    NetworkNamespace.delete(name);
    assertFalse(NetworkNamespace.exists(name));
    NetworkNamespace.delete(name);
  }

  @Test
  void aNameLeftBehindByACrashIsMadeGood() throws Exception {
    Files.createDirectories(NetworkNamespace.DIRECTORY);
    Path file = Files.createFile(NetworkNamespace.DIRECTORY.resolve(name));
    try (NetworkNamespace made = NetworkNamespace.ensure(name)) {
      assertEquals(List.of("lo"), linkNames(made));
    }
    assertTrue(Files.exists(file));
  }

  @Test
  void whatRunsInsideReturnsAndTheThreadComesBack() throws Exception {
    String home = Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    try (NetworkNamespace namespace = NetworkNamespace.createUnnamed()) {
      String inside = namespace.run(NetworkNamespaceTest::threadNamespace);
      assertFalse(inside.equals(home));
      IllegalArgumentException thrown =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  namespace.run(
                      () -> {
                        throw new IllegalArgumentException("from inside");
                      }));
      assertEquals("from inside", thrown.getMessage());
      assertThrows(IllegalStateException.class, () -> namespace.run(() -> namespace.run(() -> 1)));
      try (NetworkNamespace current = NetworkNamespace.current()) {
        assertEquals(home, current.run(NetworkNamespaceTest::threadNamespace));
      }
      assertEquals(home, threadNamespace());
    }
  }

  @Test
  void parametersAreThoseOfTheNamespace() throws Exception {
    try (NetworkNamespace one = NetworkNamespace.createUnnamed();
        NetworkNamespace other = NetworkNamespace.createUnnamed()) {
      Sysctl.write(one, "net.ipv4.ip_nonlocal_bind", "1");
      assertEquals("1", Sysctl.read(one, "net.ipv4.ip_nonlocal_bind"));
      assertEquals("0", Sysctl.read(other, "net.ipv4.ip_nonlocal_bind"));
      ErrnoException missing =
          assertThrows(
              ErrnoException.class, () -> Sysctl.write(one, "net.ipv4.no_such_thing", "1"));
      assertEquals(Errno.ENOENT, missing.errno());
      assertThrows(
          IllegalArgumentException.class, () -> Sysctl.read(one, "net/../kernel/hostname"));
    }
  }

  @Test
  void warmingUpLeavesNothing() throws Exception {
    List<String> before = NetworkNamespace.names();
    WarmUp.run();
    assertEquals(before, NetworkNamespace.names());
  }

  private static String threadNamespace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")).toString();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<String> linkNames(NetworkNamespace namespace) throws LinuxException {
    try (RouteSocket route = RouteSocket.open(namespace)) {
      return route.links().stream().map(Link::name).toList();
    }
  }
}
