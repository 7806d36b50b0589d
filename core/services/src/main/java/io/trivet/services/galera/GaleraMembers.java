package io.trivet.services.galera;

import io.trivet.cluster.state.AcceptedLoss;
import io.trivet.cluster.state.OperatorWish;
import io.trivet.cluster.state.Recovery;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import io.trivet.scheduler.PolicyView;
import io.trivet.services.galera.GaleraPosition.Kind;
import io.trivet.services.galera.GaleraRecovery.Candidate;
import io.trivet.services.galera.GaleraRecovery.Decision;
import io.trivet.services.galera.GaleraRecovery.Memory;
import io.trivet.services.unit.Answers;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The members as the leader sees them now.
final class GaleraMembers {
  /// What an operator has to decide, as the value of the recovery's attribute, and why.
  record Question(@Nullable String value, String reason) {}

  private final PolicyView view;

  GaleraMembers(PolicyView view) {
    this.view = view;
  }

  /// What is known of a member. Of one that is here and has not reported since its daemon started,
  /// nothing; of a missing one, what it was when it went.
  GaleraReport report(String node) {
    boolean stale = view.node(node).present() && view.runState(node) == RunState.UNKNOWN;
    return stale ? GaleraReport.down(GaleraPosition.UNKNOWN) : GaleraReport.from(view.report(node));
  }

  /// In a primary component, by its own word, now.
  boolean primary(String node) {
    RunState run = view.runState(node);
    boolean answers =
        run == RunState.STARTED || run == RunState.STARTING || unwritable(node) != null;
    return view.node(node).present()
        && answers
        && report(node).primary()
        && contradicting(node).isEmpty();
  }

  /// Two other members or more in whose newer component this one is not, by their word against its
  /// own; else nobody.
  List<String> contradicting(String node) {
    GaleraReport own = report(node);
    List<String> others = new ArrayList<>();
    for (String other : view.members()) {
      GaleraReport report = report(other);
      boolean serves =
          view.node(other).present()
              && view.runState(other) == RunState.STARTED
              && report.primary();
      boolean newer = report.uuid().equals(own.uuid()) && report.view() > own.view();
      if (!other.equals(node) && serves && newer && !report.members().contains(node)) {
        others.add(other);
      }
    }
    return own.primary() && others.size() > 1 ? others : List.of();
  }

  /// Why it cannot write to its disk, or null. It serves reads, and is in its component.
  @Nullable String unwritable(String node) {
    Report report = view.report(node);
    return report == null || report.run() != RunState.FAILED || Answers.hangs(report)
        ? null
        : report.facts().get(GaleraReport.UNWRITABLE);
  }

