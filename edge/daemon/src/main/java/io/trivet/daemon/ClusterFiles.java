package io.trivet.daemon;

import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.expand.Resource;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Controller;
import io.trivet.cluster.file.Mode;
import io.trivet.cluster.file.Problem;
import io.trivet.cluster.file.Reading;
import io.trivet.cluster.file.Vip;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Roster;
import io.trivet.daemon.control.OperatorRequests.ClusterFileCheck;
import io.trivet.daemon.effect.Files;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// Cluster files on their way into the daemon.
final class ClusterFiles {
  private static final String NO_INDEPENDENT_MODE =
      "mode: independent cannot be run by this version, which has no VRRP yet";

  private ClusterFiles() {}

  /// A cluster file with its text.
  record Loaded(ClusterFile file, String text) {}

  /// The file to start with: the one that was in force last, else the operator's.
  static Loaded toStartWith(Places places) throws StartProblem {
    Path path =
        java.nio.file.Files.exists(places.lastInForce()) ? places.lastInForce() : places.seed();
    String text = Files.read(path.toString());
    if (text == null) {
      throw new StartProblem(
          "there is no cluster file " + path,
          "write one (an example is in /usr/share/doc/trivet/cluster.yaml), check it with: trivet validate "
              + path);
    }
    Loaded loaded =
        switch (ClusterFileReader.read(path.toString(), text)) {
          case Reading.Accepted accepted -> new Loaded(accepted.file(), text);
          case Reading.Refused refused ->
              throw new StartProblem(
                  "the cluster file is refused:\n"
                      + refused.problems().stream()
                          .map(Problem::toString)
                          .collect(Collectors.joining("\n")),
                  "mend it, check it with: trivet validate " + path);
        };
    if (loaded.file().mode() == Mode.INDEPENDENT) {
      throw new StartProblem(path + ": " + NO_INDEPENDENT_MODE, "write mode: coordinated");
    }
    return loaded;
  }

  /// Which controller of the file this machine is: named in `/etc/trivet/node`, or by the host
  /// name.
  static String self(Places places, ClusterFile file) throws StartProblem {
    String given = Files.read(places.node().toString());
    String name = given == null ? hostName() : given.strip();
    Controller controller = file.controller(name);
    if (controller == null) {
      throw new StartProblem(
          "this machine is \""
              + name
              + "\", and the cluster file names the controllers "
              + file.controllers().stream().map(Controller::name).collect(Collectors.joining(", ")),
          "write this controller's name into " + places.node());
    }
    return name;
  }

  /// What an operator wants to apply, checked as a whole against the rules, and against what cannot
  /// change in a running cluster.
  static ClusterFileCheck check(String text, ClusterFile inForce) {
    return switch (ClusterFileReader.read("cluster.yaml", text)) {
      case Reading.Refused refused ->
          new ClusterFileCheck(null, refused.problems().stream().map(Problem::toString).toList());
      case Reading.Accepted accepted -> check(text, accepted.file(), inForce);
    };
  }

  private static ClusterFileCheck check(String text, ClusterFile file, ClusterFile inForce) {
    if (!file.controllers().equals(inForce.controllers())) {
      return new ClusterFileCheck(
          null,
          List.of(
              "cluster.yaml: the controllers differ from those of the running cluster; adding and"
                  + " removing controllers in a running cluster is not possible in this version"));
    }
    if (file.mode() == Mode.INDEPENDENT) {
      return new ClusterFileCheck(null, List.of("cluster.yaml: " + NO_INDEPENDENT_MODE));
    }
    return new ClusterFileCheck(new Command.SetClusterFile(text, roster(file)), List.of());
  }

  /// The names in a file.
  static Roster roster(ClusterFile file) {
    Configuration configuration = Expansion.of(file);
    return new Roster(
        file.controllers().stream().map(Controller::name).toList(),
        configuration.primitives().stream().map(Resource.Primitive::id).toList(),
        file.vips().stream().map(Vip::name).toList());
  }

  private static String hostName() throws StartProblem {
    String name = Files.read("/proc/sys/kernel/hostname");
    if (name != null && !name.isBlank()) {
      return name.strip().split("\\.", 2)[0];
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      throw new StartProblem(
          "the host name is unknown: " + e.getMessage(),
          "write this controller's name into /etc/trivet/node");
    }
  }
}
