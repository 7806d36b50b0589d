package io.trivet.scheduler;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.NodeState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Whether leadership should move. A leader that holds a VIP costs an election when its power
/// fails, in the very moment in which the VIP has to be written down to its heir; a leader without
/// one does not.
///
/// @param to the member that should lead
/// @param reason why, a clause without a full stop
public record LeadershipAdvice(String to, String reason) {
  /// A member that came back less than this long ago is not asked to lead yet, in milliseconds.
  public static final long SETTLE_MILLIS = 5_000;

  /// The advice for the present leader, or null if it should stay: because it holds no VIP, or
  /// because everybody does.
  public static @Nullable LeadershipAdvice of(ClusterState state, LeaderView view) {
    if (!view.quorum() || !holdsVip(view.leader(), state, view)) {
      return null;
    }
    for (String member : state.roster().nodes()) {
      NodeState node = state.node(member);
      boolean settled = view.nowMillis() - node.sinceMillis() >= SETTLE_MILLIS;
      if (!member.equals(view.leader())
          && node.eligible()
          && settled
          && !holdsVip(member, state, view)) {
        return new LeadershipAdvice(
            member, view.leader() + " holds a VIP and " + member + " holds none");
      }
    }
    return null;
  }

  private static boolean holdsVip(String node, ClusterState state, LeaderView view) {
    return view.holders().values().stream().anyMatch(h -> h.node().equals(node))
        || state.vips().values().stream()
            .map(VipAssignment::holder)
            .anyMatch(h -> Objects.equals(h, node));
  }
}
