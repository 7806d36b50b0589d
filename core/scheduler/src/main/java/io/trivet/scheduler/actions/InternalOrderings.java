package io.trivet.scheduler.actions;

import static io.trivet.scheduler.model.OrderFlag.FIRST_IMPLIES_THEN;
import static io.trivet.scheduler.model.OrderFlag.FIRST_IMPLIES_THEN_GRAPHED;
import static io.trivet.scheduler.model.OrderFlag.GUEST_ALLOWED;
import static io.trivet.scheduler.model.OrderFlag.INTERMEDIATE_STOP;
import static io.trivet.scheduler.model.OrderFlag.ORDERED;
import static io.trivet.scheduler.model.OrderFlag.THEN_IMPLIES_FIRST;
import static io.trivet.scheduler.model.OrderFlag.THEN_IMPLIES_FIRST_GRAPHED;
import static io.trivet.scheduler.model.OrderFlag.UNRUNNABLE_FIRST_BLOCKS;

import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Bundle;
import io.trivet.scheduler.model.Resource.Clone;
import io.trivet.scheduler.model.Resource.Group;
import io.trivet.scheduler.model.Resource.Primitive;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The orderings that follow from what a resource is: a primitive stops before it starts, a group's
/// members start one after the other, a clone is started once its instances are ("Pacemaker
/// Explained", Collective Resources).
final class InternalOrderings {
  private final Cluster cluster;

  InternalOrderings(Cluster cluster) {
    this.cluster = cluster;
  }

  void of(Resource resource) {
    switch (resource) {
      case Primitive primitive -> new PrimitiveOrderings(cluster).of(primitive);
      case Group group -> group(group);
      case Clone clone -> clone(clone);
      case Bundle bundle -> bundle(bundle);
    }
  }

  private void order(
      Resource first,
      String firstTask,
      Resource then,
      String thenTask,
      OrderFlag flag,
      OrderFlag... more) {
    Orderings.add(cluster, first, firstTask, then, thenTask, EnumSet.of(flag, more));
  }

  private void order(
      Resource first, String firstTask, Resource then, String thenTask, EnumSet<OrderFlag> flags) {
    Orderings.add(cluster, first, firstTask, then, thenTask, flags);
  }

  // Groups

  private void group(Group group) {
    order(group, Tasks.STOP, group, Tasks.STOPPED, UNRUNNABLE_FIRST_BLOCKS);
    order(group, Tasks.STOPPED, group, Tasks.START, ORDERED);
    order(group, Tasks.START, group, Tasks.RUNNING, UNRUNNABLE_FIRST_BLOCKS);
    boolean promotable = Family.promotable(group);
    Resource previous = null;
    Resource lastActive = null;
    for (Resource member : group.members) {
      of(member);
      boundToGroup(group, member, previous == null, promotable);
      if (!group.ordered) {
        unordered(group, member, promotable);
      } else if (previous != null) {
        afterPrevious(member, previous, promotable);
      }
      if (!member.runningOn.isEmpty()) {
        if (group.ordered
            && previous != null
            && previous.runningOn.isEmpty()
            && lastActive != null) {
          // A group that is only partly active is stopped from its end, too.
          order(member, Tasks.STOP, lastActive, Tasks.STOP, ORDERED);
        }
        lastActive = member;
      }
      previous = member;
    }
  }

  private void boundToGroup(Group group, Resource member, boolean first, boolean promotable) {
    boolean leads = first && group.ordered;
    EnumSet<OrderFlag> down =
        leads
            ? EnumSet.of(THEN_IMPLIES_FIRST_GRAPHED, ORDERED)
            : EnumSet.of(THEN_IMPLIES_FIRST_GRAPHED);
    EnumSet<OrderFlag> isDown = EnumSet.of(leads ? FIRST_IMPLIES_THEN : FIRST_IMPLIES_THEN_GRAPHED);
    EnumSet<OrderFlag> up = EnumSet.of(THEN_IMPLIES_FIRST_GRAPHED);
    EnumSet<OrderFlag> isUp =
        EnumSet.of(UNRUNNABLE_FIRST_BLOCKS, FIRST_IMPLIES_THEN, FIRST_IMPLIES_THEN_GRAPHED);
    if (promotable) {
      order(group, Tasks.DEMOTE, member, Tasks.DEMOTE, down);
      order(member, Tasks.DEMOTE, group, Tasks.DEMOTED, isDown);
      order(member, Tasks.PROMOTE, group, Tasks.PROMOTED, isUp);
      order(group, Tasks.PROMOTE, member, Tasks.PROMOTE, up);
    }
    order(group, Tasks.STOP, member, Tasks.STOP, down);
    order(member, Tasks.STOP, group, Tasks.STOPPED, isDown);
    order(group, Tasks.START, member, Tasks.START, up);
    order(member, Tasks.START, group, Tasks.RUNNING, isUp);
  }

