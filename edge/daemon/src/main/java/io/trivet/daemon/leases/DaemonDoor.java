package io.trivet.daemon.leases;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where the daemon of this controller is let in: a Unix socket that only root may open. One daemon
/// at a time; the newest connection ends the one before it, which is that of a daemon that is gone.
final class DaemonDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DaemonDoor.class);

  private final ServerSocketChannel server;
  private final Path path;
  private final Facts facts;
  private final Consumer<ToLeases> listener;
  private final AtomicReference<@Nullable Line> current = new AtomicReference<>();

  private DaemonDoor(
      ServerSocketChannel server, Path path, Facts facts, Consumer<ToLeases> listener) {
    this.server = server;
    this.path = path;
    this.facts = facts;
    this.listener = listener;
  }

  /// Starts to listen. A socket left over by a process that was killed is replaced.
  ///
  /// @param listener hears what the daemon says, one message at a time
  static DaemonDoor open(Path path, Facts facts, Consumer<ToLeases> listener) throws IOException {
    Files.deleteIfExists(path);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    // The process has the umask 0077: there is no moment in which others could connect.
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    DaemonDoor door = new DaemonDoor(server, path, facts, listener);
    Thread.ofPlatform().daemon().name("door").start(door::acceptAll);
    return door;
  }

  @Override
  public void close() throws IOException {
    server.close();
    Line line = current.get();
    if (line != null) {
      line.close();
    }
    Files.deleteIfExists(path);
  }

  private void acceptAll() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        Line line = new Line(channel, "to-daemon");
        Line before = current.getAndSet(line);
        if (before != null) {
          before.close();
        }
        if (!server.isOpen()) {
          line.close(); // closed between the two: nobody else would
        }
        Thread.ofPlatform().daemon().name("from-daemon").start(() -> serve(line));
      } catch (IOException e) {
        if (server.isOpen()) {
          LOG.warn("The socket {} could not accept the daemon: {}", path, e.getMessage());
        }
      }
    }
  }

  private void serve(Line line) {
    Consumer<FromLeases> tell = fact -> line.send(LinkCodec.encode(fact));
    facts.listen(tell);
    try {
      while (true) {
        switch (LinkCodec.toLeases(line.receive())) {
          case LinkCodec.Decoded.Understood<ToLeases>(ToLeases message) -> {
            if (current.get() == line) {
              listener.accept(message);
            }
          }
          case LinkCodec.Decoded.Refused<ToLeases>(int offset, String reason) ->
              throw new IOException("not understood: byte " + offset + ": " + reason);
        }
      }
    } catch (IOException e) {
      LOG.info("The daemon's connection ended: {}", Line.why(e));
    } finally {
      facts.leave(tell);
      line.close();
    }
  }
}
