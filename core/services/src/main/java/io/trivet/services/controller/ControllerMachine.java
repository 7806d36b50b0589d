package io.trivet.services.controller;

import io.trivet.cluster.UnitLease;
import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.expand.Resource;
import io.trivet.cluster.file.Vip;
import io.trivet.cluster.state.Applied;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.unit.FencedUnitAgent;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What one controller decides, all but the leases: events in, effects out, no clock and no thread
/// of its own.
///
/// | event | what follows |
/// |---|---|
/// | an entry is applied | the state moves on; agents hear of new targets, of controllers gone and back, and of the new view; leases hear of new assignments; of a new cluster file, agents and VIPs follow what differs ([FileInForce]) |
/// | a cluster file is taken on, or not | the log hears of it; what cannot be taken on is not in force here |
/// | an agent answers, a unit changes | the agent decides; its report goes into the log when it differs from what stands there |
/// | a hold begins or ends | the report of the VIP, or of a unit's lease, goes into the log; the unit's agent hears of it at once |
/// | a peer falls silent or is heard | the leader writes down that it is gone, at once, or back, after a second |
/// | the lease process is away for seconds | who leads and cannot hear moves the leadership to one that can |
/// | a leader is known, and the log does not say yet that this run of the daemon began | that goes into the log; the agents begin when it is applied |
/// | anything, while leading | a plan is made from the state as it is now; its commands go into the log as one entry |
/// | the daemon stops | no VIP can be served here any more; leadership moves away |
///
/// Every decision is made from the applied state, so a restart, a change of leader or a lost
/// message needs no memory: what still differs from what should be is decided again.
public final class ControllerMachine {
  private final String self;
  private final long incarnation;
  private final Command.SetClusterFile seed;
  private final Services services;
  private final FileInForce file;
  private final AgentHost agents;
  private final Presences presences;
  private final LeaderDuties duties;
  private final Outbox reportsOut;
  private final LocalTimes times = new LocalTimes();
  private final NavigableMap<String, Boolean> eligible = new TreeMap<>();
  private final NavigableMap<String, Long> holdEpochs = new TreeMap<>();
  private final NavigableMap<String, ControllerEvent.VipCondition> conditions = new TreeMap<>();

  private ClusterState state = ClusterState.empty();
  private @Nullable String leader;
  private boolean stopping;
  private Command.@Nullable ClusterFileTried saying;

  /// True once the log says that this run of the daemon began: everything older in it is history.
  private boolean begun;

  /// How a cluster file becomes agents and policies.
  public interface Services {
    /// @throws UnusableClusterFile when this version cannot use the text, although whoever put it
    ///   into the log had checked it
    ServiceSet of(String clusterFileText, String self) throws UnusableClusterFile;
  }

  /// @param incarnation number of this run of the daemon, the same as in the pulses of its leases;
  ///   never 0
  /// @param seed the cluster file with which a new cluster begins, and with which a controller goes
  ///   on that cannot use the one in the log
  public ControllerMachine(
      String self, long incarnation, Command.SetClusterFile seed, Services services) {
    this(self, incarnation, seed, services, "");
  }

  /// @param doubt why no other cluster file than the seed is used in this run, a clause for people:
  ///   earlier runs ended with it; empty for an ordinary run
  public ControllerMachine(
      String self, long incarnation, Command.SetClusterFile seed, Services services, String doubt) {
    this.self = self;
    this.incarnation = incarnation;
    this.seed = seed;
    this.services = services;
    this.file = new FileInForce(self, services, seed.text(), doubt);
    Outbox.Tokens tokens = new Outbox.Tokens();
    this.agents = new AgentHost(self);
    this.presences = new Presences(self, incarnation);
    this.duties = new LeaderDuties(self, seed, presences, times, tokens);
    this.reportsOut = new Outbox(tokens);
  }

  /// What is agreed on, as this member has applied it.
  public ClusterState state() {
    return state;
  }

  /// What the cluster file in force means here, null before there is one.
  public @Nullable ServiceSet serviceSet() {
    return file.set();
  }

  public @Nullable String leader() {
    return leader;
  }

