package io.trivet.cluster.state;

import java.util.List;

/// What applying one log entry gave.
///
/// @param state the state after it
/// @param notices what is to be said to people because of it, in order; they are in the state's
///   timeline as well
/// @param refusals commands of the entry that changed nothing
public record Applied(ClusterState state, List<Notice> notices, List<Refusal> refusals) {
  public Applied {
    notices = List.copyOf(notices);
    refusals = List.copyOf(refusals);
  }
}
