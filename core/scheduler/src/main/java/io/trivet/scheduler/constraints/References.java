package io.trivet.scheduler.constraints;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.cib.IdRefs;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// What the ids in constraints stand for: a resource, or all resources of a template or tag
/// ("Pacemaker Explained", Tags and Resource Sets).
public final class References {
  private final Cluster cluster;
  private final SequencedMap<String, Resource> byId = new LinkedHashMap<>();

  /// Of all resources as they are now.
  public References(Cluster cluster) {
    this.cluster = cluster;
    cluster.resources.forEach(this::index);
  }

  private void index(Resource resource) {
    byId.putIfAbsent(resource.id, resource);
    if (resource.historyName != null) {
      byId.putIfAbsent(resource.historyName, resource);
    }
    resource.children().forEach(this::index);
  }

  /// The resource that a constraint on that id is about: for what is cloned, the clone.
  ///
  /// @return null where there is no such resource
  public @Nullable Resource resource(@Nullable String id) {
    Resource found = id == null ? null : byId.get(id);
    return found == null || found.id.equals(id) ? found : outermost(found);
  }

  /// The outermost resource that contains it, but no bundle.
  public static Resource outermost(Resource resource) {
    Resource top = resource;
    while (top.parent != null && !(top.parent instanceof Resource.Bundle)) {
      top = top.parent;
    }
    return top;
  }

  /// The ids that a template or tag stands for, or null where there is none of that id.
  public @Nullable SequencedSet<String> members(String id) {
    SequencedSet<String> users = cluster.templateUsers.get(id);
    if (users != null && !users.isEmpty()) {
      return users;
    }
    return cluster.templates.containsKey(id) ? null : cluster.tags.get(id);
  }

  /// True if the id is that of a resource, a template in use, or a tag.
  public boolean known(String id) {
    return resource(id) != null || members(id) != null;
  }

  /// The `resource_set`s of a constraint, references resolved; null if one of them leads nowhere.
  public @Nullable List<Element> sets(Element constraint) {
    List<Element> sets = new ArrayList<>();
    for (Element set : constraint.children("resource_set")) {
      Element resolved = IdRefs.resolve(set, cluster.cib);
      if (resolved.get("id-ref") != null) {
        return null;
      }
      sets.add(resolved);
    }
    return sets;
  }

  /// The constraint with templates and tags in its sets replaced by what they stand for; the same
  /// object where there are none.
  ///
  /// @return null where a set names something unknown
  public @Nullable Element expandSets(Element constraint) {
    boolean any = false;
    for (Element set : constraint.children("resource_set")) {
      for (Element ref : set.children("resource_ref")) {
        if (resource(ref.id()) == null) {
          if (members(ref.id()) == null) {
            cluster.warnings.add(
                "Constraint " + constraint.id() + " is ignored: there is no " + ref.id());
            return constraint;
          }
          any = true;
        }
      }
    }
    if (!any) {
      return constraint;
    }
    Element expanded = new Element(constraint.name(), constraint.line());
    constraint.attributes().forEach(expanded::set);
    for (Element child : constraint.children()) {
      expanded.add(child.is("resource_set") ? expandSet(child) : child);
    }
    return expanded;
  }

  private Element expandSet(Element set) {
    Element expanded = new Element(set.name(), set.line());
    set.attributes().forEach(expanded::set);
    for (Element ref : set.children()) {
      SequencedSet<String> ids =
          ref.is("resource_ref") && resource(ref.id()) == null ? members(ref.id()) : null;
      if (ids == null) {
        expanded.add(ref);
      } else {
        ids.forEach(id -> expanded.add(new Element("resource_ref", ref.line()).set("id", id)));
      }
    }
    return expanded;
  }

  /// Replaces the attribute of a constraint that names a template or tag with a set of what it
  /// stands for, added to the constraint.
  ///
  /// @param always true if a plain resource becomes a set too
  /// @return the set, or null where the attribute stays as it is
  public @Nullable Element toSet(Element constraint, String attribute, boolean always) {
    String id = constraint.get(attribute);
    if (id == null) {
      return null;
    }
    SequencedSet<String> ids = resource(id) == null ? members(id) : null;
    if (ids == null && !(always && resource(id) != null)) {
      return null;
    }
    Element set = new Element("resource_set", constraint.line()).set("id", id);
    if (ids == null) {
      set.add(new Element("resource_ref", constraint.line()).set("id", id));
    } else {
      ids.forEach(i -> set.add(new Element("resource_ref", constraint.line()).set("id", i)));
      set.set("sequential", "false");
    }
    constraint.add(set);
    constraint.set(attribute, null);
    return set;
  }

  /// A copy without the sets' contents shared: attributes and children may be changed.
  static Element shallowCopy(Element constraint) {
    Element copy = new Element(constraint.name(), constraint.line());
    constraint.attributes().forEach(copy::set);
    constraint.children().forEach(copy::add);
    return copy;
  }
}