  private void unordered(Group group, Resource member, boolean promotable) {
    EnumSet<OrderFlag> together =
        EnumSet.of(FIRST_IMPLIES_THEN, UNRUNNABLE_FIRST_BLOCKS, THEN_IMPLIES_FIRST_GRAPHED);
    order(group, Tasks.START, member, Tasks.START, together);
    if (promotable) {
      order(group, Tasks.PROMOTE, member, Tasks.PROMOTE, together);
    }
  }

  private void afterPrevious(Resource member, Resource previous, boolean promotable) {
    EnumSet<OrderFlag> up = EnumSet.of(FIRST_IMPLIES_THEN, UNRUNNABLE_FIRST_BLOCKS);
    order(previous, Tasks.START, member, Tasks.START, up);
    order(member, Tasks.STOP, previous, Tasks.STOP, ORDERED, INTERMEDIATE_STOP);
    if (!member.runningOn.isEmpty() && previous.runningOn.isEmpty()) {
      // Such as a new member in the middle: nothing of it is restarted, so the usual order of
      // restarts says nothing.
      order(member, Tasks.STOP, previous, Tasks.START, THEN_IMPLIES_FIRST, UNRUNNABLE_FIRST_BLOCKS);
    }
    if (promotable) {
      order(previous, Tasks.PROMOTE, member, Tasks.PROMOTE, up);
      order(member, Tasks.DEMOTE, previous, Tasks.DEMOTE, ORDERED);
    }
  }

  // Clones

  private void clone(Clone clone) {
    order(clone, Tasks.STOPPED, clone, Tasks.START, ORDERED);
    order(clone, Tasks.START, clone, Tasks.RUNNING, UNRUNNABLE_FIRST_BLOCKS);
    order(clone, Tasks.STOP, clone, Tasks.STOPPED, UNRUNNABLE_FIRST_BLOCKS);
    if (clone.promotable) {
      order(clone, Tasks.DEMOTED, clone, Tasks.STOP, ORDERED);
      order(clone, Tasks.RUNNING, clone, Tasks.PROMOTE, UNRUNNABLE_FIRST_BLOCKS);
    }
    if (clone.ordered) {
      clone.instances.sort(BY_NUMBER);
    }
    for (int i = 0; i < clone.instances.size(); i++) {
      Resource instance = clone.instances.get(i);
      of(instance);
      order(
          clone,
          Tasks.START,
          instance,
          Tasks.START,
          UNRUNNABLE_FIRST_BLOCKS,
          THEN_IMPLIES_FIRST_GRAPHED);
      order(instance, Tasks.START, clone, Tasks.RUNNING, FIRST_IMPLIES_THEN_GRAPHED);
      order(clone, Tasks.STOP, instance, Tasks.STOP, THEN_IMPLIES_FIRST_GRAPHED);
      order(instance, Tasks.STOP, clone, Tasks.STOPPED, FIRST_IMPLIES_THEN_GRAPHED);
      if (clone.ordered) {
        for (Resource later : clone.instances.subList(i + 1, clone.instances.size())) {
          order(instance, Tasks.START, later, Tasks.START, ORDERED);
          order(later, Tasks.STOP, instance, Tasks.STOP, ORDERED);
        }
      }
    }
    if (clone.promotable) {
      promotable(clone);
    }
  }

  private static final Comparator<Resource> BY_NUMBER =
      Comparator.comparingInt(InternalOrderings::number);

  private static int number(Resource instance) {
    String id = instance.id;
    int digits = id.length();
    while (digits > 0 && Character.isDigit(id.charAt(digits - 1))) {
      digits--;
    }
    boolean numbered = digits < id.length() && digits > 0 && id.charAt(digits - 1) == ':';
    return numbered && id.length() - digits < 10 ? Integer.parseInt(id.substring(digits)) : 0;
  }

