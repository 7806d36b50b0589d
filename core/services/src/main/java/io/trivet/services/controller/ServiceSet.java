package io.trivet.services.controller;

import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Resource;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.scheduler.ServicePolicy;
import io.trivet.services.agent.ResourceAgent;
import java.util.List;
import java.util.NavigableMap;

/// What one cluster file means to a controller.
///
/// @param file the file
/// @param configuration its expansion into resources and constraints
/// @param agents the agents of this controller, one for each resource that may run on it, VIPs
///   excepted
/// @param policies resource → what its service decides for all members
public record ServiceSet(
    ClusterFile file,
    Configuration configuration,
    List<ResourceAgent<?>> agents,
    NavigableMap<String, ServicePolicy> policies) {
  public ServiceSet {
    agents = List.copyOf(agents);
  }

  /// The agent of a resource as the expansion names it, such as `trivet:galera`.
  public String agentType(String resource) {
    Resource.Primitive primitive = configuration.primitive(resource);
    return primitive == null ? "" : primitive.agent().toString();
  }
}