  public boolean leads() {
    return duties.leads();
  }

  /// Which run of each member's daemon is heard now.
  public NavigableMap<String, Long> incarnations() {
    return presences.incarnations();
  }

  /// What this controller sees of its own resources; fresher than the replicated state when there
  /// is no quorum.
  public NavigableMap<String, Report> ownReports() {
    return agents.reports();
  }

  /// Takes one event.
  ///
  /// @param nowNanos monotonic clock of this controller
  /// @param atMillis its wall clock, written into what it proposes, for people
  public List<ControllerEffect> step(ControllerEvent event, long nowNanos, long atMillis) {
    List<ControllerEffect> out = new ArrayList<>();
    Moment now = new Moment(nowNanos, atMillis);
    switch (event) {
      case ControllerEvent.EntryApplied entry -> entryApplied(entry, now, out);
      case ControllerEvent.StateRestored restored -> stateRestored(restored.state(), now, out);
      case ControllerEvent.LeaderChanged change -> {
        leader = change.leader();
        reportsOut.reset();
        duties.leadershipChanged(change.selfLeads(), nowNanos);
      }
      case ControllerEvent.PeerSilent silent -> presences.silent(silent.peer());
      case ControllerEvent.PeerHeard heard -> presences.heard(heard.peer(), nowNanos);
      case ControllerEvent.PeerBegan peer ->
          presences.began(peer.peer(), peer.incarnation(), nowNanos);
      case ControllerEvent.PeerLeft left -> presences.silent(left.peer());
      case ControllerEvent.LeasesThere leases -> duties.hears(leases.there(), nowNanos);
      case ControllerEvent.HoldChanged hold -> holdChanged(hold, nowNanos, out);
      case ControllerEvent.VipCondition condition -> {
        conditions.put(condition.vip(), condition);
        if (begun) {
          reportHold(condition.vip());
        }
      }
      case ControllerEvent.ClusterFileTaken(long use, String why) -> {
        if (file.taken(use, why, state, now, out)) {
          followAgents(nowNanos, out);
        }
      }
      case ControllerEvent.AgentAnswered answer ->
          agents.tell(answer.resource(), answer.answer(), state, nowNanos, out);
      case ControllerEvent.UnitChanged unit -> agents.tellUnit(unit.change(), state, nowNanos, out);
      case ControllerEvent.SubmitEnded ended -> {
        boolean reported = reportsOut.ended(ended.token(), ended.failure() != null, nowNanos);
        Command.ClusterFileTried said = saying;
        if (reported && said != null && ended.failure() == null) {
          file.said(said);
        }
        duties.submitEnded(ended.token(), ended.failure(), nowNanos);
      }
      case ControllerEvent.Stopping ignored -> stopping = true;
      case ControllerEvent.Tick ignored -> {}
    }
    if (file.look(conditions, state, now, out)) {
      followAgents(nowNanos, out);
    }
    agents.tick(state, nowNanos, out);
    tellEligibility(out);
    submitReports(nowNanos, atMillis, out);
    duties.run(state, file.set(), begun, nowNanos, atMillis, out);
    return out;
  }

  /// When [ControllerEvent.Tick] is due at the latest, on the clock of `nowNanos`.
  public long dueAtNanos(long nowNanos) {
    boolean nothing =
        leader == null
            || !mustSayThatItBegan() && differingReports().isEmpty() && file.toSay(state) == null;
    long reports = nothing ? Long.MAX_VALUE : Math.max(nowNanos, reportsOut.dueAtNanos());
    return Math.min(
        Math.min(Math.min(agents.dueAtNanos(), file.dueAtNanos()), reports),
        duties.dueAtNanos(state, file.set() != null, begun, nowNanos));
  }

  private void entryApplied(
      ControllerEvent.EntryApplied entry, Moment now, List<ControllerEffect> out) {
    ClusterState before = state;
    Applied applied = before.apply(entry.index(), entry.proposal());
    state = applied.state();
    // Before that, the log tells what an earlier run has printed already.
    if (hasBegun()) {
      applied.notices().forEach(notice -> out.add(new ControllerEffect.Print(notice)));
    }
    follow(before, now, out);
  }