  private void promotable(Clone clone) {
    restartOfPromotable(clone);
    Resource previous = null;
    for (Resource instance : clone.instances) {
      order(instance, Tasks.DEMOTE, instance, Tasks.PROMOTE, ORDERED);
      order(clone, Tasks.PROMOTE, instance, Tasks.PROMOTE, ORDERED);
      order(instance, Tasks.PROMOTE, clone, Tasks.PROMOTED, ORDERED);
      if (previous != null && clone.ordered) {
        order(previous, Tasks.PROMOTE, instance, Tasks.PROMOTE, ORDERED);
      }
      order(clone, Tasks.DEMOTE, instance, Tasks.DEMOTE, THEN_IMPLIES_FIRST_GRAPHED);
      order(instance, Tasks.DEMOTE, clone, Tasks.DEMOTED, FIRST_IMPLIES_THEN_GRAPHED);
      if (previous != null && clone.ordered) {
        order(instance, Tasks.DEMOTE, previous, Tasks.DEMOTE, ORDERED);
      }
      previous = instance;
    }
  }

  /// What the whole of a promotable clone or bundle waits for: promotions for what starts, starts
  /// and stops for what is demoted.
  private void restartOfPromotable(Resource whole) {
    order(whole, Tasks.STOPPED, whole, Tasks.START, ORDERED);
    order(whole, Tasks.STOPPED, whole, Tasks.PROMOTE, ORDERED);
    order(whole, Tasks.DEMOTED, whole, Tasks.STOP, ORDERED);
    order(whole, Tasks.DEMOTED, whole, Tasks.START, ORDERED);
    order(whole, Tasks.DEMOTED, whole, Tasks.PROMOTE, ORDERED);
    order(whole, Tasks.RUNNING, whole, Tasks.PROMOTE, ORDERED);
    order(whole, Tasks.DEMOTE, whole, Tasks.DEMOTED, ORDERED);
  }

  // Bundles

  private void bundle(Bundle bundle) {
    Clone clone = bundle.clone;
    if (clone != null) {
      order(bundle, Tasks.START, clone, Tasks.START, THEN_IMPLIES_FIRST_GRAPHED);
      order(bundle, Tasks.STOP, clone, Tasks.STOP, THEN_IMPLIES_FIRST_GRAPHED);
      order(clone, Tasks.RUNNING, bundle, Tasks.RUNNING, FIRST_IMPLIES_THEN_GRAPHED);
      order(clone, Tasks.STOPPED, bundle, Tasks.STOPPED, FIRST_IMPLIES_THEN_GRAPHED);
    }
    for (Bundle.Replica replica : bundle.replicas) {
      replica(bundle, replica);
    }
    if (clone == null) {
      return;
    }
    of(clone);
    if (clone.promotable) {
      restartOfPromotable(bundle);
      order(clone, Tasks.DEMOTED, bundle, Tasks.DEMOTED, FIRST_IMPLIES_THEN_GRAPHED);
      order(bundle, Tasks.DEMOTE, clone, Tasks.DEMOTE, THEN_IMPLIES_FIRST_GRAPHED);
      order(clone, Tasks.PROMOTED, bundle, Tasks.PROMOTED, FIRST_IMPLIES_THEN_GRAPHED);
      order(bundle, Tasks.PROMOTE, clone, Tasks.PROMOTE, THEN_IMPLIES_FIRST_GRAPHED);
    }
  }

  private void replica(Bundle bundle, Bundle.Replica replica) {
    Primitive container = replica.container;
    if (container == null) {
      return;
    }
    of(container);
    order(
        bundle,
        Tasks.START,
        container,
        Tasks.START,
        UNRUNNABLE_FIRST_BLOCKS,
        THEN_IMPLIES_FIRST_GRAPHED);
    for (Resource stopped : present(replica.child, container)) {
      order(bundle, Tasks.STOP, stopped, Tasks.STOP, THEN_IMPLIES_FIRST_GRAPHED);
    }
    order(container, Tasks.START, bundle, Tasks.RUNNING, FIRST_IMPLIES_THEN_GRAPHED);
    order(container, Tasks.STOP, bundle, Tasks.STOPPED, FIRST_IMPLIES_THEN_GRAPHED);
    if (replica.ip != null) {
      of(replica.ip);
      order(
          replica.ip, Tasks.START, container, Tasks.START, UNRUNNABLE_FIRST_BLOCKS, GUEST_ALLOWED);
      order(container, Tasks.STOP, replica.ip, Tasks.STOP, THEN_IMPLIES_FIRST, GUEST_ALLOWED);
    }
    if (replica.remote != null) {
      of(replica.remote);
    }
  }

  private static List<Resource> present(@Nullable Resource... resources) {
    List<Resource> present = new ArrayList<>();
    for (Resource resource : resources) {
      if (resource != null) {
        present.add(resource);
      }
    }
    return present;
  }
}
