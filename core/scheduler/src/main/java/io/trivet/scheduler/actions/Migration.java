package io.trivet.scheduler.actions;

import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.OrderFlag;
import io.trivet.scheduler.model.Resource;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;

/// Live migration ("Pacemaker Explained", Migrating Resources): `migrate_to` where it runs,
/// `migrate_from` where it will, a stop of what is left at the source, and a start that is only a
/// sign.
final class Migration {
  private Migration() {}

  static boolean possible(Resource resource, Node current) {
    return resource.is(Resource.Flag.MIGRATABLE)
        && resource.is(Resource.Flag.MANAGED)
        && !resource.is(Resource.Flag.FAILED)
        && !resource.is(Resource.Flag.START_PENDING)
        && !current.unclean
        && resource.assignedTo != null
        && !resource.assignedTo.unclean;
  }

  static void create(Cluster cluster, Resource.Primitive resource, Node current) {
    Node target = resource.assignedTo;
    Action start = Actions.of(cluster, resource, "start", target, true);
    Action stop = Actions.of(cluster, resource, "stop", current, true);
    boolean begun = resource.partialMigrationTarget != null;
    Action migrateTo = begun ? null : Actions.of(cluster, resource, "migrate_to", current, true);
    Action migrateFrom = Actions.of(cluster, resource, "migrate_from", target, true);

    start.set(Action.Flag.MIGRATABLE, true);
    stop.set(Action.Flag.MIGRATABLE, true);
    // It need not be taken out of the graph then.
    start.set(Action.Flag.PSEUDO, true);
    migrateFrom.set(Action.Flag.MIGRATABLE, true);
    if (migrateTo == null) {
      migrateFrom.needs = start.needs;
      order(cluster, resource, "monitor", "migrate_from", EnumSet.of(OrderFlag.ORDERED));
    } else {
      migrateTo.set(Action.Flag.MIGRATABLE, true);
      migrateTo.needs = start.needs;
      order(cluster, resource, "monitor", "migrate_to", EnumSet.of(OrderFlag.ORDERED));
      order(
          cluster,
          resource,
          "migrate_to",
          "migrate_from",
          EnumSet.of(OrderFlag.ORDERED, OrderFlag.UNMIGRATABLE_THEN_BLOCKS));
    }
    order(
        cluster,
        resource,
        "migrate_from",
        "stop",
        EnumSet.of(OrderFlag.ORDERED, OrderFlag.UNMIGRATABLE_THEN_BLOCKS));
    order(
        cluster,
        resource,
        "migrate_from",
        "start",
        EnumSet.of(
            OrderFlag.ORDERED, OrderFlag.UNMIGRATABLE_THEN_BLOCKS, OrderFlag.FIRST_ELSE_THEN));
    if (migrateTo != null) {
      addMeta(migrateTo, current, target);
      if (!resource.is(Resource.Flag.REMOTE_CONNECTION)) {
        migrateTo.put("record-pending", "true");
      }
    }
    addMeta(migrateFrom, current, target);
  }

  private static void order(
      Cluster cluster, Resource resource, String first, String then, EnumSet<OrderFlag> flags) {
    Orderings.add(cluster, resource, first, resource, then, flags);
  }

  private static void addMeta(Action action, Node source, @Nullable Node target) {
    action.put("migrate_source", source.name);
    action.put("migrate_target", target == null ? "" : target.name);
  }
}
