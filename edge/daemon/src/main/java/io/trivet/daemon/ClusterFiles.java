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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Cluster files on their way into the daemon.
final class ClusterFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterFiles.class);
  private static final String NO_INDEPENDENT_MODE =
      "mode: independent cannot be run by this version, which has no VRRP yet";

  private ClusterFiles() {}

  /// A cluster file with its text.
  record Loaded(ClusterFile file, String text) {}

  /// The file to start with: the one that was in force last, else the operator's. A daemon of
  /// another version may refuse what was in force; then the operator's, if that is accepted, must
  /// do until the log tells more.
  static Loaded toStartWith(Places places) throws StartProblem {
    if (!java.nio.file.Files.exists(places.lastInForce())) {
      return read(places.seed());
    }
    try {
      return read(places.lastInForce());
    } catch (StartProblem refused) {
      if (!java.nio.file.Files.exists(places.seed())) {
        throw refused;
      }
      Loaded seed = read(places.seed());
      LOG.error(
          "The cluster file that was in force last cannot be used; starting with {}: {}",
          places.seed(),
          refused.getMessage());
      return seed;
    }
  }

  private static Loaded read(Path path) throws StartProblem {
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
  ///
  /// @param name of the file, as the operator wrote it
  static ClusterFileCheck check(String name, String text, ClusterFile inForce) {
    return switch (ClusterFileReader.read(name, text)) {
      case Reading.Refused refused ->
          new ClusterFileCheck(null, refused.problems().stream().map(Problem::toString).toList());
      case Reading.Accepted accepted -> check(name, text, accepted.file(), inForce);
    };
  }

  private static ClusterFileCheck check(
      String name, String text, ClusterFile file, ClusterFile inForce) {
    String moved = controllersMoved(file.controllers(), inForce.controllers());
    if (moved != null) {
      return new ClusterFileCheck(
          null,
          List.of(
              name
                  + ": controllers: "
                  + moved
                  + ". Controllers cannot change in a running cluster in this version: write them as"
                  + " they are. A broken machine is replaced by one of the same name and address"));
    }
    if (file.mode() == Mode.INDEPENDENT) {
      return new ClusterFileCheck(null, List.of(name + ": " + NO_INDEPENDENT_MODE));
    }
    return new ClusterFileCheck(new Command.SetClusterFile(text, roster(file)), List.of());
  }

  /// How the controllers of a file differ from those of the running cluster; null if not at all.
  private static @Nullable String controllersMoved(List<Controller> file, List<Controller> now) {
    List<String> moved = new ArrayList<>();
    for (Controller c : file) {
      Controller same =
          now.stream().filter(n -> n.name().equals(c.name())).findFirst().orElse(null);
      if (same == null) {
        moved.add(c.name() + " is not in the running cluster");
      } else if (!same.address().equals(c.address())) {
        moved.add(c.name() + " has the address " + same.address() + ", not " + c.address());
      } else if (same.witness() != c.witness()) {
        moved.add(c.name() + (same.witness() ? " is a witness" : " is no witness"));
      }
    }
    for (Controller n : now) {
      if (file.stream().noneMatch(c -> c.name().equals(n.name()))) {
        moved.add(n.name() + " is missing");
      }
    }
    if (moved.isEmpty() && !file.equals(now)) {
      moved.add(
          "their order is " + now.stream().map(Controller::name).collect(Collectors.joining(", ")));
    }
    return moved.isEmpty() ? null : String.join("; ", moved);
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
