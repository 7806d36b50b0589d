package io.trivet.lab;

import io.trivet.lab.host.LabException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `lab down`.
@Command(
    name = "down",
    mixinStandardHelpOptions = true,
    description = "Ends the lab and removes its nodes. The image stays for the next time.")
final class DownCommand implements Callable<Integer> {
  @Option(names = "--purge", description = "Removes the image too, and the lab's folder.")
  private boolean purge;

  @Override
  public Integer call() throws LabException {
    Lab lab = Main.lab();
    lab.down(purge);
    System.out.println(
        purge
            ? "The lab is down; nothing of it is left."
            : "The lab is down. Its image is kept in "
                + lab.home().images()
                + " ('./trivet lab down --purge' removes it).");
    return 0;
  }
}
