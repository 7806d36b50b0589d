package io.trivet.daemon.effect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.services.agent.AgentEvent;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What does not answer is given up in time, and leaves nothing behind.
@Timeout(60)
class HangingTest {
  @TempDir private Path folder;

  /// The kernel takes the connection for a server that is stopped.
  @Test
  void aDatabaseThatSaysNothing() throws Exception {
    Path path = folder.resolve("mysqld.sock");
    try (ServerSocketChannel silent = listening(path);
        LocalSql sql = new LocalSql(path.toString(), Duration.ofMillis(1_500))) {
      for (int i = 0; i < 3; i++) {
        assertEquals(
            AgentEvent.NO_ANSWER,
            assertThrows(SQLException.class, () -> sql.run(List.of("SELECT 1"))).getMessage());
      }
      // Whoever connected has closed its end: nobody waits for ever. The first one may have been
      // too slow to get that far.
      silent.configureBlocking(false);
      int connected = 0;
      for (SocketChannel client = silent.accept(); client != null; client = silent.accept()) {
        connected++;
        assertEquals(-1, client.read(ByteBuffer.allocate(1)));
        client.close();
      }
      assertTrue(connected > 0);
    }
  }

  @Test
  void aLoadBalancerThatSaysNothing() throws Exception {
    Path path = folder.resolve("haproxy.sock");
    try (ServerSocketChannel silent = listening(path)) {
      assertTrue(silent.isOpen());
      assertEquals(AgentEvent.NO_ANSWER, why(path));
    }
    assertFalse(why(path).equals(AgentEvent.NO_ANSWER), "nobody listens: that is known at once");
  }

  @Test
  void aToolIsKilledWithAllThatItStarted() throws Exception {
    Path pids = folder.resolve("pids");
    // The one in between ends, so the last one is nobody's descendant.
    String script =
        "(sh -c 'echo $$ >> " + pids + "; exec sleep 600' &) ; echo $$ >> " + pids + "; sleep 600";
    ToolRun.Result result = ToolRun.run(List.of("/bin/sh", "-c", script), millis(2_000));
    assertEquals(ToolRun.TIMED_OUT, result.exitCode());
    List<String> started = Files.readAllLines(pids);
    assertEquals(2, started.size());
    for (String pid : started) {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(p -> p.onExit().join());
    }
  }

  /// Whoever it left behind keeps the pipe open.
  @Test
  void whatAToolLeavesBehindHoldsUpNobody() {
    ToolRun.Result result =
        ToolRun.run(List.of("/bin/sh", "-c", "sleep 20 & echo done"), millis(15_000));
    assertEquals(0, result.exitCode());
  }

  @Test
  void aToolSaysWhatItSays() {
    ToolRun.Result result =
        ToolRun.run(List.of("/bin/sh", "-c", "echo out; echo err >&2; exit 3"), millis(15_000));
    assertEquals(new ToolRun.Result(3, "out\n", "err\n"), result);
  }

  private static String why(Path socket) {
    return String.valueOf(
        assertThrows(
                IOException.class,
                () -> HaproxyRuntime.run(socket, List.of("show info"), millis(200)))
            .getMessage());
  }

  private static ServerSocketChannel listening(Path path) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    return listener.bind(UnixDomainSocketAddress.of(path));
  }

  private static long millis(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
