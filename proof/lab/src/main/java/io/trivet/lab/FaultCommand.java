package io.trivet.lab;

import io.trivet.lab.drill.Fault;
import io.trivet.lab.host.LabException;
import io.trivet.lab.node.Node;
import io.trivet.lab.node.Trivet;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `lab fault`.
@Command(
    name = "fault",
    mixinStandardHelpOptions = true,
    description = "Breaks something and leaves it broken, until 'lab repair'.")
final class FaultCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "FAULT",
      completionCandidates = FaultWords.class,
      description = "${COMPLETION-CANDIDATES}")
  private String word = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NODE",
      description = "Where; the controller that holds the VIP unless given.")
  private @Nullable String where;

  @Override
  public Integer call() throws LabException {
    Lab lab = Main.lab();
    Fault fault = FaultWords.parse(word);
    Node node = where == null ? holder(lab.trivet()) : NodeArgument.parse(where);
    if (!node.controller()) {
      throw new LabException("faults are for controllers; " + node.name() + " is none");
    }
    lab.faults().make(fault, node);
    System.out.println(
        fault
            + (fault == Fault.FULL_OUTAGE ? "" : " at " + node.name())
            + ". './trivet lab repair' undoes it.");
    return 0;
  }

  private static Node holder(Trivet trivet) throws LabException {
    String name =
        trivet
            .status(Optional.empty())
            .flatMap(status -> status.holder())
            .orElseThrow(
                () -> new LabException("Trivet names no holder of the VIP: say which node"));
    return NodeArgument.parse(name);
  }
}
