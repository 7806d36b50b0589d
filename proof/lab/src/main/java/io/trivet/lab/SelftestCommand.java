package io.trivet.lab;

import io.trivet.lab.drill.Drill;
import io.trivet.lab.drill.Fault;
import io.trivet.lab.drill.Selftest;
import io.trivet.lab.host.Console;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.LabHome;
import io.trivet.lab.node.Node;
import io.trivet.lab.node.Nodes;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lab selftest`.
@Command(
    name = "selftest",
    mixinStandardHelpOptions = true,
    description = {
      "A short run of everything: up, a token, four drills, down. One line each. On a machine",
      "that cannot have a lab it says why, and that is no failure."
    })
final class SelftestCommand implements Callable<Integer> {
  private static final List<Fault> DRILLS =
      List.of(Fault.POWER_OFF, Fault.SILENT_CUT, Fault.FREEZE_DAEMON, Fault.FULL_OUTAGE);

  @Option(
      names = "--deb",
      paramLabel = "FILE",
      defaultValue = "${env:TRIVET_DEB}",
      description = "Trivet's package; the ./trivet script gives the one it has built.")
  private @Nullable Path debianPackage;

  @Override
  public Integer call() throws LabException {
    Console console = Console.standard();
    Lab lab = new Lab(LabHome.of(System.getenv()), console);
    Selftest selftest = new Selftest(console);
    List<String> missing = lab.missing();
    if (!missing.isEmpty()) {
      return skipAll(selftest, missing);
    }
    Nodes nodes = lab.nodes();
    boolean wasUp = Node.ALL.stream().anyMatch(nodes::running);
    selftest.check(
        "up",
        () -> {
          Path given = debianPackage;
          if (given == null || given.toString().isEmpty()) {
            throw new LabException("no package given: --deb FILE");
          }
          lab.up(Optional.of(given));
          return "three controllers, healthy";
        });
    selftest.check(
        "token",
        () ->
            nodes
                    .command(
                        Node.CLIENT,
                        "openstack",
                        "token",
                        "issue",
                        "--format",
                        "value",
                        "--column",
                        "expires")
                    .check()
                    .isBlank()
                ? ""
                : "issued to the client by the openstack command");
    Drill drill = lab.drill(console);
    for (Fault fault : DRILLS) {
      selftest.drill(drill, fault);
    }
    if (wasUp) {
      selftest.skip("down", "the lab was up before, so it stays");
    } else {
      selftest.always(
          "down",
          () -> {
            lab.down(false);
            return "nothing runs; the image is kept";
          });
    }
    return selftest.close();
  }

  private static int skipAll(Selftest selftest, List<String> missing) {
    String reason = "this machine lacks " + missing.getFirst();
    selftest.skip("up", reason);
    selftest.skip("token", "needs the lab");
    DRILLS.forEach(fault -> selftest.skip(fault.word(), "needs the lab"));
    selftest.skip("down", "nothing was made");
    missing.stream().skip(1).forEach(more -> System.out.println("        also missing: " + more));
    return selftest.close();
  }
}
