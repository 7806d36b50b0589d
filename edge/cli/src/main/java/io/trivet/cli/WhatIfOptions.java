package io.trivet.cli;

import io.trivet.scheduler.simulate.Injection;
import io.trivet.scheduler.simulate.PacemakerText.WhatIf;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of a command by which something is supposed that is not so.
final class WhatIfOptions {
  @Option(
      names = "--fail",
      paramLabel = "RESOURCE",
      description = "What if this resource is found failed where it runs?")
  private List<String> fail = new ArrayList<>();

  @Option(
      names = "--node-down",
      paramLabel = "NODE",
      description = "What if this node leaves the cluster in good order?")
  private List<String> nodeDown = new ArrayList<>();

  @Option(
      names = "--node-fail",
      paramLabel = "NODE",
      description = "What if this node is gone without a word, as when its power fails?")
  private List<String> nodeFail = new ArrayList<>();

  @Option(
      names = "--node-up",
      paramLabel = "NODE",
      description = "What if this node is in the cluster and works?")
  private List<String> nodeUp = new ArrayList<>();

  @Option(
      names = "--standby",
      paramLabel = "NODE",
      description = "What if this node is in standby?")
  private List<String> standby = new ArrayList<>();

  @Option(
      names = "--online",
      paramLabel = "NODE",
      description = "What if this node is no longer in standby?")
  private List<String> online = new ArrayList<>();

  @Option(
      names = "--ticket",
      paramLabel = "TICKET=CHANGE",
      description = "What if this ticket is changed: grant, revoke, standby or activate?")
  private List<String> tickets = new ArrayList<>();

  @Option(
      names = "--quorum",
      paramLabel = "yes|no",
      description = "What if there is a quorum, or none?")
  private @Nullable String quorum;

  /// All of them, what concerns nodes first: whatever the order on the command line, it is the
  /// same.
  WhatIf whatIf() throws Refused {
    List<Injection> all = new ArrayList<>();
    nodeUp.forEach(n -> all.add(new Injection.NodeUp(n)));
    nodeDown.forEach(n -> all.add(new Injection.NodeDown(n)));
    nodeFail.forEach(n -> all.add(new Injection.NodeFailed(n)));
    standby.forEach(n -> all.add(new Injection.Standby(n, true)));
    online.forEach(n -> all.add(new Injection.Standby(n, false)));
    for (String ticket : tickets) {
      all.add(ticket(ticket));
    }
    fail.forEach(r -> all.add(new Injection.ResourceFailed(r)));
    if (quorum != null) {
      all.add(new Injection.Quorum(yes(quorum)));
    }
    return new WhatIf(all, List.of());
  }

  private static Injection ticket(String text) throws Refused {
    int at = text.lastIndexOf('=');
    String change = text.substring(at + 1).toUpperCase(Locale.ROOT);
    for (Injection.TicketChange known : Injection.TicketChange.values()) {
      if (at > 0 && known.name().equals(change)) {
        return new Injection.Ticket(text.substring(0, at), known);
      }
    }
    throw new Refused(
        "--ticket " + text + " is not understood",
        "write TICKET=grant, TICKET=revoke, TICKET=standby or TICKET=activate",
        2);
  }

  private static boolean yes(String text) throws Refused {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw new Refused("--quorum " + text + " is not understood", "write yes or no", 2);
    };
  }
}