  private void stateRestored(ClusterState restored, Moment now, List<ControllerEffect> out) {
    ClusterState before = state;
    state = restored;
    follow(before, now, out);
  }

  /// True once this run of the daemon is in the log: what is applied from then on is news.
  private boolean hasBegun() {
    return begun || state.node(self).incarnation() == incarnation;
  }

  /// Everything on this controller that follows the replicated state.
  private void follow(ClusterState before, Moment now, List<ControllerEffect> out) {
    long nowNanos = now.nanos();
    times.follow(state, nowNanos);
    duties.stateChanged();
    boolean begins = !begun && hasBegun();
    begun |= begins;
    boolean another = file.follow(state, begun, now, out);
    if (begins || another) {
      followAgents(nowNanos, out);
    }
    if (begins) {
      stopLeftBehind(out);
    }
    assign(before, out);
    for (String node : state.roster().nodes()) {
      boolean was = before.node(node).present();
      boolean is = state.node(node).present();
      if (!node.equals(self) && was && !is) {
        agents.tellAll(new AgentEvent.PeerGone(node), state, nowNanos, out);
      } else if (!node.equals(self) && !was && is) {
        agents.tellAll(new AgentEvent.PeerBack(node), state, nowNanos, out);
      }
    }
    agents.tellTargets(state, nowNanos, out);
    agents.tellAll(new AgentEvent.ViewChanged(state), state, nowNanos, out);
  }

  /// Not before the log says that this run began: a daemon that starts is handed the whole history
  /// of the log, and an agent that was there already would carry out the orders of yesterday.
  private void followAgents(long nowNanos, List<ControllerEffect> out) {
    ServiceSet now = file.set();
    if (now == null) {
      return;
    }
    List<String> vips = now.file().vips().stream().map(Vip::name).toList();
    List<String> units = now.configuration().leased().stream().map(Resource.Primitive::id).toList();
    List<String> reporting = new ArrayList<>(vips);
    units.forEach(unit -> reporting.add(UnitLease.of(unit)));
    agents.follow(now.agents(), reporting, state, nowNanos, out);
    vips.forEach(this::reportHold);
    for (String unit : units) {
      boolean holding = holdEpochs.containsKey(UnitLease.of(unit));
      agents.tell(unit, new AgentEvent.LeaseChanged(holding), state, nowNanos, out);
    }
  }

  /// The file that this run started with is the one that was in force here last.
  private void stopLeftBehind(List<ControllerEffect> out) {
    if (file.set() == null || seed.text().equals(state.clusterFile())) {
      return;
    }
    try {
      agents.stopLeftBehind(services.of(seed.text(), self).agents(), out);
    } catch (UnusableClusterFile e) {
      // What it meant is not known to this version, so nothing of it is touched.
    }
  }

  private void assign(ClusterState before, List<ControllerEffect> out) {
    List<VipAssignment> changed =
        state.vips().values().stream()
            .filter(assignment -> !assignment.equals(before.vips().get(assignment.vip())))
            .toList();
    if (!changed.isEmpty()) {
      out.add(new ControllerEffect.Assign(changed, duties.leads()));
    }
  }

  private void holdChanged(
      ControllerEvent.HoldChanged hold, long nowNanos, List<ControllerEffect> out) {
    if (hold.holding()) {
      holdEpochs.put(hold.vip(), hold.epoch());
    } else {
      holdEpochs.remove(hold.vip());
    }
    if (UnitLease.is(hold.vip())) {
      // At once, with or without a quorum: the unit may run here no more, or now.
      agents.tell(
          UnitLease.resource(hold.vip()),
          new AgentEvent.LeaseChanged(hold.holding()),
          state,
          nowNanos,
          out);
    }
    if (begun && (!UnitLease.is(hold.vip()) || eligible.containsKey(hold.vip()))) {
      reportHold(hold.vip());
    }
  }

