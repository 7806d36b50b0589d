package io.trivet.lab;

import io.trivet.lab.host.Console;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.LabHome;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lab up`.
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description =
        "Makes the lab, or completes it: three controllers with Trivet and Keystone, a client. Safe"
            + " to repeat.")
final class UpCommand implements Callable<Integer> {
  @Option(
      names = "--deb",
      paramLabel = "FILE",
      defaultValue = "${env:TRIVET_DEB}",
      description = "Trivet's package; the ./trivet script gives the one it has built.")
  private @Nullable Path debianPackage;

  @Option(
      names = "--bare",
      description = "Only boots the nodes: nothing is installed, nothing is started.")
  private boolean bare;

  @Override
  public Integer call() throws LabException {
    Path given = debianPackage;
    if (!bare && (given == null || given.toString().isEmpty())) {
      throw new LabException("which package? Give --deb FILE, or --bare to boot the nodes only");
    }
    Console console = Console.standard();
    Lab lab = new Lab(LabHome.of(System.getenv()), console);
    long start = System.nanoTime();
    lab.up(bare ? Optional.empty() : Optional.ofNullable(given));
    console.say("");
    console.say(
        "The lab is up after "
            + (System.nanoTime() - start) / 1_000_000_000L
            + " s. It lives in "
            + lab.home().root()
            + ".");
    if (bare) {
      console.say("  a shell on a node   ./trivet lab exec c1 -- bash");
    } else {
      console.say("  get a token         ./trivet lab exec client -- openstack token issue");
      console.say("  look                ./trivet lab exec c1 -- trivet status");
      console.say("  what happened       ./trivet lab exec c1 -- trivet events");
      console.say(
          "  break something     ./trivet lab fault power-off      (undo: ./trivet lab repair)");
      console.say("  measure it          ./trivet lab drill power-off --runs 3");
      console.say("  end it              ./trivet lab down");
    }
    return 0;
  }
}
