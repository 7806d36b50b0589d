package io.trivet.services.controller;

import io.trivet.cluster.file.Vip;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.ResourceAgent;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which cluster file a controller goes by: the one that is agreed on, as long as it can be brought
/// about here; else the last one that worked here.
///
/// | state of the file agreed on | event | next |
/// |---|---|---|
/// | any | another file is agreed on | *read*, or *failed* when this version does not understand it |
/// | read | this run of the daemon is in the log | *tried*, or *failed* when its agents cannot be made or no plan can be made with it |
/// | tried | the leases cannot take it on | failed |
/// | tried, [#SETTLE_NANOS] passed | a VIP that is new in it cannot be served here | failed |
/// | tried, [#SETTLE_NANOS] passed | the leases took it on, and all new VIPs can be served | *works*: kept for the next start |
/// | failed | | the last one that worked is in force here |
///
/// The text that worked here last needs nothing but time to work again: what it lacks now is not
/// its fault. `works` and `failed` are said in the log ([Command.ClusterFileTried]), which takes a
/// file back that is new. Nothing of it ends a daemon: the log would hand it the same file at each
/// start.
final class FileInForce {
  /// Longer than it takes to find that a VIP cannot be served, and than a defect takes to end a
  /// process.
  static final long SETTLE_NANOS = 8_000_000_000L;

  private final String self;
  private final ControllerMachine.Services services;
  private final String doubt;
  private String workedText;
  private @Nullable ServiceSet worked;

  private @Nullable ServiceSet set;
  private String text = "";
  private long epoch = -1;
  private String failure = "";
  private boolean inUse;
  private boolean taken;
  private boolean settled;
  private boolean said;
  private long uses;
  private long sinceNanos;

  /// @param seed the text that worked here last, or with which a new cluster begins
  /// @param doubt why no other file than that is tried, a clause for people; empty when it is
  FileInForce(String self, ControllerMachine.Services services, String seed, String doubt) {
    this.self = self;
    this.services = services;
    this.workedText = seed;
    this.doubt = doubt;
  }

  /// What this controller goes by; null before there is anything.
  @Nullable ServiceSet set() {
    return set;
  }

  /// Follows what is agreed on.
  ///
  /// @param begun whether this run of the daemon is in the log: before, what the log tells is
  ///   history, and is read but not taken on
  /// @return whether another file is in force here now
  boolean follow(ClusterState state, boolean begun, Moment now, List<ControllerEffect> out) {
    String agreed = state.clusterFile();
    if (agreed == null) {
      return false;
    }
    if (state.clusterFileEpoch() != epoch) {
      epoch = state.clusterFileEpoch();
      read(agreed);
    }
    return begun && !inUse && use(state, now, out);
  }

  private void read(String agreed) {
    text = agreed;
    failure = "";
    inUse = false;
    taken = false;
    settled = false;
    said = false;
    try {
      if (!doubt.isEmpty() && !knownToWork()) {
        throw new UnusableClusterFile(doubt);
      }
      set = understood(agreed);
    } catch (UnusableClusterFile e) {
      failure = String.valueOf(e.getMessage());
      set = lastThatWorked();
    }
  }

  private ServiceSet understood(String what) throws UnusableClusterFile {
    try {
      return services.of(what, self);
    } catch (RuntimeException e) {
      throw defect(e);
    }
  }

  /// Whatever a defect of ours throws: a file that meets it must not end the daemon.
  private static UnusableClusterFile defect(RuntimeException e) {
    return new UnusableClusterFile("a defect of this version of Trivet: " + e);
  }

  private boolean use(ClusterState state, Moment now, List<ControllerEffect> out) {
    inUse = true;
    ServiceSet next = set;
    if (next != null && failure.isEmpty() && !knownToWork()) {
      failure = rehearsed(next, state, now);
    }
    if (!failure.isEmpty()) {
      out.add(new ControllerEffect.Print(new UnusableClusterFile(failure).notice(self)));
      next = lastThatWorked();
      set = next;
    }
    if (next == null) {
      return false;
    }
    uses++;
    sinceNanos = now.nanos();
    out.add(new ControllerEffect.UseClusterFile(next.file(), uses));
    return true;
  }

