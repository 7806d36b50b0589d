package io.trivet.daemon.loop;

import io.trivet.cluster.state.Proposal;
import org.jspecify.annotations.Nullable;

/// The kinds of frames between daemons, and the bodies that are JSON.
public final class PeerFrames {
  /// A lease message, [io.trivet.cluster.lease.LeaseCodec].
  public static final byte LEASE = 1;

  /// [Forward]: an entry for the log, to the leader.
  public static final byte FORWARD = 2;

  /// [Forwarded]: what came of it.
  public static final byte FORWARDED = 3;

  /// Whether a controller can run a cluster file ([io.trivet.daemon.apply.Survey]).
  public static final byte CHECK = 4;

  /// Its answer.
  public static final byte CHECKED = 5;

  /// What the sender reported is so now; without a body.
  public static final byte CONFIRMED = 6;

  private PeerFrames() {}

  /// @param id the sender's number of the request
  public record Forward(long id, Proposal proposal) {}

  /// @param id of the request
  /// @param index index of the entry in the log; -1 when it failed
  /// @param failure why it is not in the log, null when it is
  public record Forwarded(long id, long index, @Nullable String failure) {}
}
