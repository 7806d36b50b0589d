package io.trivet.daemon;

import io.trivet.consensus.ReplicatedLog;
import io.trivet.daemon.loop.ControllerLoop;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a daemon that stops gives to the others first.
final class Handover {
  private static final Logger LOG = LoggerFactory.getLogger(Handover.class);
  private static final long PATIENCE_MILLIS = 1_000;

  private Handover() {}

  /// A leader gives the leadership to a member that is present, so that the others need no
  /// election. Waits for a second at most; then they will have one.
  static void ofLeadership(String self, ReplicatedLog log, ControllerLoop.@Nullable View view) {
    if (view == null || !self.equals(log.leader())) {
      return;
    }
    Optional<String> next =
        view.state().roster().nodes().stream()
            .filter(node -> !node.equals(self) && view.state().node(node).present())
            .findFirst();
    if (next.isEmpty()) {
      return;
    }
    try {
      log.transferLeadership(next.get()).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.info("{} did not take the leadership: {}", next.get(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