  /// Everything that can be tried without doing anything is: what decides is pure.
  ///
  /// @return what is wrong; empty when nothing is
  private String rehearsed(ServiceSet next, ClusterState state, Moment now) {
    AgentContext context = new AgentContext(now.nanos(), self, state);
    try {
      for (ResourceAgent<?> agent : next.agents()) {
        var _ = agent.initial(context);
      }
      var _ = Plans.of(next, state, self, true, now.millis(), new TreeMap<>());
      return "";
    } catch (RuntimeException e) {
      return String.valueOf(defect(e).getMessage());
    }
  }

  /// What the lease process made of a file.
  ///
  /// @param use number of the [ControllerEffect.UseClusterFile]
  /// @param why it could not take it on; empty when it did
  /// @return whether another file is in force here now
  boolean taken(long use, String why, ClusterState state, Moment now, List<ControllerEffect> out) {
    if (use != uses || settled || !failure.isEmpty()) {
      return false;
    }
    taken |= why.isEmpty();
    return !why.isEmpty() && !knownToWork() && fallBack(why, state, now, out);
  }

  /// Looks whether the file has settled.
  ///
  /// @param conditions what the kernel says about each VIP
  /// @return whether another file is in force here now
  boolean look(
      NavigableMap<String, ControllerEvent.VipCondition> conditions,
      ClusterState state,
      Moment now,
      List<ControllerEffect> out) {
    ServiceSet tried = set;
    if (tried == null || now.nanos() < dueAtNanos()) {
      return false;
    }
    String unfit = knownToWork() || !failure.isEmpty() ? "" : unfit(tried, conditions);
    if (!unfit.isEmpty()) {
      return fallBack(unfit, state, now, out);
    }
    settled = true;
    if (failure.isEmpty()) {
      worked = tried;
      workedText = text;
    }
    out.add(new ControllerEffect.KeepClusterFile(workedText));
    return false;
  }

  /// When [#look] is due; never while nothing is tried.
  long dueAtNanos() {
    boolean waits = inUse && !settled && (taken || knownToWork() || !failure.isEmpty());
    return waits && set != null ? sinceNanos + SETTLE_NANOS : Long.MAX_VALUE;
  }

  private boolean knownToWork() {
    return workedText.equals(text);
  }

  /// Only VIPs that the file brings or changes speak against it.
  private String unfit(
      ServiceSet tried, NavigableMap<String, ControllerEvent.VipCondition> conditions) {
    ServiceSet before = lastThatWorked();
    List<Vip> old = before == null ? List.of() : before.file().vips();
    for (Vip vip : tried.file().vips()) {
      ControllerEvent.VipCondition condition = conditions.get(vip.name());
      if (!old.contains(vip) && condition != null && !condition.unfit().isEmpty()) {
        return "VIP " + vip.name() + " cannot be served there: " + condition.unfit();
      }
    }
    return "";
  }

  private boolean fallBack(String why, ClusterState state, Moment now, List<ControllerEffect> out) {
    failure = why;
    return use(state, now, out);
  }

  private @Nullable ServiceSet lastThatWorked() {
    if (worked == null) {
      try {
        worked = understood(workedText);
      } catch (UnusableClusterFile e) {
        return null; // A start would have refused it, so it is the text that just failed.
      }
    }
    return worked;
  }

  /// What the log has to be told of the file that is agreed on; null when there is nothing.
  Command.@Nullable ClusterFileTried toSay(ClusterState state) {
    boolean works = settled && failure.isEmpty() && state.trial() != null;
    boolean news = inUse && !said && (works || !failure.isEmpty());
    return news && state.clusterFileEpoch() == epoch
        ? new Command.ClusterFileTried(self, epoch, failure)
        : null;
  }

  /// The log has what [#toSay] told.
  void said(Command.ClusterFileTried what) {
    said |= what.epoch() == epoch && what.failure().equals(failure);
  }
}
