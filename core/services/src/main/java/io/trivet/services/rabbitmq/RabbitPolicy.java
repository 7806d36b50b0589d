package io.trivet.services.rabbitmq;

import io.trivet.cluster.state.AcceptedLoss;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Observation;
import io.trivet.cluster.state.Recovery;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import io.trivet.scheduler.PolicyView;
import io.trivet.scheduler.Problem;
import io.trivet.scheduler.ServicePolicy;
import io.trivet.scheduler.StartDecision;
import io.trivet.services.rabbitmq.RabbitReport.Data;
import io.trivet.services.unit.Answers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
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
/// | cannot write to its disk | some serve, none is on its way | restart it: who leads its queues is elected among those that can |
/// | cannot write to its disk | none serves | wait |
/// | hangs, and uses no processor time, or for 15 s | some serve, none is on its way, or for 300 s | restart it |
/// | hangs for 60 s, 300 s if it uses processor time | none serves | restart it |
/// | waits for a missing one's tables | none serves, an operator accepted the loss | start it by force, once |
/// | down, nobody can tell what it has | | wait until it can be read |
public final class RabbitPolicy implements ServicePolicy {
  /// Manners of a start, beside [Target#BOOTSTRAP].
  public static final String JOIN = "join";

  /// Stop a node that serves nobody, then start it.
  public static final String REJOIN = "rejoin";

  /// Set once the broker has run anywhere: from then on, no data means lost data.
  static final String FORMED = "rabbitmq.formed";

  private static final long PATIENCE_MILLIS = 60_000;

  /// How long a node that hangs may be busy with something.
  private static final long BUSY_MILLIS = 15_000;

  /// How long it waits for others that are on their way; how long the last one may be busy.
  private static final long LONGEST_MILLIS = 300_000;

  @Override
  public StartDecision mayStart(PolicyView view, String node) {
    RabbitReport report = RabbitReport.from(view.report(node));
    if (report.up()) {
      return whileUp(view, node);
    }
    AcceptedLoss accepted = accepted(view);
    if (accepted != null && node.equals(accepted.node()) && !anyOtherOnItsWay(view, node)) {
      return new StartDecision.Start(
          report.data() == Data.MEMBER ? Target.FORCED : Target.BOOTSTRAP,
          "an operator accepted that " + Recovery.loss(accepted.lost()) + " is lost");
    }
    return switch (report.data()) {
      case UNKNOWN -> new StartDecision.Wait("what it has on disk is being read", null);
      case UNREADABLE ->
          new StartDecision.Wait("nobody can tell what it has on disk: " + report.why(), null);
      case MEMBER -> new StartDecision.Start(JOIN, "its disk has " + membership(report, node));
      case NONE -> withoutData(view, node);
    };
  }

  /// A node that began and never met the others has notes as well, and nothing in it.
  private static String membership(RabbitReport report, String node) {
    List<String> others = report.members().stream().filter(m -> !m.equals(node)).toList();
    return others.isEmpty()
        ? "the data of a cluster of its own"
        : "its data, of a cluster with " + String.join(" and ", others);
  }

  private static StartDecision whileUp(PolicyView view, String node) {
    Observation seen = view.state().observation(view.resource(), node);
    long millis = seen == null ? 0 : view.nowMillis() - seen.sinceMillis();
    if (seen != null && Answers.hangs(seen.report())) {
      return whileItHangs(view, node, seen.report());
    }
    String unwritable = seen == null ? null : seen.report().facts().get(RabbitReport.UNWRITABLE);
    if (unwritable != null) {
      return unwritable(view, node, "it cannot write (" + unwritable + ")");
    }
    boolean patient = seen == null || millis < PATIENCE_MILLIS;
    if (patient || !view.startedAnywhere()) {
      return new StartDecision.Wait(
          "it runs and serves nobody; with enough others it goes on by itself", null);
    }
    return new StartDecision.Start(REJOIN, "it serves nobody although others do");
  }

  /// Its clients wait for an answer until it is killed: then they go to another one. How long it
  /// hangs is its own controller's word.
  private static StartDecision whileItHangs(PolicyView view, String node, Report report) {
    long millis = Answers.hungMillis(report);
    boolean stopped = Answers.stopped(report);
    boolean elsewhere = view.startedAnywhere();
    if (!elsewhere && millis < (stopped ? PATIENCE_MILLIS : LONGEST_MILLIS)) {
      return new StartDecision.Wait("it hangs, and no other node serves in its stead", null);
    }
    for (String other : view.members()) {
      boolean busy = onItsWay(view, other) || view.runState(other) == RunState.STOPPING;
      boolean there = !other.equals(node) && view.node(other).present();
      if (there && busy && millis < LONGEST_MILLIS) {
        return new StartDecision.Wait(
            "it hangs; " + other + " gets back first, one at a time", null);
      }
    }
    return stopped || millis >= BUSY_MILLIS
        ? new StartDecision.Start(REJOIN, "it " + report.detail())
        : new StartDecision.Wait("it hangs, but works on something", null);
  }

