package io.trivet.cluster.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A cluster file from the moment in which it is agreed on until it works everywhere or is taken
/// back.
class FileTrialTest {
  private static final List<String> NODES = List.of("c1", "c2", "c3");

  private ClusterState state = ClusterState.empty();
  private long now = 1_000_000;

  @BeforeEach
  void threeControllersWithAFile() {
    apply(file("one", "galera"));
    NODES.forEach(node -> apply(new Command.NodePresence(node, Presence.PRESENT)));
  }

  private static Command file(String text, String... resources) {
    return new Command.SetClusterFile(text, new Roster(NODES, List.of(resources), List.of()));
  }

  private void apply(Command command) {
    state = state.apply(state.index() + 1, new Proposal(now, "operator root", 0, command)).state();
  }

  private void tried(String node, String failure) {
    apply(new Command.ClusterFileTried(node, state.clusterFileEpoch(), failure));
  }

  private String lastSaid() {
    return state.notices().getLast().id();
  }

  @Test
  void theFirstFileIsNotOnTrial() {
    assertNull(state.trial());
  }

  @Test
  void itWorksOnceAllWhoAreThereSaySo() {
    apply(file("two", "galera"));
    apply(new Command.NodePresence("c3", Presence.GONE));
    tried("c1", "");
    assertNotNull(state.trial());
    tried("c2", "");
    assertNull(state.trial());
    assertEquals("cluster-file-works", lastSaid());
    assertEquals("two", state.clusterFile());
  }

  @Test
  void whoIsGoneIsNotWaitedFor() {
    apply(file("two", "galera"));
    tried("c1", "");
    tried("c2", "");
    apply(new Command.NodePresence("c3", Presence.GONE));
    assertNull(state.trial());
    assertEquals("cluster-file-works", lastSaid());
  }

  @Test
  void oneFailureTakesItBackEverywhere() {
    apply(file("two", "galera", "glance"));
    tried("c1", "");
    tried("c3", "no such device");
    assertEquals("one", state.clusterFile());
    assertEquals(List.of("galera"), state.roster().resources());
    assertNull(state.trial());
    assertEquals(state.index(), state.clusterFileEpoch());
    assertEquals("cluster-file-taken-back", lastSaid());
    assertTrue(state.notices().getLast().text().contains("operator root"));
    assertTrue(
        state.notices().getLast().text().contains("c3 cannot bring it about: no such device"));
  }

  @Test
  void whatComesLateOfAFileThatIsNotInForceChangesNothing() {
    apply(file("two", "galera"));
    long second = state.clusterFileEpoch();
    tried("c3", "no such device");
    ClusterState before = state;
    apply(new Command.ClusterFileTried("c2", second, "no such device"));
    apply(new Command.ClusterFileTried("c1", second, ""));
    assertEquals(before.clusterFile(), state.clusterFile());
    assertEquals(before.clusterFileEpoch(), state.clusterFileEpoch());
    assertEquals(before.notices(), state.notices());
  }

  @Test
  void afterTwoFilesInARowTheOneThatWorkedComesBack() {
    apply(file("two", "galera"));
    apply(file("three", "galera"));
    tried("c2", "no such device");
    assertEquals("one", state.clusterFile());
  }

  @Test
  void goingBackByHandNeedsNoTrial() {
    apply(file("two", "galera"));
    apply(file("one", "galera"));
    assertNull(state.trial());
  }

  @Test
  void afterTheWindowAFailureIsTheControllersOwn() {
    apply(file("two", "galera"));
    now += FileTrial.WINDOW_MILLIS + 1;
    tried("c2", "no such device");
    assertEquals("two", state.clusterFile());
    assertNull(state.trial());
    assertEquals("cluster-file-unusable", lastSaid());
  }

  @Test
  void anUnknownControllerIsRefused() {
    apply(file("two", "galera"));
    tried("c9", "no such device");
    assertEquals("two", state.clusterFile());
    assertEquals("command-refused", lastSaid());
  }
}
