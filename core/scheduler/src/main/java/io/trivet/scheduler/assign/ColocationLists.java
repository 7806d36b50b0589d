package io.trivet.scheduler.assign;

import io.trivet.scheduler.constraints.Colocations;
import io.trivet.scheduler.model.Colocation;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Scores;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The colocations that count for a resource: its own, and those of what contains it where that has
/// no place itself. A group hands its dependencies to its first member and what depends on it to
/// its last one; between them the members are chained.
public final class ColocationLists {
  private final Resource asking;
  private final boolean dependent;
  private final List<Colocation> list = new ArrayList<>();

  private ColocationLists(Resource asking, boolean dependent) {
    this.asking = asking;
    this.dependent = dependent;
  }

  /// Those in which the resource is the dependent, in order.
  static List<Colocation> thisWith(Resource resource) {
    if (resource.parent == null && resource instanceof Resource.Primitive) {
      return List.copyOf(resource.thisWith);
    }
    ColocationLists lists = new ColocationLists(resource, true);
    lists.collect(resource);
    return lists.list;
  }

  /// Those in which the resource is the primary, in order.
  public static List<Colocation> withThis(Resource resource) {
    if (resource.parent == null && resource instanceof Resource.Primitive) {
      return List.copyOf(resource.withThis);
    }
    ColocationLists lists = new ColocationLists(resource, false);
    lists.collect(resource);
    return lists.list;
  }

  private void collect(Resource from) {
    switch (from) {
      case Resource.Primitive primitive -> primitive(primitive);
      case Resource.Group group -> {
        if (dependent) {
          groupWith(group);
        } else {
          withGroup(group);
        }
      }
      case Resource.Clone clone -> {
        addAll(own(clone));
        parent(clone);
      }
      case Resource.Bundle bundle -> bundle(bundle);
    }
  }

  private void parent(Resource resource) {
    if (resource.parent != null) {
      collect(resource.parent);
    }
  }

  private void primitive(Resource primitive) {
    if (primitive == asking) {
      addAll(own(primitive));
      parent(primitive);
      return;
    }
    for (Colocation colocation : own(primitive)) {
      if (colocation.explicit()) {
        add(colocation);
      }
    }
  }

  private void withGroup(Resource.Group group) {
    if (group.members.isEmpty() || asking != group && asking != group.members.getLast()) {
      return;
    }
    addAll(group.withThis);
    parent(group);
    otherMembers(group);
  }

  private void groupWith(Resource.Group group) {
    if (group.members.isEmpty()) {
      return;
    }
    if (asking == group || asking == group.members.getFirst()) {
      addAll(group.thisWith);
      parent(group);
      otherMembers(group);
      return;
    }
    // The chain of members ends at one that is unmanaged: what is mandatory counts at once.
    for (Resource member : group.members) {
      if (member == asking) {
        return;
      }
      if (!member.is(Flag.MANAGED)) {
        for (Colocation colocation : group.thisWith) {
          if (colocation.score() >= Scores.INFINITY) {
            add(colocation);
          }
        }
        return;
      }
    }
  }

  private void otherMembers(Resource.Group group) {
    if (group.colocated) {
      for (Resource member : group.members) {
        if (member != asking) {
          collect(member);
        }
      }
    }
  }

  /// A bundle is where its containers are. Its colocations are those of what runs in them when that
  /// is promotable, and roles are being chosen.
  private void bundle(Resource.Bundle bundle) {
    if (asking == bundle || asking.is(Flag.REPLICA_CONTAINER) || choosesRoles(bundle.clone)) {
      addAll(own(bundle));
    }
  }

  private boolean choosesRoles(Resource.@Nullable Clone clone) {
    if (clone == null || !clone.promotable || Places.top(asking) != clone) {
      return false;
    }
    return asking == clone ? clone.addedPromotedConstraints : !asking.is(Flag.UNASSIGNED);
  }

  private List<Colocation> own(Resource resource) {
    return dependent ? resource.thisWith : resource.withThis;
  }

  private void addAll(List<Colocation> colocations) {
    if (list.isEmpty()) {
      list.addAll(colocations);
    } else {
      colocations.forEach(this::add);
    }
  }

  private void add(Colocation colocation) {
    Colocations.insert(
        list, colocation, dependent ? Colocations.BY_PRIMARY : Colocations.BY_DEPENDENT);
  }
}
