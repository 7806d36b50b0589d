package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// Resource templates: what several resources have in common. What a resource says itself wins, an
/// operation as a whole.
final class Templates {
  private Templates() {}

  /// The resource with its template merged in; the same element where it has none; null where its
  /// template does not exist.
  static @Nullable Element expand(Cluster cluster, Element resource) {
    String reference = resource.get("template");
    if (reference == null) {
      return resource;
    }
    Element template = cluster.templates.get(reference);
    if (template == null || reference.equals(resource.id())) {
      return null;
    }
    return merge(template, resource);
  }

  /// Notes who was made from the template.
  static void use(Cluster cluster, Element resource) {
    String reference = resource.get("template");
    if (reference != null) {
      users(cluster, reference).add(resource.id());
    }
  }

  static SequencedSet<String> users(Cluster cluster, String template) {
    return cluster.templateUsers.computeIfAbsent(template, t -> new LinkedHashSet<>());
  }

  private static Element merge(Element template, Element resource) {
    Element merged = new Element(resource.name(), resource.line());
    template.attributes().forEach(merged::set);
    merged.set("id", resource.id());
    Element own = resource.child("operations");
    for (Element child : resource.children()) {
      if (child != own) {
        merged.add(child);
      }
    }
    Element inherited = template.child("operations");
    for (Element child : template.children()) {
      if (child != inherited) {
        merged.add(child);
      }
    }
    Element operations = own == null ? inherited : inherited == null ? own : both(own, inherited);
    if (operations != null) {
      merged.add(operations);
    }
    return merged;
  }

  private static Element both(Element own, Element inherited) {
    Element operations = own.copy();
    SequencedSet<String> known = new LinkedHashSet<>();
    own.children("op").forEach(op -> known.add(key(op)));
    for (Element op : inherited.children("op")) {
      if (!known.contains(key(op))) {
        operations.add(op);
      }
    }
    return operations;
  }

  /// Operations are the same if name and role are; monitors for started and unpromoted instances
  /// and those without a role are.
  private static String key(Element op) {
    String role = op.get("role", "started").toLowerCase(Locale.ROOT);
    boolean usual = role.equals("started") || role.equals("unpromoted") || role.equals("slave");
    return op.get("name", "") + "-" + (usual ? "unknown" : role);
  }
}
