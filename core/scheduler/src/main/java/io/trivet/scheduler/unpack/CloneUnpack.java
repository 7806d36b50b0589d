package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import org.jspecify.annotations.Nullable;

/// Clones and their instances ("Pacemaker Explained", Clones).
final class CloneUnpack {
  private final Cluster cluster;
  private final ResourcesUnpack resources;

  CloneUnpack(Cluster cluster, ResourcesUnpack resources) {
    this.cluster = cluster;
    this.resources = resources;
  }

  boolean unpack(Resource.Clone clone) {
    if (clone.promotable) {
      clone.promotedMax = number(clone, "promoted-max", 1);
      clone.promotedNodeMax = number(clone, "promoted-node-max", 1);
    }
    clone.nodeMax = number(clone, "clone-node-max", 1);
    clone.max = number(clone, "clone-max", Math.max(1, cluster.nodes.size()));
    clone.min = number(clone, "clone-min", 0);
    clone.ordered = ResourceOptions.yes(clone, "ordered", false);
    clone.interleave = ResourceOptions.yes(clone, "interleave", false);
    boolean unique = clone.is(Flag.GLOBALLY_UNIQUE);
    if (!unique) {
      clone.nodeMax = Math.min(clone.nodeMax, 1);
    }
    for (Element child : clone.xml.children()) {
      if (clone.childXml == null && (child.is("primitive") || child.is("group"))) {
        clone.childXml = child;
      }
    }
    if (clone.childXml == null) {
      return false;
    }
    // Instances stay where they are rather than be shuffled for nothing.
    clone.meta.putIfAbsent("resource-stickiness", "1");
    clone.meta.put("globally-unique", Boolean.toString(unique));
    // One more than none, so that what the history knows finds its clone.
    for (int i = 0; i < Math.max(clone.max, 1); i++) {
      if (instance(clone) == null) {
        return false;
      }
    }
    return true;
  }

  /// One more instance; a removed one if there are as many as wanted.
  @Nullable Resource instance(Resource.Clone clone) {
    Element childXml = clone.childXml;
    boolean removed = clone.total >= clone.max;
    Resource instance = childXml == null ? null : resources.unpack(childXml, clone, clone.total);
    if (instance == null) {
      return null;
    }
    clone.total++;
    clone.instances.add(instance);
    if (removed) {
      instance.flattened().forEach(r -> r.set(Flag.REMOVED, true));
    }
    instance.meta.put("clone-max", Integer.toString(clone.max));
    if (!clone.is(Flag.GLOBALLY_UNIQUE)) {
      instance
          .flattened()
          .forEach(
              r -> {
                r.set(Flag.ANONYMOUS_INSTANCE, true);
                r.historyId = r.xml.id();
              });
    }
    return instance;
  }

  /// A number of at least 0; text that is none counts as 0.
  private static int number(Resource clone, String name, int otherwise) {
    String value = clone.meta(name);
    if (value == null) {
      return otherwise;
    }
    String digits = value.strip();
    if (!digits.matches("\\+?\\d{1,9}")) {
      return 0;
    }
    return Integer.parseInt(digits);
  }
}
