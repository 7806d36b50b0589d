package io.trivet.scheduler;

import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something to be decided now. What has to come first has happened already: an action waits for
/// nothing.
public sealed interface Action {
  /// Why, a clause without a full stop that an operator understands.
  String reason();

  /// The command that writes the decision into the log.
  Command command();

  /// Start a resource on a node.
  record Start(String resource, String node, String how, String reason) implements Action {
    @Override
    public Command command() {
      return new Command.SetTarget(resource, node, Wanted.STARTED, how, reason);
    }
  }

  /// Stop a resource on a node.
  record Stop(String resource, String node, String reason) implements Action {
    @Override
    public Command command() {
      return new Command.SetTarget(resource, node, Wanted.STOPPED, Target.PLAIN, reason);
    }
  }

  /// Say who should hold a VIP and who inherits it.
  record Assign(String vip, @Nullable String holder, List<String> heirs, String reason)
      implements Action {
    public Assign {
      heirs = List.copyOf(heirs);
    }

    @Override
    public Command command() {
      return new Command.AssignVip(vip, holder, heirs, reason);
    }
  }

  /// A decision of a service's policy, such as the writer of a database.
  record Decide(String resource, Command command, String reason) implements Action {}

  /// Note that the daemon of a node runs anew, and that its old reports say nothing.
  record Forget(String node, long incarnation, String reason) implements Action {
    @Override
    public Command command() {
      return new Command.NodeStarted(node, incarnation);
    }
  }
}
