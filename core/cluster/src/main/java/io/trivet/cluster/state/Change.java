package io.trivet.cluster.state;

import io.trivet.cluster.VipAssignment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The working copy in which one log entry is applied. Reports are in [Observing], words in
/// [Sentences].
final class Change {
  /// The same refusal is told again only after this time, so that a node that repeats itself does
  /// not fill the timeline.
  private static final long REPEAT_MILLIS = 60_000;

  private record Order(String resource, Wanted wanted, String how, String reason) {}

  final ClusterState before;
  final long index;
  final Proposal proposal;
  final long now;

  private @Nullable String clusterFile;
  private long clusterFileEpoch;
  private @Nullable FileTrial trial;
  Roster roster;
  private final TreeMap<String, NodeState> nodes;
  private final TreeMap<String, NavigableMap<String, Target>> targets;
  private final TreeMap<String, NavigableMap<String, Observation>> observations;
  private final TreeMap<String, VipAssignment> vips;
  private final TreeMap<String, Attribute> attributes;
  private final TreeMap<String, OperatorWish> preferences;
  private final TreeMap<String, AcceptedLoss> acceptedLosses;
  private final List<Notice> said = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();

  /// Orders of this entry by what they want, so that three nodes make one sentence.
  private final LinkedHashMap<Order, List<String>> orders = new LinkedHashMap<>();

  Change(ClusterState before, long index, Proposal proposal) {
    this.before = before;
    this.index = index;
    this.proposal = proposal;
    this.now = proposal.atMillis();
    clusterFile = before.clusterFile();
    clusterFileEpoch = before.clusterFileEpoch();
    trial = before.trial();
    roster = before.roster();
    nodes = new TreeMap<>(before.nodes());
    targets = new TreeMap<>(before.targets());
    observations = new TreeMap<>(before.observations());
    vips = new TreeMap<>(before.vips());
    attributes = new TreeMap<>(before.attributes());
    preferences = new TreeMap<>(before.preferences());
    acceptedLosses = new TreeMap<>(before.acceptedLosses());
  }

  void run() {
    run(proposal.command());
    orders.forEach(
        (order, on) ->
            say(Sentences.ordered(order.resource, order.wanted, order.how, on, order.reason)));
  }

  Applied applied() {
    List<Notice> timeline = new ArrayList<>(before.notices());
    timeline.addAll(said);
    int surplus = timeline.size() - ClusterState.TIMELINE_LENGTH;
    ClusterState after =
        new ClusterState(
            index,
            clusterFile,
            clusterFileEpoch,
            trial,
            roster,
            nodes,
            targets,
            observations,
            vips,
            attributes,
            preferences,
            acceptedLosses,
            before.noticeCount() + said.size(),
            surplus > 0 ? timeline.subList(surplus, timeline.size()) : timeline);
    return new Applied(after, said, refusals);
  }

  private void run(Command command) {
    switch (command) {
      case Command.SetClusterFile c -> setClusterFile(c);
      case Command.ClusterFileTried c -> clusterFileTried(c);
      case Command.NodePresence c -> nodePresence(c);
      case Command.NodeStarted c -> nodeStarted(c);
      case Command.SetStandby c -> setStandby(c);
      case Command.SetTarget c -> setTarget(c);
      case Command.Observe c -> observe(c);
      case Command.AssignVip c -> assignVip(c);
      case Command.SetAttribute c -> setAttribute(c);
      case Command.Prefer c -> prefer(c);
      case Command.ClearPreference c -> clearPreference(c);
      case Command.AcceptLoss c -> acceptLoss(c);
      case Command.WithdrawLoss c -> withdrawLoss(c);
      case Command.Say c -> say(c.notice());
      case Command.Batch c -> c.commands().forEach(this::run);
    }
  }

