package io.trivet.daemon.control;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens on a Unix domain socket and hands each request to the handler, on a virtual thread of
/// its caller. The handler may block; the next request of the same caller is read when it returns.
///
/// Hostile callers cost little: a request is at most 1 MiB, at most 64 callers are served at once,
/// and a line that is not a request is refused in words. The file's mode lets everybody connect;
/// who may change something is decided by the credentials that the kernel vouches for, see
/// [Caller].
public final class ControlSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
  private static final int MAX_REQUEST_CHARS = 1 << 20;
  private static final int MAX_CALLERS = 64;

  private final ServerSocketChannel server;
  private final Path path;
  private final BiConsumer<Request, Reply> handler;
  private final Semaphore places = new Semaphore(MAX_CALLERS);

  private ControlSocket(ServerSocketChannel server, Path path, BiConsumer<Request, Reply> handler) {
    this.server = server;
    this.path = path;
    this.handler = handler;
  }

  /// Starts to listen. A file left over at the path by a daemon that was killed is replaced.
  public static ControlSocket open(Path path, BiConsumer<Request, Reply> handler)
      throws IOException {
    Files.deleteIfExists(path);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
    ControlSocket socket = new ControlSocket(server, path, handler);
    Thread.ofVirtual().name("control").start(socket::acceptAll);
    return socket;
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(path);
  }

  private void acceptAll() {
    while (server.isOpen()) {
      try {
        SocketChannel channel = server.accept();
        Thread.ofVirtual().name("control-caller").start(() -> serve(channel));
      } catch (IOException e) {
        if (server.isOpen()) {
          LOG.warn("The control socket {} could not accept a caller: {}", path, e.getMessage());
        }
      }
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      ChannelReply first = new ChannelReply(Channels.newOutputStream(channel));
      if (!places.tryAcquire()) {
        first.refuse("too many callers at once (" + MAX_CALLERS + ")", "try again in a moment", 3);
        return;
      }
      try {
        serveRequests(channel);
      } finally {
        places.release();
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("A caller of the control socket went away: {}", e.getMessage());
    }
  }

  private void serveRequests(SocketChannel channel) throws IOException {
    Caller caller = caller(channel);
    OutputStream out = Channels.newOutputStream(channel);
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.UTF_8));
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c != '\n') {
        line.append((char) c);
        if (line.length() > MAX_REQUEST_CHARS) {
          new ChannelReply(out).refuse("the request is longer than 1 MiB", "send less", 2);
          return;
        }
        continue;
      }
      ChannelReply reply = new ChannelReply(out);
      serveOne(line.toString(), caller, reply);
      line.setLength(0);
    }
  }

  private void serveOne(String line, Caller caller, ChannelReply reply) {
    JsonElement element;
    try {
      element = JsonParser.parseString(line);
    } catch (JsonParseException e) {
      reply.refuse("the request is not JSON: " + e.getMessage(), "use the trivet command", 2);
      return;
    }
    if (!element.isJsonObject() || !element.getAsJsonObject().has("command")) {
      reply.refuse("the request is not an object with \"command\"", "use the trivet command", 2);
      return;
    }
    JsonObject body = element.getAsJsonObject();
    JsonElement command = body.get("command");
    handler.accept(
        new Request(command.isJsonPrimitive() ? command.getAsString() : "", body, caller), reply);
  }

  private static Caller caller(SocketChannel channel) throws IOException {
    UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
    String user = peer.user().getName();
    boolean mayChange =
        user.equals("root")
            || user.equals(System.getProperty("user.name"))
            || peer.group().getName().equals("trivet");
    return new Caller(user, mayChange);
  }

  /// Writes whole lines to one caller.
  private static final class ChannelReply implements Reply {
    private final OutputStream out;

    ChannelReply(OutputStream out) {
      this.out = out;
    }

    @Override
    public synchronized boolean line(JsonObject line) {
      try {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    @Override
    public void end(JsonObject answer) {
      answer.addProperty("ok", true);
      line(answer);
    }

    @Override
    public void refuse(String what, String then, int exit) {
      JsonObject answer = new JsonObject();
      answer.addProperty("ok", false);
      answer.addProperty("what", what);
      answer.addProperty("do", then);
      answer.addProperty("exit", exit);
      line(answer);
    }
  }
}
