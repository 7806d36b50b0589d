package io.trivet.services.controller;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Target;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.AgentStep;
import io.trivet.services.agent.ResourceAgent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The agents of one controller: each with its state, its newest report and the target it was told
/// last.
final class AgentHost {
  private final String self;
  private final NavigableMap<String, Slot<?>> slots = new TreeMap<>();
  private final NavigableMap<String, Report> reports = new TreeMap<>();

  AgentHost(String self) {
    this.self = self;
  }

  /// What this controller sees of its resources, newest.
  NavigableMap<String, Report> reports() {
    return Collections.unmodifiableNavigableMap(reports);
  }

  /// Puts a report that does not come from an agent, such as who holds a VIP.
  void report(Report report) {
    reports.put(report.resource(), report);
  }

  /// Follows another cluster file, as a difference.
  ///
  /// | agent before | agent in the file | what happens |
  /// |---|---|---|
  /// | made of the same | | it stays, and is not told |
  /// | made of something else, same units | | the new one goes on with its state; its report stands |
  /// | other units, or of another kind | | units that nobody wants any more are stopped; the new one begins |
  /// | none | there | it begins, and its units are watched |
  /// | there | none | its units are stopped; it goes, and its report with it |
  ///
  /// @param reporting what else reports here and stays: VIPs
  void follow(
      List<ResourceAgent<?>> agents,
      List<String> reporting,
      ClusterState view,
      long nowNanos,
      List<ControllerEffect> out) {
    NavigableMap<String, ResourceAgent<?>> next = new TreeMap<>();
    agents.forEach(agent -> next.put(agent.resource(), agent));
    NavigableSet<String> wantedUnits = new TreeSet<>();
    agents.forEach(agent -> wantedUnits.addAll(agent.units()));
    List<String> fresh = new ArrayList<>();
    slots.descendingMap().values().stream()
        .filter(slot -> !next.containsKey(slot.agent.resource()))
        .forEach(slot -> stopUnits(slot.agent, wantedUnits, out));
    slots.keySet().retainAll(next.keySet());
    reports.keySet().removeIf(name -> !next.containsKey(name) && !reporting.contains(name));
    for (ResourceAgent<?> agent : next.values()) {
      Slot<?> there = slots.get(agent.resource());
      if (there != null && there.isMadeLike(agent)) {
        continue;
      }
      Slot<?> heir = there == null ? null : there.heir(agent, view, nowNanos, out);
      if (heir != null) {
        slots.put(agent.resource(), heir);
        continue;
      }
      if (there != null) {
        reports.remove(agent.resource());
        stopUnits(there.agent, wantedUnits, out);
      }
      Slot<?> slot = slot(agent);
      slots.put(agent.resource(), slot);
      slot.begin(view, nowNanos, out);
      fresh.addAll(agent.units());
    }
    if (!fresh.isEmpty()) {
      out.add(new ControllerEffect.WatchUnits(fresh.stream().distinct().toList()));
    }
  }

  /// Stops what a cluster file before this run had and the present one has no more: it left while
  /// this controller was not there to see it.
  ///
  /// @param before the agents of that file
  void stopLeftBehind(List<ResourceAgent<?>> before, List<ControllerEffect> out) {
    NavigableSet<String> wanted = new TreeSet<>();
    slots.values().forEach(slot -> wanted.addAll(slot.agent.units()));
    before.reversed().forEach(agent -> stopUnits(agent, wanted, out));
  }

  private static void stopUnits(
      ResourceAgent<?> agent, NavigableSet<String> wanted, List<ControllerEffect> out) {
    List<AgentEffect> stops = new ArrayList<>();
    for (String unit : agent.units().reversed()) {
      if (!wanted.contains(unit)) {
        stops.add(new AgentEffect.StopUnit(unit));
      }
    }
    if (!stops.isEmpty()) {
      out.add(new ControllerEffect.Perform(agent.resource(), stops));
    }
  }