  boolean synced(String node) {
    return view.node(node).present()
        && view.runState(node) == RunState.STARTED
        && report(node).synced()
        && contradicting(node).isEmpty();
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
        && !target.how().equals(GaleraPolicy.REFORM)
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

  /// Members that run outside of any component, see as many as they are, and of which it is certain
  /// that no others have a component: they are more than half of the last one, and one of it is
  /// missing. A component of that one alone could only come of the others' stopping in order
  /// (Galera wants more than half of the last one, less those), and they run.
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
      boolean together = report.members().size() == here.size() && report.members().contains(node);
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
      GaleraPosition position = startedSince ? GaleraPosition.UNKNOWN : position(node, report);
      candidates.add(new Candidate(node, view.node(node).present(), report.up(), position));
    }
    return candidates;
  }

  /// What was given up counts for nothing any more; what was there and is not, is missing.
  GaleraPosition position(String node, GaleraReport report) {
    GaleraPosition position = report.position();
    if (copy().contains(node) && (position.isKnown() || position.kind() == Kind.UNREADABLE)) {
      return GaleraPosition.INCOMPLETE;
    }
    boolean missing = position.kind() == Kind.NONE && names(GaleraPolicy.DATA).contains(node);
    return missing
        ? GaleraPosition.unreadable("it had a copy and has none; is a disk not mounted?")
        : position;
  }

  Memory memory() {
    return new Memory(history(), lastPrimary(), acceptedLoss());
  }

  @Nullable AcceptedLoss acceptedLoss() {
    return view.state().acceptedLosses().get(view.resource());
  }

  /// Why a member that is down may not join by itself, or null.
  @Nullable String heldBack(String node) {
    GaleraPosition position = position(node, report(node));
    if (copy().contains(node) || overruledBefore().contains(node)) {
      return null;
    }
    String known = history();
    if (position.isKnown() && known != null && !position.uuid().equals(known)) {
      return "its copy has another history than the cluster, and joining would replace it";
    }
    return position.kind() == Kind.UNREADABLE
        ? "nobody can tell what it has ("
            + position.why()
            + "), and joining would replace it; mend it, or let it be replaced"
        : null;
  }

  /// True if an operator gave up what only the members hold that are missing from the last
  /// component, so that those that run outside of one may stop to compare their positions.
  boolean mayLeave() {
    AcceptedLoss accepted = acceptedLoss();
    Recovery now = whoRunsOutside();
    return accepted != null && now != null && accepted.covers(now);
  }

  private @Nullable Recovery whoRunsOutside() {
    List<String> missing = lastPrimary().stream().filter(m -> !view.node(m).present()).toList();
    TreeMap<String, List<String>> choices = new TreeMap<>();
    for (String node : view.members()) {
      if (view.node(node).present() && view.runState(node) == RunState.FAILED) {
        choices.put(node, missing);
      }
    }
    return missing.isEmpty() || choices.isEmpty() ? null : new Recovery(Recovery.START, choices);
  }

  /// What only an operator can decide now. While something is on its way, or being read, an open
  /// question stays open.
  Question question() {
    String before = view.state().attribute(Recovery.attribute(view.resource()));
    if (anyPrimary()) {
      List<String> held =
          view.members().stream()
              .filter(m -> view.node(m).present() && !report(m).up() && !onItsWay(m))
              .filter(m -> heldBack(m) != null)
              .toList();
      if (held.isEmpty()) {
        return new Question(null, "it has a primary component");
      }
      TreeMap<String, List<String>> choice = new TreeMap<>();
      choice.put(firstPrimary(), held);
      String why = held.getFirst() + " does not join: " + heldBack(held.getFirst());
      return new Question(new Recovery(Recovery.JOIN, choice).value(), why);
    }
    boolean moves = view.members().stream().anyMatch(m -> view.node(m).present() && onItsWay(m));
    Recovery outside = moves || !survivors().isEmpty() ? null : whoRunsOutside();
    if (outside != null) {
      String missing = GaleraRecovery.list(outside.choices().values().iterator().next());
      return new Question(
          outside.value(),
          "no member has a primary component, and of the last one " + missing + " is missing");
    }
    Memory memory = new Memory(history(), lastPrimary(), null);
    Decision decision = GaleraRecovery.decide(candidates(), memory);
    if (!moves && decision instanceof Decision.Bootstrap b) {
      return new Question(null, b.reason());
    }
    if (!moves && decision instanceof Decision.Wait w && w.acceptable() != null) {
      Recovery recovery = GaleraRecovery.recovery(candidates(), memory);
      return new Question(recovery == null ? null : recovery.value(), w.reason());
    }
    return new Question(before, "it goes on");
  }

  @Nullable String history() {
    return view.state().attribute(GaleraPolicy.HISTORY);
  }

  List<String> lastPrimary() {
    return names(GaleraPolicy.PRIMARY);
  }

  List<String> copy() {
    return names(GaleraPolicy.COPY);
  }

  private List<String> names(String attribute) {
    List<String> named = GaleraPolicy.names(view.state().attribute(attribute));
    return view.members().stream().filter(named::contains).toList();
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

  /// Members whose data is given up for a component that nobody has seen yet.
  List<String> overruledBefore() {
    return names(GaleraPolicy.OVERRULED);
  }

  /// They stay until the component is seen and they are among those who have to copy, or until
  /// nothing comes of it: then nobody wrote anything that they lack.
  List<String> nextOverruled() {
    if (anyPrimary()) {
      return List.of();
    }
    List<String> now = overruled();
    boolean moves = view.members().stream().anyMatch(m -> view.node(m).present() && onItsWay(m));
    boolean goes = moves || view.members().stream().anyMatch(m -> report(m).up());
    List<String> before = overruledBefore();
    return view.members().stream()
        .filter(m -> now.contains(m) || goes && before.contains(m) && !onItsWay(m))
        .toList();
  }

  /// Members whose writes are given up if it is recovered as an operator wants.
  List<String> overruled() {
    AcceptedLoss accepted = acceptedLoss();
    if (accepted == null || anyPrimary()) {
      return List.of();
    }
    Recovery recovery = GaleraRecovery.recovery(candidates(), memory());
    List<String> price = recovery == null ? null : recovery.choices().get(accepted.node());
    return price == null ? List.of() : price;
  }

  List<String> nextData() {
    List<String> before = names(GaleraPolicy.DATA);
    return view.members().stream().filter(m -> before.contains(m) || synced(m)).toList();
  }

  List<String> nextCopy() {
    List<String> before = copy();
    // From the moment that the new component is seen, what was given up for it is of no use.
    List<String> overruled = anyPrimary() ? overruledBefore() : List.of();
    List<String> next = new ArrayList<>();
    for (String node : view.members()) {
      Target target = view.state().target(view.resource(), node);
      boolean copied =
          synced(node)
              && target != null
              && target.how().equals(GaleraPolicy.JOIN_COPY)
              && actedEpoch(node) >= target.epoch();
      if (before.contains(node) && !copied || overruled.contains(node) && !primary(node)) {
        next.add(node);
      }
    }
    return next;
  }

  /// The writer stays as long as it can: each change ends connections.
  @Nullable String nextWriter() {
    String now = view.state().attribute(GaleraPolicy.WRITER);
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
    String now = view.state().attribute(GaleraPolicy.WRITER);
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
    if (Answers.hangs(view.report(now))) {
      return now + " hangs, and it is Synced";
    }
    if (unwritable(now) != null) {
      return now + " cannot write, and it is Synced";
    }
    return view.node(now).standby()
        ? now + " is in standby"
        : now + " is not Synced any more, and it is";
  }
}
