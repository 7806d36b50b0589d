package io.trivet.scheduler.simulate;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Resource;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/// Under which name an action of a resource is executed. Instances of a clone that are all alike go
/// by the configured name where the history knows it, else by their own.
final class ExecutedNames {
  private final SequencedSet<String> known = new LinkedHashSet<>();

  ExecutedNames(Cluster cluster) {
    for (Resource top : cluster.resources) {
      for (Resource resource : top.flattened()) {
        known.add(resource.id);
        if (resource.historyName != null) {
          known.add(resource.historyName);
        }
      }
    }
  }

  String of(Resource resource) {
    String configured = configured(resource);
    if (known.contains(configured)) {
      return configured;
    }
    String longName = longName(resource, configured);
    return known.contains(longName) ? longName : configured;
  }

  /// The id that the agent's operations are asked for with.
  String configured(Resource resource) {
    String name = resource.historyName;
    if (resource.is(Resource.Flag.REMOVED) && name != null) {
      return name;
    }
    return resource.is(Resource.Flag.GLOBALLY_UNIQUE) ? resource.id : resource.xml.id();
  }

  private static String longName(Resource resource, String configured) {
    String name = resource.historyName;
    if (name == null || name.equals(configured) || resource.is(Resource.Flag.REMOVED)) {
      return resource.id;
    }
    return name;
  }
}