  private void setClusterFile(Command.SetClusterFile c) {
    if (c.text().equals(clusterFile) && c.roster().equals(roster)) {
      return;
    }
    if (clusterFile == null) {
      String began = proposal.by() + " at " + now;
      attributes.put(ClusterState.LOG, new Attribute(began, index, now, "the log began"));
    }
    trial = trialOf(c);
    replaceClusterFile(c.text(), c.roster());
    say(Sentences.clusterFileSet(proposal.by(), roster));
  }

  /// The very first file has nothing before it, and the last one that worked needs no trial.
  private @Nullable FileTrial trialOf(Command.SetClusterFile c) {
    FileTrial open = trial;
    String text = clusterFile;
    if (open != null) {
      return c.text().equals(open.textBefore()) ? null : open.anew(proposal.by(), now);
    }
    return text == null ? null : FileTrial.of(text, roster, proposal.by(), now);
  }

  private void clusterFileTried(Command.ClusterFileTried c) {
    if (!nodes.containsKey(c.node())) {
      refuse(c, noSuchNode(c.node()));
      return;
    }
    FileTrial open = trial;
    if (c.epoch() != clusterFileEpoch) {
      return;
    }
    if (c.failure().isEmpty()) {
      trial = open == null ? null : open.worksAlsoOn(c.node());
      endTrial();
    } else if (open == null || open.over(now)) {
      trial = null;
      say(Sentences.clusterFileUnusable(c.node(), c.failure()));
    } else {
      trial = null;
      replaceClusterFile(open.textBefore(), open.rosterBefore());
      say(Sentences.clusterFileTakenBack(open.by(), c.node(), c.failure()));
    }
  }

  /// Who is gone is not waited for: what is agreed on must not hang on a broken machine.
  private void endTrial() {
    FileTrial open = trial;
    if (open != null
        && !open.worksOn().isEmpty()
        && nodes.entrySet().stream()
            .filter(e -> e.getValue().present())
            .allMatch(e -> open.worksOn().contains(e.getKey()))) {
      trial = null;
      say(Sentences.clusterFileWorks(open.worksOn()));
    }
  }

  private void replaceClusterFile(String text, Roster names) {
    clusterFile = text;
    clusterFileEpoch = index;
    roster = names;
    nodes.keySet().retainAll(roster.nodes());
    roster.nodes().forEach(node -> nodes.putIfAbsent(node, NodeState.UNHEARD));
    targets.replaceAll((resource, byNode) -> onRoster(byNode));
    targets.keySet().retainAll(roster.resources());
    observations.replaceAll((resource, byNode) -> onRoster(byNode));
    observations.keySet().retainAll(roster.resources());
    vips.keySet().retainAll(roster.vips());
    vips.replaceAll((vip, assignment) -> onRoster(assignment));
    preferences.entrySet().removeIf(e -> unknown(e.getKey(), e.getValue().node()));
    acceptedLosses.entrySet().removeIf(e -> unknown(e.getKey(), e.getValue().node()));
  }

  private boolean unknown(String resource, String node) {
    return !roster.resources().contains(resource) || !roster.nodes().contains(node);
  }

  private <V> NavigableMap<String, V> onRoster(NavigableMap<String, V> byNode) {
    TreeMap<String, V> kept = new TreeMap<>(byNode);
    kept.keySet().retainAll(roster.nodes());
    return kept;
  }

  private VipAssignment onRoster(VipAssignment assignment) {
    List<String> heirs = new ArrayList<>(assignment.heirs());
    heirs.retainAll(roster.nodes());
    String holder = assignment.holder();
    String kept = holder != null && roster.nodes().contains(holder) ? holder : null;
    boolean same = Objects.equals(kept, holder) && heirs.equals(assignment.heirs());
    return same ? assignment : new VipAssignment(assignment.vip(), index, kept, heirs);
  }

