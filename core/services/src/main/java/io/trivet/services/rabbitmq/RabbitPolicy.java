package io.trivet.services.rabbitmq;

import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Observation;
import io.trivet.cluster.state.OperatorWish;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import io.trivet.scheduler.PolicyView;
import io.trivet.scheduler.ServicePolicy;
import io.trivet.scheduler.StartDecision;
import io.trivet.services.rabbitmq.RabbitReport.Data;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Decides for all nodes of the broker, on the leader.
///
/// | the node | the others | decision |
/// |---|---|---|
/// | down, with data | | start: nodes started together sort it out, in any order |
/// | down, without data | one runs that does not know it | join |
/// | down, without data | one runs that knows it | wait for an operator to make it forget the old one |
/// | down, without data | some have data, none runs | wait for them |
/// | down, without data | all are here, none has data | the first one bootstraps, then the others join |
/// | down, without data | some are missing, none here has data | wait for them or for an operator |
/// | up, serves nobody for 60 s | some serve | restart it |
/// | waits for a missing one's tables | an operator accepted the loss | start it by force, once |
public final class RabbitPolicy implements ServicePolicy {
  /// Manners of a start, beside [Target#BOOTSTRAP].
  public static final String JOIN = "join";

  /// Stop a node that serves nobody, then start it.
  public static final String REJOIN = "rejoin";

  /// Set once the broker has run anywhere: from then on, no data means lost data.
  static final String FORMED = "rabbitmq.formed";

  private static final long PATIENCE_MILLIS = 60_000;

  @Override
  public StartDecision mayStart(PolicyView view, String node) {
    RabbitReport report = RabbitReport.from(view.report(node));
    if (report.up()) {
      return whileUp(view, node);
    }
    String accepted = accepted(view);
    if (node.equals(accepted) && !view.startedAnywhere() && !anyOtherOnItsWay(view, node)) {
      return new StartDecision.Start(
          Target.BOOTSTRAP, "an operator accepted that what only others have is lost");
    }
    return switch (report.data()) {
      case UNKNOWN -> new StartDecision.Wait("what it has on disk is being read", null);
      case MEMBER -> new StartDecision.Start(JOIN, "it has its data");
      case NONE -> withoutData(view, node);
    };
  }

  private static StartDecision whileUp(PolicyView view, String node) {
    Observation seen = view.state().observation(view.resource(), node);
    boolean patient = seen == null || view.nowMillis() - seen.sinceMillis() < PATIENCE_MILLIS;
    if (patient || !view.startedAnywhere()) {
      return new StartDecision.Wait(
          "it runs and serves nobody; with enough others it goes on by itself", null);
    }
    return new StartDecision.Start(REJOIN, "it serves nobody although others do");
  }

  private static StartDecision withoutData(PolicyView view, String node) {
    for (String other : view.members()) {
      if (view.runState(other) == RunState.STARTED && view.node(other).present()) {
        return joining(view, node, other);
      }
    }
    List<String> missing = new ArrayList<>();
    for (String other : view.members()) {
      if (other.equals(node)) {
        continue;
      }
      boolean stale = view.runState(other) == RunState.UNKNOWN;
      Data data = stale ? Data.UNKNOWN : RabbitReport.from(view.report(other)).data();
      if (!view.node(other).present()) {
        missing.add(other);
      } else if (onItsWay(view, other)) {
        return new StartDecision.Wait(other + " is starting first", null);
      } else if (data == Data.MEMBER) {
        return new StartDecision.Wait(other + " has data and comes first", null);
      } else if (data == Data.UNKNOWN) {
        return new StartDecision.Wait("what " + other + " has on disk is being read", null);
      }
    }
    if (view.state().attribute(FORMED) != null) {
      return new StartDecision.Wait(
          "the broker had data, but no controller that is here has any", acceptLoss(view, node));
    }
    if (!missing.isEmpty()) {
      return new StartDecision.Wait(
          "nobody here has data, but "
              + String.join(" and ", missing)
              + " may: the first start needs all controllers",
          acceptLoss(view, node));
    }
    String first = view.members().getFirst();
    return first.equals(node)
        ? new StartDecision.Start(
            Target.BOOTSTRAP, "no controller has data yet, this is the first start")
        : new StartDecision.Wait(first + " is started first, the others join it", null);
  }

  private static StartDecision joining(PolicyView view, String node, String running) {
    if (RabbitReport.from(view.report(running)).members().contains(node)) {
      return new StartDecision.Wait(
          "its data is gone, but " + running + " still knows the node that it was",
          "rabbitmqctl --node "
              + RabbitSettings.erlangNode(running)
              + " forget_cluster_node "
              + RabbitSettings.erlangNode(node));
    }
    return new StartDecision.Start(JOIN, running + " runs, it joins there");
  }

  private static String acceptLoss(PolicyView view, String node) {
    return "trivet resource accept-loss " + view.resource() + " --node " + node;
  }

  private static boolean anyOtherOnItsWay(PolicyView view, String node) {
    return view.members().stream()
        .anyMatch(m -> !m.equals(node) && view.node(m).present() && bootstraps(view, m));
  }

  private static boolean bootstraps(PolicyView view, String node) {
    Target target = view.state().target(view.resource(), node);
    return target != null && target.how().equals(Target.BOOTSTRAP) && onItsWay(view, node);
  }

  /// Told to start and not at the end of it.
  private static boolean onItsWay(PolicyView view, String node) {
    Target target = view.state().target(view.resource(), node);
    Report report = view.report(node);
    boolean told = target != null && target.wanted() == Wanted.STARTED;
    long acted = report == null ? 0 : report.actedEpoch();
    return view.runState(node) == RunState.STARTING
        || told && target != null && acted < target.epoch();
  }

  /// The controller that an operator named, unless that was before the last order: a wish from an
  /// earlier trouble does not count for this one.
  private static @Nullable String accepted(PolicyView view) {
    OperatorWish wish = view.state().acceptedLosses().get(view.resource());
    if (wish == null || !view.node(wish.node()).present()) {
      return null;
    }
    for (String member : view.members()) {
      Target target = view.state().target(view.resource(), member);
      if (target != null && target.epoch() > wish.epoch()) {
        return null;
      }
    }
    return wish.node();
  }

  @Override
  public List<Command> alsoDecide(PolicyView view) {
    List<Command> commands = new ArrayList<>();
    if (view.startedAnywhere() && view.state().attribute(FORMED) == null) {
      commands.add(new Command.SetAttribute(FORMED, "yes", "the broker runs"));
    }
    String accepted = accepted(view);
    if (accepted != null
        && !view.startedAnywhere()
        && view.runState(accepted) == RunState.STARTING) {
      commands.add(
          new Command.SetTarget(
              view.resource(),
              accepted,
              Wanted.STARTED,
              Target.BOOTSTRAP,
              "it waits for the data of others, and an operator accepted that it is lost"));
    }
    return commands;
  }
}
