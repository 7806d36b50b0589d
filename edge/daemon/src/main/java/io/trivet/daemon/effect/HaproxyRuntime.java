package io.trivet.daemon.effect;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The runtime sockets of HAProxy (HAProxy Management Guide, section 9.3), one for each HAProxy of
/// this controller.
public final class HaproxyRuntime {
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  private HaproxyRuntime() {}

  /// Sends the commands one after the other, each in a connection of its own so that its answer is
  /// known, and returns the answers.
  ///
  /// @param timeoutNanos for all of them together
  /// @throws IOException when HAProxy does not listen, closed the connection, or did not answer in
  ///   time ([io.trivet.services.agent.AgentEvent#NO_ANSWER]); commands before it have been done
  public static List<String> run(Path socket, List<String> commands, long timeoutNanos)
      throws IOException {
    List<String> answers = new ArrayList<>();
    long end = System.nanoTime() + timeoutNanos;
    for (String command : commands) {
      answers.add(one(socket, command, Math.max(1, end - System.nanoTime())));
    }
    return answers;
  }

  private static String one(Path socket, String command, long nanos) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    Deadline deadline = new Deadline(channel, nanos);
    try (channel;
        deadline) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      ByteBuffer request = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8));
      while (request.hasRemaining()) {
        channel.write(request);
      }
      return new String(
          Channels.newInputStream(channel).readNBytes(MAX_ANSWER_BYTES), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IOException(deadline.why(e), e);
    }
  }
}