  private void nodePresence(Command.NodePresence c) {
    NodeState node = nodes.get(c.node());
    if (node == null) {
      refuse(c, noSuchNode(c.node()));
      return;
    }
    if (node.presence() == c.presence()) {
      return;
    }
    nodes.put(
        c.node(),
        new NodeState(
            c.presence(),
            Math.max(1, now),
            node.standby(),
            node.standbySinceMillis(),
            node.incarnation()));
    if (c.presence() == Presence.PRESENT) {
      say(Sentences.back(c.node(), node.sinceMillis(), now));
      return;
    }
    List<String> held =
        vips.values().stream()
            .filter(v -> c.node().equals(v.holder()))
            .map(VipAssignment::vip)
            .toList();
    say(Sentences.gone(c.node(), held));
    observations.replaceAll(
        (resource, byNode) -> Observing.forget(byNode, c.node(), c.node() + " is gone", now));
    endPreferencesFor(c.node(), "is gone");
    endTrial();
  }

  private void nodeStarted(Command.NodeStarted c) {
    NodeState node = nodes.get(c.node());
    if (node == null) {
      refuse(c, noSuchNode(c.node()));
      return;
    }
    if (node.incarnation() == c.incarnation()) {
      return;
    }
    nodes.put(
        c.node(),
        new NodeState(
            node.presence(),
            node.sinceMillis(),
            node.standby(),
            node.standbySinceMillis(),
            c.incarnation()));
    String since = "trivetd started anew on " + c.node();
    observations.replaceAll((resource, byNode) -> Observing.forget(byNode, c.node(), since, now));
    if (node.incarnation() != 0) {
      say(Sentences.startedAnew(c.node()));
    }
  }

  private void setStandby(Command.SetStandby c) {
    NodeState node = nodes.get(c.node());
    if (node == null) {
      refuse(c, noSuchNode(c.node()));
      return;
    }
    if (node.standby() == c.on()) {
      return;
    }
    nodes.put(
        c.node(),
        new NodeState(node.presence(), node.sinceMillis(), c.on(), now, node.incarnation()));
    say(Sentences.standby(c.node(), c.on(), proposal.by()));
    if (c.on()) {
      endPreferencesFor(c.node(), "is in standby");
    }
  }

  private void endPreferencesFor(String node, String why) {
    List<String> ended =
        preferences.entrySet().stream()
            .filter(e -> e.getValue().node().equals(node))
            .map(e -> e.getKey())
            .toList();
    for (String resource : ended) {
      preferences.remove(resource);
      say(Sentences.preferenceEnded(resource, node, node + " " + why));
    }
  }

  private void setTarget(Command.SetTarget c) {
    String wrong = wrongNames(c.resource(), c.node());
    if (wrong != null) {
      refuse(c, wrong);
      return;
    }
    NavigableMap<String, Target> byNode = targets.get(c.resource());
    if (byNode != null
        && decidedSince(byNode.values().stream().mapToLong(Target::epoch).max().orElse(0))) {
      refuseAsStale(c, c.resource());
      return;
    }
    TreeMap<String, Target> changed = byNode == null ? new TreeMap<>() : new TreeMap<>(byNode);
    changed.put(
        c.node(), new Target(c.resource(), c.node(), c.wanted(), c.how(), index, now, c.reason()));
    targets.put(c.resource(), changed);
    boolean used = c.how().equals(Target.BOOTSTRAP) || c.how().equals(Target.FORCED);
    if (c.wanted() == Wanted.STARTED && used) {
      acceptedLosses.remove(c.resource());
    }
    orders
        .computeIfAbsent(
            new Order(c.resource(), c.wanted(), c.how(), c.reason()), o -> new ArrayList<>())
        .add(c.node());
  }

