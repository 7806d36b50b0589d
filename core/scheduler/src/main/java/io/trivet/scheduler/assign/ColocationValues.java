package io.trivet.scheduler.assign;

import io.trivet.scheduler.model.Colocation;
import io.trivet.scheduler.model.LocationRule;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeAttributes;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Scores;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// How much a resource wants the nodes that are alike in the attribute of a colocation.
final class ColocationValues {
  private final Resource source;
  private final NodeScores scores;
  private final Resource target;
  private final @Nullable String attribute;
  private @Nullable SequencedMap<String, Integer> bestByValue;

  ColocationValues(Resource source, Resource target, Colocation colocation) {
    this.source = source;
    this.scores = scores(source, colocation);
    this.target = target;
    this.attribute = colocation.attribute();
  }

  /// The source's scores. For a member of a group that is itself the dependent, those of the
  /// group's location constraints too, which count for the first member only otherwise.
  private static NodeScores scores(Resource source, Colocation colocation) {
    if (source != colocation.dependent()
        || !colocation.explicit()
        || !(source.parent instanceof Resource.Group group)
        || source == group.members.getFirst()) {
      return source.allowed;
    }
    NodeScores scores = source.allowed.copy();
    for (LocationRule location : group.locations.reversed()) {
      LocationApply.add(scores, source, location);
    }
    return scores;
  }

  /// The best score that the source has on a node with the same value as this one; never where
  /// there is none.
  int best(Node node) {
    if (attribute == null && !byHost(target) && !byHost(source)) {
      Candidate candidate = scores.get(node);
      return candidate == null || !Places.available(node) ? -Scores.INFINITY : candidate.score;
    }
    if (bestByValue == null) {
      bestByValue = new LinkedHashMap<>();
      for (Candidate candidate : scores) {
        if (Places.available(candidate.node)) {
          String value = of(candidate.node, attribute, source);
          bestByValue.merge(key(value), candidate.score, Math::max);
        }
      }
    }
    return bestByValue.getOrDefault(key(of(node, attribute, target)), -Scores.INFINITY);
  }

  private static String key(@Nullable String value) {
    return value == null ? "" : "=" + value.toLowerCase(Locale.ROOT);
  }

  /// True if for this resource a node's values may be those of its host.
  private static boolean byHost(Resource resource) {
    return "host".equals(resource.meta("container-attribute-target")) || inContainers(resource);
  }

  private static boolean inContainers(Resource resource) {
    Resource.Bundle bundle = Places.bundleOf(resource);
    return bundle != null && bundle.clone != null && Places.top(resource) == bundle.clone;
  }

  /// The value of the attribute that a colocation goes by; null for the name of the node. What is
  /// with a bundle is with its containers, so for the nodes that these are, their host's counts.
  static @Nullable String of(Node node, @Nullable String attribute, Resource resource) {
    Resource connection = node.remoteResource;
    boolean bundleNode = connection != null && connection.parent instanceof Resource.Bundle;
    String target =
        bundleNode && inContainers(resource) ? "host" : resource.meta("container-attribute-target");
    if (attribute != null) {
      return NodeAttributes.value(node, attribute, target, NodeAttributes.Host.ASSIGNED);
    }
    if ("host".equals(target) && node.isGuest()) {
      Node host = NodeAttributes.host(node, NodeAttributes.Host.ASSIGNED);
      return host == null ? null : host.name;
    }
    return node.name;
  }

  /// True if both are the same, or both unknown.
  static boolean same(@Nullable String a, @Nullable String b) {
    return a == null ? b == null : a.equalsIgnoreCase(b);
  }
}
