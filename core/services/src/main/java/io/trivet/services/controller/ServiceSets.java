package io.trivet.services.controller;

import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Problem;
import io.trivet.cluster.file.Reading;
import io.trivet.services.ServiceCatalog;
import java.util.stream.Collectors;

/// Turns the text of a cluster file into what it means to one controller.
public final class ServiceSets implements ControllerMachine.Services {
  @Override
  public ServiceSet of(String clusterFileText, String self) throws UnusableClusterFile {
    return switch (ClusterFileReader.read("cluster file in force", clusterFileText)) {
      case Reading.Accepted accepted -> of(accepted.file(), self);
      case Reading.Refused refused ->
          throw new UnusableClusterFile(
              refused.problems().stream().map(Problem::toString).collect(Collectors.joining("; ")));
    };
  }

  private static ServiceSet of(ClusterFile file, String self) {
    Configuration configuration = Expansion.of(file);
    ServiceCatalog catalog = new ServiceCatalog(file, configuration);
    return new ServiceSet(file, configuration, catalog.agents(self), catalog.policies());
  }
}