  private void observe(Command.Observe c) {
    if (!nodes.containsKey(c.node())) {
      refuse(c, noSuchNode(c.node()));
      return;
    }
    List<String> unknown = new ArrayList<>();
    for (Report report : c.reports()) {
      if (!roster.resources().contains(report.resource())) {
        unknown.add(report.resource());
        continue;
      }
      NavigableMap<String, Observation> byNode = observations.get(report.resource());
      Observation last = byNode == null ? null : byNode.get(c.node());
      if (last != null && last.report().equals(report)) {
        continue;
      }
      Target target = targets.getOrDefault(report.resource(), new TreeMap<>()).get(c.node());
      TreeMap<String, Observation> changed =
          byNode == null ? new TreeMap<>() : new TreeMap<>(byNode);
      Observation next = Observing.next(last, report, target, now);
      changed.put(c.node(), next);
      observations.put(report.resource(), changed);
      Notice notice =
          Observing.notice(last, next, target, roster.vips().contains(report.resource()), now);
      if (notice != null) {
        say(notice);
      }
    }
    if (!unknown.isEmpty()) {
      refuse(c, "the cluster file has no resource " + Sentences.list(unknown, "or"));
    }
  }

  private void assignVip(Command.AssignVip c) {
    String wrong = wrongVip(c);
    if (wrong != null) {
      refuse(c, wrong);
      return;
    }
    VipAssignment last = vips.get(c.vip());
    if (last != null && decidedSince(last.epoch())) {
      refuseAsStale(c, c.vip());
      return;
    }
    String from = last == null ? null : last.holder();
    if (Objects.equals(from, c.holder())
        && c.heirs().equals(last == null ? List.of() : last.heirs())) {
      return;
    }
    vips.put(c.vip(), new VipAssignment(c.vip(), index, c.holder(), c.heirs()));
    if (!Objects.equals(from, c.holder())) {
      say(Sentences.assigned(c.vip(), from, c.holder(), c.reason()));
      OperatorWish wish = preferences.get(c.vip());
      if (wish != null && wish.node().equals(from)) {
        preferences.remove(c.vip());
        say(Sentences.preferenceEnded(c.vip(), wish.node(), "it had to leave " + wish.node()));
      }
    }
  }

  private @Nullable String wrongVip(Command.AssignVip c) {
    if (!roster.vips().contains(c.vip())) {
      return "the cluster file has no VIP "
          + c.vip()
          + "; it has "
          + Sentences.list(roster.vips(), "and");
    }
    List<String> named = new ArrayList<>(c.heirs());
    if (c.holder() != null) {
      named.add(c.holder());
    }
    named.removeAll(nodes.keySet());
    return named.isEmpty() ? null : noSuchNode(named.getFirst());
  }

  private void setAttribute(Command.SetAttribute c) {
    Attribute last = attributes.get(c.name());
    String from = last == null ? null : last.value();
    if (Objects.equals(from, c.value())) {
      return;
    }
    if (last != null && decidedSince(last.epoch())) {
      refuseAsStale(c, c.name());
      return;
    }
    if (c.value() == null) {
      attributes.remove(c.name());
    } else {
      attributes.put(c.name(), new Attribute(c.value(), index, now, c.reason()));
    }
    String recovered = Recovery.resource(c.name());
    if (recovered == null) {
      say(Sentences.attribute(c.name(), from, c.value(), c.reason()));
    } else {
      recoveryChanged(recovered, Recovery.read(from), Recovery.read(c.value()), c.reason());
    }
  }

  private void recoveryChanged(
      String resource, @Nullable Recovery from, @Nullable Recovery to, String reason) {
    if (to != null) {
      say(Sentences.recoveryWaits(resource, to, reason));
    } else if (from != null) {
      say(Sentences.recoveryOver(resource, reason));
    }
    AcceptedLoss accepted = acceptedLosses.get(resource);
    boolean stands =
        accepted != null
            && from != null
            && to != null
            && from.kind().equals(to.kind())
            && accepted.covers(to);
    if (accepted != null && !stands) {
      acceptedLosses.remove(resource);
      say(Sentences.lossEnded(resource, accepted, to));
    }
  }

