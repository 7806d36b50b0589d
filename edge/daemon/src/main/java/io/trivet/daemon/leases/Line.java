package io.trivet.daemon.leases;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// One end of the connection between a daemon and the lease process: messages as a length in four
/// bytes and a body. What is sent waits in a queue of its own, so that nobody waits for the other
/// side; an other side that does not read loses the connection.
final class Line implements AutoCloseable {
  static final int BODY_BYTES_MAX = 1 << 18;
  private static final int WAITING_MAX = 4096;

  private final SocketChannel channel;
  private final BlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
  private final ByteBuffer header = ByteBuffer.allocate(Integer.BYTES);
  private final Thread writer;

  /// @param name of the thread that writes
  Line(SocketChannel channel, String name) {
    this.channel = channel;
    writer = Thread.ofPlatform().daemon().name(name).start(this::writeAll);
  }

  /// Hands a message over; never blocks.
  void send(byte[] body) {
    if (!waiting.offer(body)) {
      close();
    }
  }

  /// Waits for the next message.
  ///
  /// @throws IOException when the connection ended, or what came is no message
  byte[] receive() throws IOException {
    header.clear();
    fill(header);
    int length = header.flip().getInt();
    if (Integer.compareUnsigned(length, BODY_BYTES_MAX) > 0) {
      throw new IOException("a message of " + Integer.toUnsignedString(length) + " bytes");
    }
    ByteBuffer body = ByteBuffer.allocate(length);
    fill(body);
    return body.array();
  }

  boolean open() {
    return channel.isOpen();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is closed either way.
    }
    writer.interrupt();
  }

  private void fill(ByteBuffer to) throws IOException {
    while (to.hasRemaining()) {
      if (channel.read(to) < 0) {
        throw new EOFException("the other side has ended");
      }
    }
  }

  private void writeAll() {
    try {
      while (channel.isOpen()) {
        byte[] body = waiting.take();
        ByteBuffer out = ByteBuffer.allocate(Integer.BYTES + body.length);
        out.putInt(body.length).put(body).flip();
        while (out.hasRemaining()) {
          channel.write(out);
        }
      }
    } catch (IOException | InterruptedException e) {
      close();
    }
  }

  /// What an end of a connection said, for a log.
  static String why(IOException e) {
    @Nullable String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
