package io.trivet.daemon.effect;

import io.trivet.services.agent.AgentEvent;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Ends a conversation when its time is over, however much of it was answered: a timeout of each
/// read is no end for whoever sends a byte now and then, and channels of Unix sockets have none.
final class Deadline implements AutoCloseable {
  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("deadlines").daemon().factory());

  private final AtomicBoolean over = new AtomicBoolean();
  private final Future<?> end;

  /// @param conversation closed when the time is over, which ends whatever waits on it
  Deadline(Closeable conversation, long nanos) {
    end = CLOCK.schedule(() -> close(conversation), nanos, TimeUnit.NANOSECONDS);
  }

  private void close(Closeable conversation) {
    over.set(true);
    // Closing may wait for the one who reads; the next deadline must not.
    Thread.ofVirtual()
        .name("deadline")
        .start(
            () -> {
              try {
                conversation.close();
              } catch (IOException e) {
                // It is closed as far as can be.
              }
            });
  }

  /// The conversation ended in time, or not; nothing is closed any more.
  @Override
  public void close() {
    end.cancel(false);
  }

  /// What to say of a conversation that broke: that its time was over, or why it broke.
  String why(IOException broke) {
    boolean late = over.get() || broke instanceof SocketTimeoutException;
    return late ? AgentEvent.NO_ANSWER : String.valueOf(broke.getMessage());
  }
}