  private static StartDecision unwritable(PolicyView view, String node, String why) {
    for (String other : view.members()) {
      if (!other.equals(node) && view.node(other).present() && onItsWay(view, other)) {
        return new StartDecision.Wait(why + "; " + other + " gets back first", null);
      }
    }
    return view.startedAnywhere()
        ? new StartDecision.Start(REJOIN, why)
        : new StartDecision.Wait(why + ", and no other node serves in its stead", null);
  }

  private static StartDecision withoutData(PolicyView view, String node) {
    for (String other : view.members()) {
      if (view.runState(other) == RunState.STARTED && view.node(other).present()) {
        return joining(view, node, other);
      }
    }
    List<String> missing = new ArrayList<>();
    List<String> unreadable = new ArrayList<>();
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
      } else if (data == Data.UNREADABLE) {
        unreadable.add(other);
      }
    }
    if (!unreadable.isEmpty()) {
      return new StartDecision.Wait(
          "nobody here has data, but nobody can tell what "
              + String.join(" and ", unreadable)
              + (unreadable.size() == 1 ? " has" : " have"),
          acceptLoss(view, node));
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
    return target != null
        && (target.how().equals(Target.BOOTSTRAP) || target.how().equals(Target.FORCED))
        && onItsWay(view, node);
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

  /// What an operator accepted, if it is still the price of his choice.
  private static @Nullable AcceptedLoss accepted(PolicyView view) {
    AcceptedLoss accepted = view.state().acceptedLosses().get(view.resource());
    Recovery recovery = recovery(view);
    return accepted != null && recovery != null && accepted.covers(recovery) ? accepted : null;
  }

  /// What only an operator can decide: which node goes on without the data of others. Null when
  /// some serve, or when it goes on by itself.
  private static @Nullable Recovery recovery(PolicyView view) {
    TreeMap<String, List<String>> choices = new TreeMap<>();
    boolean serves =
        view.members().stream()
            .anyMatch(m -> view.node(m).present() && view.runState(m) == RunState.STARTED);
    for (String node : view.members()) {
      if (serves || !view.node(node).present()) {
        continue;
      }
      RabbitReport report = report(view, node);
      if (report.up() && !report.waits().isEmpty()) {
        choices.put(node, lost(view, node, report));
      } else if (!report.up()
          && report.data() == Data.NONE
          && withoutData(view, node) instanceof StartDecision.Wait w
          && w.command() != null) {
        choices.put(node, othersWithData(view, node));
      }
    }
    return choices.isEmpty() ? null : new Recovery(Recovery.START, choices);
  }

  /// Nobody knows what a controller has that was not heard since its daemon began.
  private static RabbitReport report(PolicyView view, String node) {
    boolean stale = view.node(node).present() && view.runState(node) == RunState.UNKNOWN;
    return RabbitReport.from(stale ? null : view.report(node));
  }

  /// Those it waits for, and those that ran after it had stopped.
  private static List<String> lost(PolicyView view, String node, RabbitReport report) {
    return view.members().stream()
        .filter(m -> !m.equals(node))
        .filter(
            m ->
                report.waits().contains(m)
                    || report.running().contains(m) && !report(view, m).running().contains(node))
        .toList();
  }

  /// Those that may have data, in a cluster of which nobody here has any.
  private static List<String> othersWithData(PolicyView view, String node) {
    boolean formed = view.state().attribute(FORMED) != null;
    return view.members().stream()
        .filter(m -> !m.equals(node))
        .filter(
            m ->
                !view.node(m).present()
                    || report(view, m).data() != Data.NONE
                    || formed && report(view, m).data() == Data.NONE)
        .toList();
  }

  @Override
  public @Nullable Problem impaired(PolicyView view, String node) {
    Report report = view.report(node);
    String shortOf =
        report == null || report.run() != RunState.STARTED
            ? null
            : report.facts().get(RabbitReport.SHORT_OF);
    return shortOf == null
        ? null
        : new Problem(
            view.resource(),
            view.resource()
                + " on "
                + node
                + " is short of "
                + shortOf.replace(" ", " and ")
                + ", and therefore blocks everybody who publishes, on every node.",
            "Make room on "
                + node
                + ", or let consumers catch up; it goes on by itself. More: rabbitmq-diagnostics"
                + " alarms");
  }

  @Override
  public List<Command> alsoDecide(PolicyView view) {
    List<Command> commands = new ArrayList<>();
    if (view.startedAnywhere() && view.state().attribute(FORMED) == null) {
      commands.add(new Command.SetAttribute(FORMED, "yes", "the broker runs"));
    }
    AcceptedLoss accepted = accepted(view);
    if (accepted != null && view.runState(accepted.node()) == RunState.STARTING) {
      commands.add(
          new Command.SetTarget(
              view.resource(),
              accepted.node(),
              Wanted.STARTED,
              Target.FORCED,
              "it waits for the data of others, and an operator accepted that "
                  + Recovery.loss(accepted.lost())
                  + " is lost"));
    }
    Recovery recovery = recovery(view);
    String open = recovery == null ? null : recovery.value();
    String name = Recovery.attribute(view.resource());
    if (!Objects.equals(view.state().attribute(name), open)) {
      String reason =
          recovery == null
              ? "it goes on by itself"
              : "nobody serves, and what others have is missing; bring them back";
      commands.add(new Command.SetAttribute(name, open, reason));
    }
    return commands;
  }
}
