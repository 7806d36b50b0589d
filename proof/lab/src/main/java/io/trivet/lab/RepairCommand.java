package io.trivet.lab;

import io.trivet.lab.host.LabException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `lab repair`.
@Command(
    name = "repair",
    mixinStandardHelpOptions = true,
    description = "Undoes every fault: power on, cables in, cuts healed, everything thawed.")
final class RepairCommand implements Callable<Integer> {
  @Override
  public Integer call() throws LabException {
    Main.lab().faults().undoAll();
    System.out.println("Every fault is undone.");
    return 0;
  }
}
