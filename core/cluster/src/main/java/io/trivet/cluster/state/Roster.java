package io.trivet.cluster.state;

import io.trivet.cluster.UnitLease;
import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Resource;
import java.util.ArrayList;
import java.util.List;

/// The names that a cluster file defines. They travel with the file's text, so that applying the
/// log never depends on which version of the parser a member runs.
///
/// @param nodes controllers, in the order of the file
/// @param resources resource ids of the expansion, VIPs and leases of units included
/// @param vips those of which a lease decides: VIPs, and units that the network fences, under the
///   name of their lease ([UnitLease])
public record Roster(List<String> nodes, List<String> resources, List<String> vips) {
  /// The roster of a cluster that has no file yet.
  public static final Roster EMPTY = new Roster(List.of(), List.of(), List.of());

  public Roster {
    nodes = Check.names("controller", Check.given("controllers of a roster", nodes));
    resources = Check.names("resource", Check.given("resources of a roster", resources));
    vips = Check.names("VIP", Check.given("VIPs of a roster", vips));
    for (String vip : vips) {
      if (!resources.contains(vip)) {
        throw new IllegalArgumentException("VIP " + vip + " is not among the resources");
      }
    }
  }

  /// The names that a configuration defines: the primitives, which are what runs.
  public static Roster of(Configuration configuration) {
    List<String> leases =
        configuration.leased().stream().map(Resource.Primitive::id).map(UnitLease::of).toList();
    return new Roster(
        configuration.nodes().stream().map(Configuration.Node::name).toList(),
        both(configuration.primitives().stream().map(Resource.Primitive::id).toList(), leases),
        both(configuration.vips().stream().map(Resource.Primitive::id).toList(), leases));
  }

  private static List<String> both(List<String> some, List<String> more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(more);
    return all;
  }
}
