package io.trivet.daemon.effect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.daemon.loop.Lanes;
import io.trivet.daemon.systemd.Units;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.OnDisk;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentEffectsTest {
  private static final String UNIT = "mariadb.service";

  @TempDir private Path folder;

  private final BlockingQueue<String> ordered = new LinkedBlockingQueue<>();
  private final BlockingQueue<AgentEvent> answers = new LinkedBlockingQueue<>();
  private final AgentEffects effects =
      new AgentEffects(
          "c1",
          new Ordered(),
          new LocalSql("/nowhere/mysqld.sock", Duration.ofSeconds(1)),
          _ -> 0,
          new Lanes(),
          (_, answer) -> answers.add(answer),
          _ -> {});

  @Test
  void nothingAfterAFileThatCannotBeWrittenIsDone() throws Exception {
    Path taken = java.nio.file.Files.writeString(folder.resolve("taken"), "a file, not a folder");
    String config = taken.resolve("99-trivet.cnf").toString();
    effects.perform(
        "galera", List.of(file(config), new AgentEffect.StartUnit(UNIT), read("after", config)));
    AgentEvent.WriteFailed failed =
        assertInstanceOf(AgentEvent.WriteFailed.class, answers.poll(20, TimeUnit.SECONDS));
    assertEquals(config, failed.path());
    // The next step of the same resource begins after the first one has ended.
    effects.perform("galera", List.of(new AgentEffect.StopUnit(UNIT)));
    assertEquals("stop " + UNIT, ordered.poll(20, TimeUnit.SECONDS));
    assertEquals(List.of(), List.copyOf(answers));
  }

  @Test
  void aFileIsOnDiskBeforeTheNextEffectBegins() throws Exception {
    String config = folder.resolve("conf.d/99-trivet.cnf").toString();
    effects.perform(
        "galera", List.of(file(config), read("config", config), new AgentEffect.StartUnit(UNIT)));
    assertEquals(
        new AgentEvent.FileRead("config", new OnDisk.There<>("text\n")),
        answers.poll(20, TimeUnit.SECONDS));
    assertEquals("start " + UNIT, ordered.poll(20, TimeUnit.SECONDS));
  }

  @Test
  void eachHaproxyIsToldOnItsOwnSocket() throws Exception {
    try (Haproxy one = new Haproxy("haproxy.sock", "the first");
        Haproxy other = new Haproxy("haproxy-internal.sock", "the second")) {
      effects.perform("haproxy", List.of(one.tell("talk-1", "show servers state", "show info")));
      assertEquals(
          new AgentEvent.HaproxyDone(
              "talk-1", List.of("the first: show servers state", "the first: show info"), null),
          answers.poll(20, TimeUnit.SECONDS));
      effects.perform("haproxy-internal", List.of(other.tell("talk-1", "show info")));
      assertEquals(
          new AgentEvent.HaproxyDone("talk-1", List.of("the second: show info"), null),
          answers.poll(20, TimeUnit.SECONDS));
    }
  }

  @Test
  void aHaproxyThatDoesNotListenIsAnErrorOfItsOwn() throws Exception {
    String socket = folder.resolve("haproxy.sock").toString();
    effects.perform(
        "haproxy", List.of(new AgentEffect.Haproxy("talk-1", socket, List.of("show info"))));
    AgentEvent.HaproxyDone done =
        assertInstanceOf(AgentEvent.HaproxyDone.class, answers.poll(20, TimeUnit.SECONDS));
    assertEquals(List.of(), done.outputs());
    assertNotNull(done.error());
  }

  private AgentEffect.WriteFile file(String path) throws IOException {
    PosixFileAttributes mine =
        java.nio.file.Files.readAttributes(folder, PosixFileAttributes.class);
    String owner = mine.owner().getName() + ":" + mine.group().getName();
    return new AgentEffect.WriteFile(path, "text\n", "0644", owner);
  }

  private static AgentEffect.ReadFile read(String tag, String path) {
    return new AgentEffect.ReadFile(tag, path);
  }

  /// Notes what systemd is asked for.
  private final class Ordered implements Units {
    @Override
    public void start(String unit) {
      ordered.add("start " + unit);
    }

    @Override
    public void stop(String unit) {
      ordered.add("stop " + unit);
    }

    @Override
    public void kill(String unit) {
      ordered.add("kill " + unit);
    }

    @Override
    public void daemonReload() {
      ordered.add("reload");
    }

    @Override
    public long cpuNanos(String unit) {
      return 7;
    }
  }

  /// Answers on a runtime socket with its name and what it was asked.
  private final class Haproxy implements AutoCloseable {
    private final Path socket;
    private final ServerSocketChannel listener;

    Haproxy(String file, String name) throws IOException {
      socket = folder.resolve(file);
      listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      listener.bind(UnixDomainSocketAddress.of(socket));
      Thread.ofVirtual().start(() -> serve(name));
    }

    AgentEffect tell(String tag, String... commands) {
      return new AgentEffect.Haproxy(tag, socket.toString(), List.of(commands));
    }

    private void serve(String name) {
      while (listener.isOpen()) {
        try (SocketChannel client = listener.accept()) {
          ByteBuffer line = ByteBuffer.allocate(200);
          while (client.read(line) >= 0 && line.get(line.position() - 1) != '\n') {
            assertTrue(line.hasRemaining());
          }
          String asked = new String(line.array(), 0, line.position() - 1, StandardCharsets.UTF_8);
          Channels.newOutputStream(client)
              .write((name + ": " + asked).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
          // The test is over.
          return;
        }
      }
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
