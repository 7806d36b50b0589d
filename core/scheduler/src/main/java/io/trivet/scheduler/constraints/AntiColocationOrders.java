package io.trivet.scheduler.constraints;

import io.trivet.scheduler.actions.Orderings;
import io.trivet.scheduler.actions.Tasks;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Colocation;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where two resources must never be on one node, the one leaves (or gives up its role) before the
/// other one comes.
final class AntiColocationOrders {
  private static final EnumSet<OrderFlag> THERE = EnumSet.of(OrderFlag.IF_REQUIRED_ON_SAME_NODE);

  private AntiColocationOrders() {}

  static void add(Cluster cluster, Colocation colocation) {
    Resource dependent = colocation.dependent();
    Resource primary = colocation.primary();
    order(cluster, dependent, colocation.dependentRole(), primary, colocation.primaryRole());
    order(cluster, primary, colocation.primaryRole(), dependent, colocation.dependentRole());
  }

  private static void order(
      Cluster cluster,
      Resource first,
      @Nullable Role firstRole,
      Resource then,
      @Nullable Role thenRole) {
    for (String away : away(firstRole)) {
      for (String there : there(thenRole)) {
        Orderings.add(cluster, first, away, then, there, THERE);
      }
    }
  }

  /// What takes a resource out of the role.
  private static List<String> away(@Nullable Role role) {
    if (role == Role.PROMOTED) {
      return List.of(Tasks.DEMOTE);
    }
    return role == Role.UNPROMOTED ? List.of(Tasks.STOP, Tasks.PROMOTE) : List.of(Tasks.STOP);
  }

  /// What brings a resource into the role.
  private static List<String> there(@Nullable Role role) {
    if (role == Role.PROMOTED) {
      return List.of(Tasks.PROMOTE);
    }
    return role == Role.UNPROMOTED ? List.of(Tasks.START, Tasks.DEMOTE) : List.of(Tasks.START);
  }
}