  void tell(
      String resource,
      AgentEvent event,
      ClusterState view,
      long nowNanos,
      List<ControllerEffect> out) {
    Slot<?> slot = slots.get(resource);
    if (slot != null) {
      slot.tell(event, view, nowNanos, out);
    }
  }

  void tellAll(AgentEvent event, ClusterState view, long nowNanos, List<ControllerEffect> out) {
    slots.values().forEach(slot -> slot.tell(event, view, nowNanos, out));
  }

  void tellUnit(
      AgentEvent.UnitChanged event, ClusterState view, long nowNanos, List<ControllerEffect> out) {
    slots.values().stream()
        .filter(slot -> slot.agent.units().contains(event.unit()))
        .forEach(slot -> slot.tell(event, view, nowNanos, out));
  }

  /// Tells every agent whose target has a newer epoch than the one it was told.
  void tellTargets(ClusterState view, long nowNanos, List<ControllerEffect> out) {
    for (Slot<?> slot : slots.values()) {
      Target target = view.target(slot.agent.resource(), self);
      if (target != null && target.epoch() > slot.toldEpoch) {
        slot.toldEpoch = target.epoch();
        slot.tell(new AgentEvent.TargetSet(target), view, nowNanos, out);
      }
    }
  }

  void tick(ClusterState view, long nowNanos, List<ControllerEffect> out) {
    for (Slot<?> slot : slots.values()) {
      if (slot.dueAtNanos() <= nowNanos) {
        slot.tell(new AgentEvent.Tick(), view, nowNanos, out);
      }
    }
  }

  long dueAtNanos() {
    return slots.values().stream().mapToLong(Slot::dueAtNanos).min().orElse(Long.MAX_VALUE);
  }

  private <T> Slot<T> slot(ResourceAgent<T> agent) {
    return new Slot<>(agent);
  }

  private void take(
      String resource,
      List<AgentEffect> effects,
      @Nullable Report report,
      List<ControllerEffect> out) {
    if (report != null) {
      reports.put(resource, report);
    }
    if (!effects.isEmpty()) {
      out.add(new ControllerEffect.Perform(resource, effects));
    }
  }

  /// One agent with its state; the type parameter keeps the two together.
  private final class Slot<S> {
    private final ResourceAgent<S> agent;
    private @Nullable S state;
    private long toldEpoch = -1;

    private Slot(ResourceAgent<S> agent) {
      this.agent = agent;
    }

    void begin(ClusterState view, long nowNanos, List<ControllerEffect> out) {
      accept(agent.initial(new AgentContext(nowNanos, self, view)), out);
    }

    boolean isMadeLike(ResourceAgent<?> other) {
      return agent.getClass() == other.getClass() && agent.madeOf().equals(other.madeOf());
    }

    /// The slot of an agent that goes on with this one's state, or null where it cannot.
    @Nullable Slot<S> heir(
        ResourceAgent<?> next, ClusterState view, long nowNanos, List<ControllerEffect> out) {
      S before = state;
      boolean same = agent.getClass() == next.getClass() && agent.units().equals(next.units());
      if (!same || before == null) {
        return null;
      }
      @SuppressWarnings("unchecked") // Of the same final class, so of the same state.
      Slot<S> heir = new Slot<>((ResourceAgent<S>) next);
      heir.toldEpoch = toldEpoch;
      heir.accept(heir.agent.takeOver(before, new AgentContext(nowNanos, self, view)), out);
      return heir;
    }

    void tell(AgentEvent event, ClusterState view, long nowNanos, List<ControllerEffect> out) {
      S before = state;
      if (before != null) {
        accept(agent.step(before, event, new AgentContext(nowNanos, self, view)), out);
      }
    }

    private void accept(AgentStep<S> step, List<ControllerEffect> out) {
      state = step.state();
      take(agent.resource(), step.effects(), step.report(), out);
    }

    long dueAtNanos() {
      S now = state;
      return now == null ? Long.MAX_VALUE : agent.dueAtNanos(now);
    }
  }
}
