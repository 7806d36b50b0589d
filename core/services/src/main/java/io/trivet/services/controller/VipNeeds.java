package io.trivet.services.controller;

import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Constraint;
import io.trivet.cluster.expand.Resource;
import java.util.List;

/// What must be up on a controller for a VIP to be served from it.
final class VipNeeds {
  private VipNeeds() {}

  /// The primitives that the VIP is colocated with.
  static List<String> of(Configuration configuration, String vip) {
    return configuration.constraints().stream()
        .filter(c -> c instanceof Constraint.Colocation)
        .map(Constraint.Colocation.class::cast)
        .filter(colocation -> colocation.resource().equals(vip))
        .map(colocation -> configuration.outermost(colocation.with()))
        .filter(resource -> resource != null)
        .flatMap(resource -> resource.primitives().stream())
        .map(Resource.Primitive::id)
        .distinct()
        .toList();
  }
}
