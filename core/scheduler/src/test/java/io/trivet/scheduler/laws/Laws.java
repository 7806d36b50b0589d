package io.trivet.scheduler.laws;

import io.trivet.scheduler.PlanRun;
import io.trivet.scheduler.cib.CibReader;
import io.trivet.scheduler.cib.CibWriter;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.simulate.Simulation;
import io.trivet.scheduler.text.StatusText;
import io.trivet.scheduler.text.SummaryText;
import io.trivet.scheduler.unpack.Unpacker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What holds for every plan, whatever the input:
///
/// 1. nothing runs twice that is to run once;
/// 2. nothing is started before what it is ordered after;
/// 3. nothing is started on a node that is banned, not clean, or without quorum;
/// 4. the plan for a cluster that is as it should be is empty;
/// 5. plans that are executed lead there;
/// 6. the same input gives the same plan.
final class Laws {
  private static final long NOW = 1_700_100_000L;
  private static final int ROUNDS = 6;

  private final String seed;
  private final List<String> broken = new ArrayList<>();

  /// A start or promotion that was executed.
  record Start(String resource, String node) {}

  private Laws(long seed) {
    this.seed = "seed " + seed + ": ";
  }

  /// The laws that are broken for the cluster of that seed.
  static List<String> broken(long seed) {
    Laws laws = new Laws(seed);
    laws.check(CibReader.read("seed-" + seed, RandomCib.of(seed)));
    return laws.broken.stream().map(b -> laws.seed + b).toList();
  }

  private void check(Element first) {
    Element cib = first;
    for (int round = 0; round < ROUNDS; round++) {
      Cluster before = Unpacker.unpack(cib, NOW);
      Cluster cluster = Unpacker.unpack(cib, NOW);
      PlanRun.Result plan = PlanRun.plan(cluster, false);
      same(plan, PlanRun.plan(Unpacker.unpack(cib, NOW), false));
      if (plan.graph().synapses().stream().noneMatch(s -> changes(s.action()))) {
        return;
      }
      Simulation.Result result = Simulation.run(cluster, plan.graph(), List.of());
      starts(before, cluster, result.executed());
      order(cib, result.executed());
      runsOnce(result);
      if (result.executed().stream().noneMatch(Laws::changes)) {
        // All that is left waits for what cannot be done.
        return;
      }
      cib = result.cib();
    }
    broken.add("not settled after " + ROUNDS + " rounds:\n" + status(cib));
  }

  /// Notifications change nothing: where something is blocked, they are sent with each plan.
  private static boolean changes(Action action) {
    return !action.is(Action.Flag.PSEUDO) && !action.task.equals("notify");
  }

  private static String status(Element cib) {
    Cluster cluster = Unpacker.unpack(cib, NOW);
    StringBuilder text = new StringBuilder(StatusText.of(cluster));
    PlanRun.Result plan = PlanRun.plan(cluster, false);
    text.append(SummaryText.of(cluster));
    plan.graph().synapses().forEach(s -> text.append(s.action()).append('\n'));
    return text.append(CibWriter.write(cib)).toString();
  }

  private void same(PlanRun.Result one, PlanRun.Result other) {
    if (!one.graph().toString().equals(other.graph().toString())) {
      broken.add("the same input, another plan");
    }
  }

  /// Law 3.
  private void starts(Cluster before, Cluster cluster, List<Action> executed) {
    List<String> unclean = new ArrayList<>();
    List<String> all = new ArrayList<>();
    for (Node node : before.nodes) {
      all.add(node.name);
      Node planned = cluster.node(node.name);
      if (!node.online || planned == null || planned.unclean) {
        unclean.add(node.name);
      }
    }
    List<Start> starts = new ArrayList<>();
    for (Action action : executed) {
      Resource resource = action.resource;
      if (!action.task.equals("start") || resource == null || action.node == null) {
        continue;
      }
      Start start = new Start(resource.topInBundle().id, action.node.name);
      starts.add(start);
      broken.addAll(starts(List.of(start), banned(cluster, start.resource), "banned"));
    }
    broken.addAll(starts(starts, unclean, "not clean"));
    if (!cluster.is(Cluster.Flag.HAVE_QUORUM) && cluster.noQuorum != Cluster.NoQuorum.IGNORE) {
      broken.addAll(starts(withoutQuorum(before, cluster, executed), all, "without quorum"));
    }
  }

