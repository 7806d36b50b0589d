package io.trivet.services.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.expand.Expansion;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Reading;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Presence;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Roster;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControllerMachineTest {
  private static final String FILE =
      """
      trivet: 1
      name: lab
      controllers: { c1: 10.77.0.11, c2: 10.77.0.12, c3: 10.77.0.13 }
      cache: memcached
      """;

  private final Command.SetClusterFile seed = seed();
  private final ControllerMachine machine = new ControllerMachine("c1", 2, seed, new ServiceSets());
  private long index;

  private static Command.SetClusterFile seed() {
    Reading.Accepted file =
        assertInstanceOf(Reading.Accepted.class, ClusterFileReader.read("cluster.yaml", FILE));
    return new Command.SetClusterFile(FILE, Roster.of(Expansion.of(file.file())));
  }

  private List<String> printed(Command command) {
    index++;
    Proposal proposal = Proposal.of(1_000 + index, "test", command);
    return machine
        .step(new ControllerEvent.EntryApplied(index, proposal), index, 1_000 + index)
        .stream()
        .filter(ControllerEffect.Print.class::isInstance)
        .map(effect -> ((ControllerEffect.Print) effect).notice().id())
        .toList();
  }

  @Test
  void whatWasSaidInAnEarlierRunIsNotSaidAgain() {
    assertEquals(List.of(), printed(seed));
    assertEquals(List.of(), printed(new Command.NodeStarted("c2", 1)));
    assertEquals(List.of(), printed(new Command.NodePresence("c2", Presence.PRESENT)));
    printed(new Command.NodeStarted("c1", 2));
    assertEquals(
        List.of("controller-gone"), printed(new Command.NodePresence("c2", Presence.GONE)));
  }

  private List<ControllerEffect.MoveLeadership> moves(ControllerEvent event, long seconds) {
    return machine.step(event, seconds * 1_000_000_000L, seconds * 1_000).stream()
        .filter(ControllerEffect.MoveLeadership.class::isInstance)
        .map(ControllerEffect.MoveLeadership.class::cast)
        .toList();
  }

  /// It cannot tell who is gone; to whom it can hand over it cannot tell either, so it tries each.
  @Test
  void aLeaderWithoutLeasesHandsTheLeadershipOver() {
    printed(seed);
    for (String node : List.of("c1", "c2", "c3")) {
      printed(new Command.NodePresence(node, Presence.PRESENT));
    }
    assertEquals(List.of(), moves(new ControllerEvent.LeasesThere(false), 1), "it does not lead");
    List<ControllerEffect.MoveLeadership> first =
        moves(new ControllerEvent.LeaderChanged("c1", true), 2);
    assertEquals(List.of("c2"), first.stream().map(ControllerEffect.MoveLeadership::to).toList());
    assertTrue(machine.dueAtNanos(2_000_000_000L) <= 5_000_000_000L);
    List<ControllerEffect.MoveLeadership> second = moves(new ControllerEvent.Tick(), 6);
    assertTrue(second.stream().anyMatch(move -> move.to().equals("c3")), second.toString());
    moves(new ControllerEvent.LeasesThere(true), 7);
    List<ControllerEffect.MoveLeadership> after = moves(new ControllerEvent.Tick(), 12);
    assertTrue(
        after.stream().noneMatch(move -> move.reason().contains("lease process")),
        after.toString());
  }
}
