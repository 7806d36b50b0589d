package io.trivet.services.galera;

import io.trivet.cluster.state.AcceptedLoss;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Observation;
import io.trivet.cluster.state.Recovery;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.scheduler.PolicyView;
import io.trivet.scheduler.ServicePolicy;
import io.trivet.scheduler.StartDecision;
import io.trivet.services.galera.GaleraPosition.Kind;
import io.trivet.services.galera.GaleraRecovery.Decision;
import io.trivet.services.unit.Answers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Decides for all members of a Galera cluster, on the leader.
///
/// | the member | the others | decision |
/// |---|---|---|
/// | down | some have a primary component | join; without a usable copy one at a time |
/// | down, with another history | some have a primary component | wait for an operator |
/// | down | one was told to bootstrap and has not ended | wait |
/// | down | none has a primary component | [GaleraRecovery] |
/// | hangs, another one is Synced, none is on its way | | kill and join; 15 s later if it uses processor time, 60 s later if it had no connection left |
/// | hangs, another one is Synced, one is on its way | | wait for that one; after 300 s as above |
/// | hangs, none is Synced | | wait; after 60 s, 300 s if it uses processor time, as if it ran outside of a component |
/// | has no connection left | | wait |
/// | cannot write to its disk | | wait: another one is the writer |
/// | answers with errors alone | another one is Synced | after 60 s stop and join |
/// | answers with errors alone | none is Synced | wait: stopping would not mend that, and it may serve |
/// | runs outside of a component, less than 15 s | | wait: members that see each other again merge |
/// | runs outside of a component | some have one | stop and join |
/// | runs outside of a component, at once | none has one; these see each other, are most of the last one, and only one of it is missing | re-form it from them |
/// | runs outside of a component | none has, and all that may be ahead are here | stop, to compare positions |
///
/// What it remembers in attributes, so that a new leader decides alike:
/// - `galera.history`: uuid of the history that the cluster has.
/// - `galera.primary`: members that may be in the primary component. A member is in it from the
///   moment it is told to start, and leaves it when it does not run and the component was seen
///   without it. So a member that is not in it cannot hold writes that the others lack.
/// - `galera.copy`: members that have to copy everything at their next start, because an operator
///   accepted the loss of what only they have. Galera alone would let a member with a higher number
///   of the same history keep its diverging writes.
/// - `galera.overruled`: the same before the component that they are given up for was seen. If none
///   comes of it, they count as before.
/// - `galera.data`: members that have, or had, a copy: written down before one of them can become
///   the writer. If one of them has none, it is missing, which is something else than never having
///   had one.
/// - `galera.writer`: the member that takes writes.
public final class GaleraPolicy implements ServicePolicy {
  /// Member that the load balancers send all connections to.
  public static final String WRITER = "galera.writer";

  static final String HISTORY = "galera.history";
  static final String PRIMARY = "galera.primary";
  static final String COPY = "galera.copy";
  static final String DATA = "galera.data";
  static final String OVERRULED = "galera.overruled";

  /// Manners of a start, beside [Target#BOOTSTRAP].
  public static final String JOIN = "join";

  /// Join without what is on disk.
  public static final String JOIN_COPY = "join-copy";

  /// Stop a member that runs outside of the component, then join.
  public static final String REJOIN = "rejoin";

  /// Make the members that run, and see each other, a primary component again.
  public static final String REFORM = "reform";

  /// How long members that run without a component may take to find each other.
  static final long MERGE_MILLIS = 15_000;

  /// How long a member that hangs is left alone when no other one is Synced.
  static final long LAST_MILLIS = 60_000;

  /// How long a member that hangs is left alone while others get back, or while it works and no
  /// other one is Synced.
  static final long LONGEST_MILLIS = 300_000;

  private static final StartDecision FULL =
      new StartDecision.Wait(
          "it has no connection left, and a restart would only drop all; end some, or raise"
              + " max_connections",
          null);

  @Override
  public StartDecision mayStart(PolicyView view, String node) {
    GaleraMembers members = new GaleraMembers(view);
    if (members.report(node).up()) {
      return whileUp(view, members, node);
    }
    if (members.anyPrimary()) {
      return join(view, members, node);
    }
    for (String other : view.members()) {
      if (!other.equals(node) && view.node(other).present() && members.onItsWay(other)) {
        return new StartDecision.Wait(other + " is starting first", null);
      }
    }
    return switch (GaleraRecovery.decide(members.candidates(), members.memory())) {
      case Decision.Bootstrap b when !b.node().equals(node) ->
          new StartDecision.Wait(b.node() + " is bootstrapped first: " + b.reason(), null);
      case Decision.Bootstrap b when !members.overruledBefore().containsAll(members.overruled()) ->
          new StartDecision.Wait("it is noted first who has to copy everything from it", null);
      case Decision.Bootstrap b -> new StartDecision.Start(Target.BOOTSTRAP, b.reason());
      case Decision.Wait w -> new StartDecision.Wait(w.reason(), acceptLoss(view, w.acceptable()));
    };
  }

