package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import java.util.LinkedHashSet;
import java.util.SequencedSet;

/// Tags: names for several resources at once.
final class TagsUnpack {
  private TagsUnpack() {}

  static void unpack(Cluster cluster) {
    Element tags = cluster.configuration("tags");
    if (tags == null) {
      return;
    }
    for (Element tag : tags.children("tag")) {
      if (tag.id().isEmpty()) {
        continue;
      }
      SequencedSet<String> members =
          cluster.tags.computeIfAbsent(tag.id(), t -> new LinkedHashSet<>());
      for (Element reference : tag.children("obj_ref")) {
        if (!reference.id().isEmpty()) {
          members.add(reference.id());
        }
      }
    }
  }
}
