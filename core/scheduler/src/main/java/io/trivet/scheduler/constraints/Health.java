package io.trivet.scheduler.constraints;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.LocationRule;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.NodeScores.Probing;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Scores;
import io.trivet.scheduler.rules.Booleans;
import java.util.Locale;
import java.util.Map;

/// Node health: the attributes of a node whose names begin with `#health` say how much resources
/// want to leave it ("Pacemaker Explained", Tracking Node Health).
public final class Health {
  private Health() {}

  /// Makes a location constraint of each node's health for each resource.
  static void apply(Cluster cluster) {
    String strategy = strategy(cluster);
    if (strategy.equals("none")) {
      return;
    }
    for (Node node : cluster.nodes) {
      int health = of(cluster, node);
      if (health == 0) {
        continue;
      }
      for (Resource resource : cluster.resources) {
        if (health > 0 || !Booleans.parse(resource.meta("allow-unhealthy-nodes"), false)) {
          LocationRule location = new LocationRule(strategy, resource, null, Probing.ALWAYS, 0);
          location.nodes.add(new Candidate(node, health, Probing.ALWAYS));
          Locations.add(cluster, location);
        }
      }
    }
  }

  /// The node's health as the strategy counts it: 0 is healthy.
  public static int of(Cluster cluster, Node node) {
    String strategy = strategy(cluster);
    int health =
        strategy.equals("progressive")
            ? Scores.parse(cluster.options.get("node-health-base"), 0)
            : 0;
    for (Map.Entry<String, String> attribute : node.attributes.entrySet()) {
      if (attribute.getKey().startsWith("#health")) {
        health = Scores.add(health, score(cluster, strategy, attribute.getValue()));
      }
    }
    return health;
  }

  /// One of the strategies; `none` for what is none of them.
  private static String strategy(Cluster cluster) {
    String strategy =
        cluster.options.getOrDefault("node-health-strategy", "none").toLowerCase(Locale.ROOT);
    return switch (strategy) {
      case "migrate-on-red", "only-green", "progressive", "custom" -> strategy;
      default -> "none";
    };
  }

  private static int score(Cluster cluster, String strategy, String value) {
    String colour = value.toLowerCase(Locale.ROOT);
    return switch (colour) {
      case "red", "yellow", "green" ->
          switch (strategy) {
            case "migrate-on-red" -> colour.equals("red") ? -Scores.INFINITY : 0;
            case "only-green" -> colour.equals("green") ? 0 : -Scores.INFINITY;
            default ->
                Scores.parse(
                    cluster.options.get("node-health-" + colour),
                    colour.equals("red") ? -Scores.INFINITY : 0);
          };
      default -> Scores.parse(value, 0);
    };
  }
}