  private static StartDecision whileUp(PolicyView view, GaleraMembers members, String node) {
    Observation seen = view.state().observation(view.resource(), node);
    if (seen != null && Answers.hangs(seen.report())) {
      StartDecision hanging = whileItHangs(view, members, node, seen.report());
      if (hanging != null) {
        return hanging;
      }
    } else if (seen != null && full(seen.report())) {
      return FULL;
    } else if (members.unwritable(node) != null) {
      return new StartDecision.Wait(
          "it cannot write (" + members.unwritable(node) + "); a restart would not mend that",
          null);
    } else if (seen != null && members.report(node).mute()) {
      return whileItIsMute(view, members, node, seen);
    }
    boolean recent = seen != null && view.nowMillis() - seen.sinceMillis() < 4 * MERGE_MILLIS;
    List<String> survivors = members.survivors();
    if (recent && !survivors.isEmpty()) {
      return survivors.getFirst().equals(node)
          ? new StartDecision.Start(
              REFORM,
              GaleraRecovery.list(survivors)
                  + " lost sight of each other for a moment, have all data, and are most of the"
                  + " last primary component")
          : new StartDecision.Wait(
              survivors.getFirst() + " re-forms the primary component for all that run", null);
    }
    boolean patient = seen == null || view.nowMillis() - seen.sinceMillis() < MERGE_MILLIS;
    if (patient) {
      return new StartDecision.Wait(
          "it runs outside of a primary component, and merges by itself if it can", null);
    }
    if (members.anyPrimary()) {
      return new StartDecision.Start(REJOIN, "it did not get back into the primary component");
    }
    List<String> missing =
        members.lastPrimary().stream().filter(m -> !view.node(m).present()).toList();
    if (!missing.isEmpty() && !members.mayLeave()) {
      return new StartDecision.Wait(
          "no member has a primary component, and "
              + GaleraRecovery.list(missing)
              + " of the last one "
              + (missing.size() == 1 ? "is" : "are")
              + " missing; bring "
              + (missing.size() == 1 ? "it" : "them")
              + " back, and give up what only they have only if that cannot be",
          acceptLoss(view, node));
    }
    return new StartDecision.Start(
        Target.LEAVE,
        "no member has a primary component, so all stop and the positions are compared");
  }

  /// A member that hangs is started anew, when others serve meanwhile and one at a time; null if it
  /// is to be treated like one outside of a component.
  ///
  /// How long it hangs is its own controller's word: since FAILED began it may have been something
  /// else, and that time is of another machine's clock.
  private static @Nullable StartDecision whileItHangs(
      PolicyView view, GaleraMembers members, String node, Report report) {
    long hangs = Answers.hungMillis(report);
    boolean stopped = Answers.stopped(report);
    List<String> others =
        view.members().stream().filter(m -> !m.equals(node) && view.node(m).present()).toList();
    if (others.stream().noneMatch(members::synced)) {
      return hangs >= (stopped ? LAST_MILLIS : LONGEST_MILLIS)
          ? null
          : new StartDecision.Wait("it hangs, and no other member is Synced in its stead", null);
    }
    if (full(report) && hangs < LAST_MILLIS) {
      return FULL;
    }
    for (String other : others) {
      boolean busy = members.onItsWay(other) || view.runState(other) == RunState.STOPPING;
      if (busy && hangs < LONGEST_MILLIS) {
        return new StartDecision.Wait(
            "it hangs; " + other + " gets back first, one at a time", null);
      }
    }
    return stopped || hangs >= MERGE_MILLIS
        ? new StartDecision.Start(REJOIN, "it " + report.detail())
        : new StartDecision.Wait("it hangs, but works on something", null);
  }

  private static boolean full(Report report) {
    return report.facts().containsKey(GaleraReport.FULL);
  }

