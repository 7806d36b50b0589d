package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.rules.NvPairs;
import io.trivet.scheduler.rules.RuleContext;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Parameters of a resource (instance attributes) as its agent gets them on a node: its own, then
/// those of what it is part of, then the defaults.
public final class ResourceParameters {
  private ResourceParameters() {}

  /// @param node the one that rules are evaluated for, or null: rules on node attributes fail then
  /// @return a map that is kept for the next time: not to be changed
  public static SequencedMap<String, String> of(
      Cluster cluster, Resource resource, @Nullable Node node) {
    String key = node == null ? "" : node.name;
    return resource.parameters.computeIfAbsent(key, k -> unpack(cluster, resource, node));
  }

  private static SequencedMap<String, String> unpack(
      Cluster cluster, Resource resource, @Nullable Node node) {
    SequencedMap<String, String> parameters = new LinkedHashMap<>();
    RuleContext context =
        MetaAttributes.context(cluster, resource).withNode(node == null ? null : node.attributes);
    for (Resource r = resource; r != null; r = r.parent) {
      NvPairs.addTo(parameters, r.xml, "instance_attributes", context, cluster.cib);
    }
    Element defaults = cluster.configuration("rsc_defaults");
    if (defaults != null) {
      NvPairs.addTo(parameters, defaults, "instance_attributes", context, cluster.cib);
    }
    return parameters;
  }
}
