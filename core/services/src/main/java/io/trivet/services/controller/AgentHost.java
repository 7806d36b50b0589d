package io.trivet.services.controller;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Target;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.AgentStep;
import io.trivet.services.agent.ResourceAgent;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
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

  List<String> units() {
    return slots.values().stream().flatMap(slot -> slot.agent.units().stream()).distinct().toList();
  }

  /// Replaces all agents by those of another cluster file. An agent of a resource that stays begins
  /// anew: it reads what is true from the system, so nothing is lost.
  void replace(
      List<ResourceAgent<?>> agents, ClusterState view, long nowNanos, List<ControllerEffect> out) {
    slots.clear();
    reports.clear();
    for (ResourceAgent<?> agent : agents) {
      slots.put(agent.resource(), slot(agent));
    }
    slots.values().forEach(slot -> slot.begin(view, nowNanos, out));
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
