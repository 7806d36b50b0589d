package io.trivet.services.galera;

import io.trivet.cluster.state.Attribute;
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
import io.trivet.services.galera.GaleraPosition.Kind;
import io.trivet.services.galera.GaleraRecovery.Candidate;
import io.trivet.services.galera.GaleraRecovery.Decision;
import io.trivet.services.galera.GaleraRecovery.Memory;
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
/// - `galera.writer`: the member that takes writes.
public final class GaleraPolicy implements ServicePolicy {
  /// Member that the load balancers send all connections to.
  public static final String WRITER = "galera.writer";

  static final String HISTORY = "galera.history";
  static final String PRIMARY = "galera.primary";
  static final String COPY = "galera.copy";

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

  @Override
  public StartDecision mayStart(PolicyView view, String node) {
    Members members = new Members(view);
    GaleraReport report = members.report(node);
    if (report.up()) {
      return whileUp(view, members, node);
    }
    if (members.anyPrimary()) {
      return join(view, members, node, report.position());
    }
    for (String other : view.members()) {
      if (!other.equals(node) && view.node(other).present() && members.onItsWay(other)) {
        return new StartDecision.Wait(other + " is starting first", null);
      }
    }
    return switch (GaleraRecovery.decide(members.candidates(), members.memory())) {
      case Decision.Bootstrap b when !b.node().equals(node) ->
          new StartDecision.Wait(b.node() + " is bootstrapped first: " + b.reason(), null);
      case Decision.Bootstrap b when !members.copy().containsAll(members.overruled()) ->
          new StartDecision.Wait("it is noted first who has to copy everything from it", null);
      case Decision.Bootstrap b -> new StartDecision.Start(Target.BOOTSTRAP, b.reason());
      case Decision.Wait w -> new StartDecision.Wait(w.reason(), acceptLoss(view, w.acceptable()));
    };
  }

