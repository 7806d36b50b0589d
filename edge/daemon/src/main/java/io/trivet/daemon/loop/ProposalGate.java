package io.trivet.daemon.loop;

import io.trivet.cluster.state.Proposal;
import io.trivet.consensus.ReplicatedLog;
import io.trivet.consensus.Role;
import io.trivet.daemon.json.BadJson;
import io.trivet.daemon.json.Json;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of proposals into the log: directly where this member leads, else by way of the leader.
/// A decision has no other way than the first: whoever decided leads no longer then. Nothing is
/// retried here, since only who decided knows whether the decision still holds.
public final class ProposalGate {
  private static final Logger LOG = LoggerFactory.getLogger(ProposalGate.class);
  private static final long TIMEOUT_MILLIS = 2_000;

  private final String self;
  private final ReplicatedLog log;
  private final PeerSender peers;
  private final AtomicLong lastId = new AtomicLong();
  private final Map<Long, CompletableFuture<Long>> pending = new ConcurrentHashMap<>();

  /// How frames leave; never blocks, may lose.
  public interface PeerSender {
    void send(String peer, byte kind, byte[] body);
  }

  public ProposalGate(String self, ReplicatedLog log, PeerSender peers) {
    this.self = self;
    this.log = log;
    this.peers = peers;
  }

  /// Completes with the entry's index once it is committed; fails with an [IOException] that says
  /// why not. It may fail and the entry may be applied all the same, when the leader was lost in
  /// between.
  public CompletableFuture<Long> submit(Proposal proposal) {
    if (log.role() == Role.LEADER) {
      return log.propose(Json.bytes(proposal, Proposal.class));
    }
    if (proposal.isDecision()) {
      return CompletableFuture.failedFuture(new IOException("this member leads no longer"));
    }
    String leader = log.leader();
    if (leader == null || leader.equals(self)) {
      // Named the leader, but not ready to lead yet: as good as none for a moment.
      return CompletableFuture.failedFuture(new IOException("no leader is known at the moment"));
    }
    long id = lastId.incrementAndGet();
    CompletableFuture<Long> answer = new CompletableFuture<>();
    pending.put(id, answer);
    peers.send(
        leader,
        PeerFrames.FORWARD,
        Json.bytes(new PeerFrames.Forward(id, proposal), PeerFrames.Forward.class));
    return answer
        .orTimeout(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
        .whenComplete((_, _) -> pending.remove(id));
  }

  /// A frame of kind [PeerFrames#FORWARD] came from a member.
  public void forwardArrived(String from, byte[] body) {
    PeerFrames.Forward forward = parse(from, body, PeerFrames.Forward.class);
    if (forward == null) {
      return;
    }
    var _ =
        log.propose(Json.bytes(forward.proposal(), Proposal.class))
            .whenComplete((index, failure) -> answer(from, forward.id(), index, failure));
  }

  /// A frame of kind [PeerFrames#FORWARDED] came from a member.
  public void forwardedArrived(String from, byte[] body) {
    PeerFrames.Forwarded forwarded = parse(from, body, PeerFrames.Forwarded.class);
    CompletableFuture<Long> waiting = forwarded == null ? null : pending.remove(forwarded.id());
    if (forwarded == null || waiting == null) {
      return;
    }
    String failure = forwarded.failure();
    if (failure == null) {
      waiting.complete(forwarded.index());
    } else {
      waiting.completeExceptionally(new IOException(from + " answers: " + failure));
    }
  }

  /// The sentence for people of a failed submission.
  public static String why(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }

  private void answer(String to, long id, @Nullable Long index, @Nullable Throwable failure) {
    PeerFrames.Forwarded forwarded =
        new PeerFrames.Forwarded(
            id, index == null ? -1 : index, failure == null ? null : why(failure));
    peers.send(to, PeerFrames.FORWARDED, Json.bytes(forwarded, PeerFrames.Forwarded.class));
  }

  private static <T> @Nullable T parse(String from, byte[] body, Class<T> type) {
    try {
      return Json.read(body, type);
    } catch (BadJson e) {
      LOG.warn("Ignored a frame from {}: {}", from, e.getMessage());
      return null;
    }
  }
}