  private void prefer(Command.Prefer c) {
    String wrong = wrongNames(c.resource(), c.node());
    if (wrong != null) {
      refuse(c, wrong);
      return;
    }
    NodeState node = nodes.get(c.node());
    if (node != null && !node.eligible()) {
      String why =
          node.present() ? "in standby; take it out with: trivet node online " + c.node() : "gone";
      refuse(c, c.resource() + " cannot be moved to " + c.node() + ", which is " + why);
      return;
    }
    OperatorWish last = preferences.get(c.resource());
    if (last != null && last.node().equals(c.node())) {
      return;
    }
    preferences.put(c.resource(), new OperatorWish(c.node(), index, now, proposal.by()));
    say(Sentences.preferred(c.resource(), c.node(), proposal.by()));
  }

  private void clearPreference(Command.ClearPreference c) {
    if (!roster.resources().contains(c.resource())) {
      refuse(c, noSuchResource(c.resource()));
      return;
    }
    OperatorWish last = preferences.remove(c.resource());
    if (last != null) {
      say(Sentences.preferenceEnded(c.resource(), last.node(), proposal.by() + " cleared it"));
    }
  }

  private void acceptLoss(Command.AcceptLoss c) {
    String wrong = wrongNames(c.resource(), c.node());
    if (wrong != null) {
      refuse(c, wrong);
      return;
    }
    Recovery recovery = recovery(c.resource());
    List<String> lost = recovery == null ? null : recovery.choices().get(c.node());
    if (recovery == null) {
      refuse(c, Sentences.nothingToRecover(c.resource()));
    } else if (lost == null) {
      refuse(c, Sentences.noChoice(c.resource(), c.node(), recovery));
    } else {
      acceptedLosses.put(c.resource(), new AcceptedLoss(c.node(), lost, index, now, proposal.by()));
      say(Sentences.lossAccepted(c.resource(), c.node(), lost, proposal.by()));
    }
  }

  private @Nullable Recovery recovery(String resource) {
    Attribute open = attributes.get(Recovery.attribute(resource));
    return open == null ? null : Recovery.read(open.value());
  }

  private void withdrawLoss(Command.WithdrawLoss c) {
    if (!roster.resources().contains(c.resource())) {
      refuse(c, noSuchResource(c.resource()));
      return;
    }
    AcceptedLoss accepted = acceptedLosses.remove(c.resource());
    if (accepted == null) {
      refuse(c, "no loss of " + c.resource() + " is accepted");
    } else {
      say(Sentences.lossWithdrawn(c.resource(), accepted, proposal.by()));
    }
  }

  /// True if a decision with this epoch was made after the proposer looked. Commands of the same
  /// entry do not count.
  private boolean decidedSince(long epoch) {
    return proposal.basedOn() != Proposal.ANY_STATE && epoch > proposal.basedOn() && epoch < index;
  }

  private @Nullable String wrongNames(String resource, String node) {
    if (!roster.resources().contains(resource)) {
      return noSuchResource(resource);
    }
    return nodes.containsKey(node) ? null : noSuchNode(node);
  }

  private String noSuchNode(String name) {
    return "the cluster file has no controller "
        + name
        + "; it has "
        + Sentences.list(roster.nodes(), "and");
  }

  private String noSuchResource(String name) {
    return "the cluster file has no resource "
        + name
        + "; it has "
        + Sentences.list(roster.resources(), "and");
  }

  private void refuseAsStale(Command command, String about) {
    refusals.add(
        new Refusal(command, about + " was decided anew after entry " + proposal.basedOn(), true));
  }

  private void refuse(Command command, String reason) {
    refusals.add(new Refusal(command, reason, false));
    Notice notice = Sentences.refused(command, proposal.by(), reason);
    for (int i = before.notices().size() - 1; i >= 0; i--) {
      Notice earlier = before.notices().get(i);
      if (now - earlier.atMillis() >= REPEAT_MILLIS) {
        break;
      }
      if (earlier.saysTheSameAs(notice)) {
        return;
      }
    }
    say(notice);
  }

  private void say(Notice notice) {
    said.add(notice.stamped(now));
  }
}