  /// Starts of what needs quorum. Frozen resources go on: what runs may be started again.
  private static List<Start> withoutQuorum(Cluster before, Cluster cluster, List<Action> executed) {
    List<Start> starts = new ArrayList<>();
    for (Action action : executed) {
      Resource resource = action.resource;
      if (!action.task.equals("start") || resource == null || action.node == null) {
        continue;
      }
      boolean needs =
          resource.is(Resource.Flag.NEEDS_QUORUM) || resource.is(Resource.Flag.NEEDS_FENCING);
      Resource was = before.resource(resource.id);
      boolean ran = was != null && !was.runningOn.isEmpty();
      // With no-quorum-policy="demote", what can be promoted is frozen once it is demoted.
      boolean frozen =
          cluster.noQuorum == Cluster.NoQuorum.FREEZE
              || (cluster.noQuorum == Cluster.NoQuorum.DEMOTE && resource.promotable());
      if (needs && !(ran && frozen)) {
        starts.add(new Start(resource.id, action.node.name));
      }
    }
    return starts;
  }

  private static List<String> banned(Cluster cluster, String resource) {
    List<String> banned = new ArrayList<>();
    Element constraints = cluster.configuration("constraints");
    if (constraints != null) {
      for (Element location : constraints.children("rsc_location")) {
        if (resource.equals(location.get("rsc")) && "-INFINITY".equals(location.get("score"))) {
          banned.add(location.get("node", ""));
        }
      }
    }
    return banned;
  }

  static List<String> starts(List<Start> starts, List<String> forbidden, String why) {
    return starts.stream()
        .filter(s -> forbidden.contains(s.node))
        .map(s -> s.resource + " is started on " + s.node + ", which is " + why)
        .toList();
  }

  /// Law 2, for primitives and groups, and for clones as wholes.
  private void order(Element cib, List<Action> executed) {
    Map<String, Integer> firstStart = new LinkedHashMap<>();
    Map<String, Integer> lastStart = new LinkedHashMap<>();
    for (int i = 0; i < executed.size(); i++) {
      Action action = executed.get(i);
      if (action.task.equals("start") && action.resource != null) {
        String top = action.resource.topInBundle().id;
        firstStart.putIfAbsent(top, i);
        lastStart.put(top, i);
      }
    }
    for (Element order : all(cib, "rsc_order")) {
      Integer first = lastStart.get(order.get("first", ""));
      Integer then = firstStart.get(order.get("then", ""));
      boolean interleaved =
          order.get("first", "").startsWith("c") && order.get("then", "").startsWith("c");
      if (first != null && then != null && then < first && !interleaved) {
        broken.add(order.get("then") + " is started before " + order.get("first"));
      }
    }
  }

  private static List<Element> all(Element cib, String name) {
    Element configuration = cib.child("configuration");
    Element constraints = configuration == null ? null : configuration.child("constraints");
    return constraints == null ? List.of() : constraints.children(name);
  }

  /// Law 1.
  private void runsOnce(Simulation.Result result) {
    Cluster after = Unpacker.unpack(result.cib(), NOW);
    for (Resource resource : after.resourcesById.values()) {
      if (resource instanceof Resource.Primitive
          && resource.is(Resource.Flag.MANAGED)
          && resource.runningOn.size() > 1) {
        broken.add(resource.id + " runs on " + resource.runningOn);
      }
    }
  }
}