  /// It answers, but not what it is asked: it may serve others well, and be the last one to do so.
  private static StartDecision whileItIsMute(
      PolicyView view, GaleraMembers members, String node, Observation seen) {
    boolean elsewhere = view.members().stream().anyMatch(m -> !m.equals(node) && members.synced(m));
    return elsewhere && view.nowMillis() - seen.sinceMillis() >= LAST_MILLIS
        ? new StartDecision.Start(REJOIN, seen.report().detail())
        : new StartDecision.Wait(
            "nobody can tell whether it is in the primary component; see that root may log in on"
                + " its local socket",
            null);
  }

  private static StartDecision join(PolicyView view, GaleraMembers members, String node) {
    GaleraPosition position = members.position(node, members.report(node));
    String history = members.history();
    boolean stranger = position.isKnown() && history != null && !position.uuid().equals(history);
    if (position.kind() == Kind.UNKNOWN) {
      return new StartDecision.Wait("its position is being read", null);
    }
    String held = members.heldBack(node);
    AcceptedLoss accepted = members.acceptedLoss();
    if (held != null && (accepted == null || !accepted.lost().contains(node))) {
      return new StartDecision.Wait(held, acceptLoss(view, members.firstPrimary()));
    }
    if (members.countedByAll(node)) {
      // Either it died a moment ago, or the others' reports are from before they died themselves.
      return new StartDecision.Wait(
          "the primary component of " + members.firstPrimary() + " still counts it", null);
    }
    boolean forced =
        stranger
            || position.kind() == Kind.UNREADABLE
            || members.copy().contains(node)
            || members.overruledBefore().contains(node);
    if (!forced && !position.isEmpty()) {
      return new StartDecision.Start(
          JOIN, members.firstPrimary() + " has a primary component, it catches up");
    }
    for (String other : view.members()) {
      if (!other.equals(node) && view.node(other).present() && members.onItsWay(other)) {
        return new StartDecision.Wait(
            other + " joins first: a donor serves one full copy at a time", null);
      }
    }
    return new StartDecision.Start(
        forced ? JOIN_COPY : JOIN,
        members.firstPrimary() + " has a primary component, it copies everything from there");
  }

  private static @Nullable String acceptLoss(PolicyView view, @Nullable String node) {
    return node == null
        ? null
        : "trivet resource accept-loss " + view.resource() + " --node " + node;
  }

  @Override
  public @Nullable String holdsUpStop(PolicyView view, String node) {
    GaleraMembers members = new GaleraMembers(view);
    boolean elsewhere =
        view.members().stream()
            .anyMatch(m -> !m.equals(node) && view.node(m).eligible() && members.synced(m));
    return elsewhere && node.equals(view.state().attribute(WRITER))
        ? "another member becomes the writer first"
        : null;
  }

  @Override
  public @Nullable String disbelieves(PolicyView view, String node) {
    List<String> others = new GaleraMembers(view).contradicting(node);
    return others.isEmpty()
        ? null
        : "it calls itself "
            + GaleraReport.from(view.report(node)).state()
            + ", but "
            + GaleraRecovery.list(others)
            + " are in a newer component without it";
  }

  @Override
  public List<Command> alsoDecide(PolicyView view) {
    GaleraMembers members = new GaleraMembers(view);
    List<Command> commands = new ArrayList<>();
    set(view, commands, HISTORY, members.historySeen(), "the primary component has it");
    set(
        view,
        commands,
        PRIMARY,
        words(members.nextPrimary()),
        "members that may be in the primary component");
    set(view, commands, DATA, words(members.nextData()), "members that have a copy");
    List<String> overruled = members.nextOverruled();
    set(view, commands, OVERRULED, words(overruled), "given up for the recovery under way");
    List<String> copy = members.nextCopy();
    set(
        view,
        commands,
        COPY,
        words(copy),
        copy.isEmpty()
            ? "all of them have a new copy"
            : "an operator accepted the loss of what only they have");
    String writer = members.nextWriter();
    set(view, commands, WRITER, writer, members.whyWriter(writer));
    GaleraMembers.Question question = members.question();
    set(view, commands, Recovery.attribute(view.resource()), question.value(), question.reason());
    return commands;
  }

  /// The names in the value of an attribute.
  static List<String> names(@Nullable String value) {
    return value == null ? List.of() : List.of(value.split(" "));
  }

  private static @Nullable String words(List<String> names) {
    return names.isEmpty() ? null : String.join(" ", names);
  }

  private static void set(
      PolicyView view, List<Command> to, String name, @Nullable String value, String reason) {
    if (!Objects.equals(view.state().attribute(name), value)) {
      to.add(new Command.SetAttribute(name, value, reason));
    }
  }
}
