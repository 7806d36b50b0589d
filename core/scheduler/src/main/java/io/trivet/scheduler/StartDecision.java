package io.trivet.scheduler;

import org.jspecify.annotations.Nullable;

/// Whether a resource may be started on a node now.
public sealed interface StartDecision {
  /// It may.
  ///
  /// @param how the manner, a word between the policy and its agent, e.g. `bootstrap` or `join`;
  ///   [io.trivet.cluster.state.Target#PLAIN] where there is one manner only
  /// @param reason why now and why so, a clause without a full stop: it follows a colon
  record Start(String how, String reason) implements StartDecision {
    public Start {
      if (how.isBlank() || reason.isBlank()) {
        throw new IllegalArgumentException("a start needs its manner and its reason");
      }
    }
  }

  /// It has to wait.
  ///
  /// @param reason what for, a clause without a full stop
  /// @param command what an operator can type to end the waiting, or null if it ends by itself
  record Wait(String reason, @Nullable String command) implements StartDecision {
    public Wait {
      if (reason.isBlank()) {
        throw new IllegalArgumentException("waiting needs a reason");
      }
    }
  }
}
