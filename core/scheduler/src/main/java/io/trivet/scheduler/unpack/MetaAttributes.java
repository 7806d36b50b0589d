package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.rules.NvPairs;
import io.trivet.scheduler.rules.RuleContext;
import java.util.SequencedMap;

/// Meta-attributes of a resource. The first of these that has a value wins: its XML attributes, its
/// own sets, those of its parents, `rsc_defaults`, what its parents got from the defaults.
final class MetaAttributes {
  private MetaAttributes() {}

  static void unpack(Cluster cluster, Resource resource) {
    SequencedMap<String, String> meta = resource.meta;
    RuleContext context = context(cluster, resource);
    resource.xml.attributes().forEach(meta::putIfAbsent);
    NvPairs.addTo(meta, resource.xml, "meta_attributes", context, cluster.cib);
    for (Resource p = resource.parent; p != null; p = p.parent) {
      NvPairs.addTo(meta, p.xml, "meta_attributes", context, cluster.cib);
    }
    Element defaults = cluster.configuration("rsc_defaults");
    if (defaults != null) {
      NvPairs.addTo(meta, defaults, "meta_attributes", context, cluster.cib);
    }
    if (resource.parent != null) {
      resource.parent.meta.forEach(meta::putIfAbsent);
    }
  }

  static RuleContext context(Cluster cluster, Resource resource) {
    Element xml = resource.xml;
    return RuleContext.at(cluster.now)
        .withResource(xml.get("class"), xml.get("provider"), xml.get("type"));
  }
}