  private static StartDecision whileUp(PolicyView view, Members members, String node) {
    Observation seen = view.state().observation(view.resource(), node);
    boolean recent = seen != null && view.nowMillis() - seen.sinceMillis() < 4 * MERGE_MILLIS;
    List<String> survivors = members.survivors();
    if (recent && !survivors.isEmpty()) {
      return survivors.getFirst().equals(node)
          ? new StartDecision.Start(
              REFORM,
              GaleraRecovery.list(survivors)
                  + " lost sight of each other for a moment, have all data, and are most of the last"
                  + " primary component")
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
    if (!missing.isEmpty() && members.accepted() == null) {
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

  private static StartDecision join(
      PolicyView view, Members members, String node, GaleraPosition position) {
    String history = members.history();
    boolean stranger = position.isKnown() && history != null && !position.uuid().equals(history);
    if (position.kind() == Kind.UNKNOWN) {
      return new StartDecision.Wait("its position is being read", null);
    }
    if (stranger && members.accepted() == null) {
      return new StartDecision.Wait(
          "its copy has another history than the cluster, and joining would replace it",
          acceptLoss(view, members.firstPrimary()));
    }
    if (members.countedByAll(node)) {
      // Either it died a moment ago, or the others' reports are from before they died themselves.
      return new StartDecision.Wait(
          "the primary component of " + members.firstPrimary() + " still counts it", null);
    }
    boolean forced =
        stranger || position.kind() == Kind.UNREADABLE || members.copy().contains(node);
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
    Members members = new Members(view);
    boolean elsewhere =
        view.members().stream()
            .anyMatch(m -> !m.equals(node) && view.node(m).eligible() && members.synced(m));
    return elsewhere && node.equals(view.state().attribute(WRITER))
        ? "another member becomes the writer first"
        : null;
  }

  @Override
  public List<Command> alsoDecide(PolicyView view) {
    Members members = new Members(view);
    List<Command> commands = new ArrayList<>();
    set(view, commands, HISTORY, members.historySeen(), "the primary component has it");
    set(
        view,
        commands,
        PRIMARY,
        words(members.nextPrimary()),
        "members that may be in the primary component");
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
    return commands;
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

  /// The members as the leader sees them now.
  private static final class Members {
    private final PolicyView view;

    Members(PolicyView view) {
      this.view = view;
    }

    /// What is known of a member. Of one that is here and has not reported since its daemon
    /// started, nothing; of a missing one, what it was when it went.
    GaleraReport report(String node) {
      boolean stale = view.node(node).present() && view.runState(node) == RunState.UNKNOWN;
      return stale
          ? GaleraReport.down(GaleraPosition.UNKNOWN)
          : GaleraReport.from(view.report(node));
    }

    /// In a primary component, by its own word, now.
    boolean primary(String node) {
      RunState run = view.runState(node);
      boolean answers = run == RunState.STARTED || run == RunState.STARTING;
      return view.node(node).present() && answers && report(node).primary();
    }

    boolean synced(String node) {
      return view.node(node).present()
          && view.runState(node) == RunState.STARTED
          && report(node).synced();
    }

    boolean anyPrimary() {
      return view.members().stream().anyMatch(this::primary);
    }

    /// True if every report of a primary component has this member, which does not run, in it.
    boolean countedByAll(String node) {
      return view.members().stream()
          .filter(this::primary)
          .allMatch(m -> report(m).members().contains(node));
    }

    String firstPrimary() {
      return view.members().stream().filter(this::primary).findFirst().orElse("nobody");
    }

    /// Told to start and not at the end of it: it may be in a primary component any moment.
    boolean onItsWay(String node) {
      if (view.runState(node) == RunState.STARTING) {
        return true;
      }
      return told(node) && actedEpoch(node) < epoch(node);
    }

    private boolean told(String node) {
      Target target = view.state().target(view.resource(), node);
      return target != null
          && target.wanted() == Wanted.STARTED
          && !target.how().equals(Target.LEAVE)
          && !target.how().equals(REFORM)
          && !target.how().equals(Target.PLAIN);
    }

    private long epoch(String node) {
      Target target = view.state().target(view.resource(), node);
      return target == null ? 0 : target.epoch();
    }

    private long actedEpoch(String node) {
      Report report = view.report(node);
      return report == null ? 0 : report.actedEpoch();
    }

    /// Members that run outside of any component, see as many as they are, and of which it is
    /// certain that no others have a component: they are more than half of the last one, and one of
    /// it is missing. A component of that one alone could only come of the others' stopping in
    /// order (Galera wants more than half of the last one, less those), and they run.
    List<String> survivors() {
      List<String> last = lastPrimary();
      List<String> here = last.stream().filter(m -> view.node(m).present()).toList();
      boolean enough = here.size() * 2 > last.size() && last.size() - here.size() == 1;
      if (!enough || anyPrimary()) {
        return List.of();
      }
      for (String node : view.members()) {
        boolean waits = view.node(node).present() && onItsWay(node);
        if (waits) {
          return List.of();
        }
      }
      for (String node : here) {
        GaleraReport report = report(node);
        boolean outside = report.up() && view.runState(node) == RunState.FAILED;
        // Outside of a component Galera tells the others' number, not who they are.
        boolean together =
            report.members().size() == here.size() && report.members().contains(node);
        if (!outside || !together) {
          return List.of();
        }
      }
      return here;
    }

    List<Candidate> candidates() {
      List<Candidate> candidates = new ArrayList<>();
      for (String node : view.members()) {
        GaleraReport report = report(node);
        boolean startedSince = told(node) && actedEpoch(node) < epoch(node);
        GaleraPosition position = startedSince ? GaleraPosition.UNKNOWN : report.position();
        candidates.add(new Candidate(node, view.node(node).present(), report.up(), position));
      }
      return candidates;
    }

    Memory memory() {
      return new Memory(history(), lastPrimary(), accepted());
    }

    @Nullable String history() {
      return view.state().attribute(HISTORY);
    }

    List<String> lastPrimary() {
      return names(PRIMARY);
    }

    List<String> copy() {
      return names(COPY);
    }

    private List<String> names(String attribute) {
      String value = view.state().attribute(attribute);
      if (value == null) {
        return List.of();
      }
      return view.members().stream().filter(List.of(value.split(" "))::contains).toList();
    }

    /// The member that an operator named, if that was after the component last changed: a wish from
    /// an earlier trouble does not count for this one.
    @Nullable String accepted() {
      OperatorWish wish = view.state().acceptedLosses().get(view.resource());
      Attribute primary = view.state().attributes().get(PRIMARY);
      if (wish == null || primary != null && wish.epoch() <= primary.epoch()) {
        return null;
      }
      return wish.node();
    }

    @Nullable String historySeen() {
      for (String node : view.members()) {
        if (primary(node) && !report(node).uuid().isEmpty()) {
          return report(node).uuid();
        }
      }
      return history();
    }

    List<String> nextPrimary() {
      List<String> seen = new ArrayList<>();
      for (String node : view.members()) {
        if (primary(node)) {
          seen.add(node);
          seen.addAll(report(node).members());
        }
      }
      List<String> before = lastPrimary();
      List<String> next = new ArrayList<>();
      for (String node : view.members()) {
        boolean present = view.node(node).present();
        boolean mayRun = present && (report(node).up() || onItsWay(node));
        boolean joins = present && onItsWay(node);
        boolean stays = before.contains(node) && (seen.isEmpty() || mayRun);
        if (seen.contains(node) || joins || stays) {
          next.add(node);
        }
      }
      return next;
    }

    /// Members whose writes are given up if it is recovered from the one that an operator named.
    List<String> overruled() {
      String accepted = accepted();
      if (accepted == null || anyPrimary()) {
        return List.of();
      }
      GaleraPosition base = report(accepted).position();
      List<String> overruled = new ArrayList<>();
      for (Candidate c : candidates()) {
        GaleraPosition position = c.position();
        boolean contained =
            c.present()
                && !c.up()
                && (position.isEmpty()
                    || position.isKnown()
                        && position.uuid().equals(base.uuid())
                        && position.seqno() <= base.seqno());
        if (!c.node().equals(accepted) && !contained) {
          overruled.add(c.node());
        }
      }
      return overruled;
    }

    List<String> nextCopy() {
      List<String> before = copy();
      List<String> overruled = overruled();
      List<String> next = new ArrayList<>();
      for (String node : view.members()) {
        Target target = view.state().target(view.resource(), node);
        boolean copied =
            synced(node)
                && target != null
                && target.how().equals(JOIN_COPY)
                && actedEpoch(node) >= target.epoch();
        if (before.contains(node) && !copied || overruled.contains(node)) {
          next.add(node);
        }
      }
      return next;
    }

    /// The writer stays as long as it can: each change ends connections.
    @Nullable String nextWriter() {
      String now = view.state().attribute(WRITER);
      OperatorWish wish = view.state().preferences().get(view.resource());
      if (wish != null && mayWrite(wish.node())) {
        return wish.node();
      }
      if (now != null && mayWrite(now)) {
        return now;
      }
      for (String node : view.members()) {
        if (mayWrite(node)) {
          return node;
        }
      }
      // Better a writer in standby than none, better one that is a donor now than none.
      if (now != null && (synced(now) || primary(now))) {
        return now;
      }
      return view.members().stream().filter(this::synced).findFirst().orElse(null);
    }

    private boolean mayWrite(String node) {
      return view.node(node).eligible() && synced(node);
    }

    String whyWriter(@Nullable String next) {
      String now = view.state().attribute(WRITER);
      if (next == null) {
        return "no member is Synced";
      }
      if (now == null) {
        return "it is Synced";
      }
      OperatorWish wish = view.state().preferences().get(view.resource());
      if (wish != null && wish.node().equals(next)) {
        return "an operator wants it";
      }
      if (!view.node(now).present()) {
        return now + " is gone, and it is Synced";
      }
      return view.node(now).standby()
          ? now + " is in standby"
          : now + " is not Synced any more, and it is";
    }
  }
}