  private void reportHold(String vip) {
    Long epoch = holdEpochs.get(vip);
    ControllerEvent.VipCondition condition = conditions.get(vip);
    String unfit = condition == null ? "" : condition.unfit();
    String stranger = condition == null ? "" : condition.stranger();
    String does = UnitLease.is(vip) ? "holds it" : "answers for it";
    String held = stranger.isEmpty() ? does : "answers for it, and so does " + stranger;
    String free = unfit.isEmpty() ? "does not hold it" : "does not hold it, and cannot: " + unfit;
    agents.report(
        epoch == null
            ? Report.of(vip, self, RunState.STOPPED, 0, free)
            : Report.of(vip, self, RunState.STARTED, epoch, held));
  }

  private void tellEligibility(List<ControllerEffect> out) {
    ServiceSet now = file.set();
    if (now == null) {
      return;
    }
    boolean nodeMay = !stopping && !state.node(self).standby();
    for (String lease : state.roster().vips()) {
      boolean unit = UnitLease.is(lease);
      Boolean before = eligible.get(lease);
      List<String> needs = unit ? List.of() : VipNeeds.of(now.configuration(), lease);
      if (nodeMay && before == null && needs.stream().anyMatch(this::unsettled)) {
        continue;
      }
      boolean may =
          unit ? mayHoldUnit(lease) : nodeMay && needs.stream().allMatch(needed -> started(needed));
      if (before == null && unit && !may) {
        continue; // what is not known to be silent here says nothing of its lease
      }
      if (!Boolean.valueOf(may).equals(before)) {
        eligible.put(lease, may);
        out.add(new ControllerEffect.SetEligible(lease, may));
        if (before == null && unit) {
          reportHold(lease);
        }
      }
    }
    List<String> gone =
        eligible.keySet().stream().filter(vip -> !state.roster().vips().contains(vip)).toList();
    for (String vip : gone) {
      if (Boolean.TRUE.equals(eligible.remove(vip))) {
        out.add(new ControllerEffect.SetEligible(vip, false));
      }
    }
  }

  /// In standby the unit is stopped first, as an orderly move is; then the lease may go.
  private boolean mayHoldUnit(String lease) {
    Report report = agents.reports().get(UnitLease.resource(lease));
    if (stopping || report == null) {
      return false;
    }
    boolean fit = "yes".equals(report.facts().get(FencedUnitAgent.MAY_HOLD));
    boolean runs = report.run() != RunState.STOPPED && report.run() != RunState.FAILED;
    return fit && (!state.node(self).standby() || runs && holdEpochs.containsKey(lease));
  }

  private boolean started(String resource) {
    Report report = agents.reports().get(resource);
    return report != null && report.run() == RunState.STARTED;
  }

  /// True while an agent that has just begun has not made out what it finds. Until then nothing is
  /// said of the VIP, and what an earlier run said of it holds: a daemon that is started anew must
  /// not move a VIP that it will find in order.
  private boolean unsettled(String resource) {
    Report report = agents.reports().get(resource);
    return report == null || report.run() == RunState.UNKNOWN || report.run() == RunState.STARTING;
  }

  private boolean mustSayThatItBegan() {
    return state.nodes().containsKey(self) && state.node(self).incarnation() != incarnation;
  }

  private List<Report> differingReports() {
    return agents.reports().values().stream()
        .filter(report -> state.roster().resources().contains(report.resource()))
        .filter(report -> !report.equals(state.report(report.resource(), self)))
        .toList();
  }

  private void submitReports(long nowNanos, long atMillis, List<ControllerEffect> out) {
    if (!reportsOut.free(nowNanos) || leader == null) {
      return;
    }
    if (mustSayThatItBegan()) {
      Command began = new Command.NodeStarted(self, incarnation);
      reportsOut.submit(self, Proposal.ANY_STATE, began, nowNanos, atMillis, out);
      return;
    }
    Command.ClusterFileTried tried = file.toSay(state);
    saying = tried;
    if (tried != null) {
      reportsOut.submit(self, Proposal.ANY_STATE, tried, nowNanos, atMillis, out);
      return;
    }
    List<Report> differing = differingReports();
    if (!differing.isEmpty()) {
      Command observe = new Command.Observe(self, differing);
      reportsOut.submit(self, Proposal.ANY_STATE, observe, nowNanos, atMillis, out);
    }
  }
}
