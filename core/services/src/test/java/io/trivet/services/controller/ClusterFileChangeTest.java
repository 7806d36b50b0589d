package io.trivet.services.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.RunState;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What another cluster file does to a controller on which everything runs: nothing that did not
/// change is touched.
class ClusterFileChangeTest {
  private static final String FILE =
      """
      trivet: 1
      name: lab
      controllers: { c1: 10.77.0.11, c2: 10.77.0.12, c3: 10.77.0.13 }
      vips:
        public: { address: 10.77.0.100/24, interface: eth0 }
      load-balancer: haproxy
      cache: memcached
      apis: [keystone]
      """;
  private static final String[] RUNNING = {
    "trivet-haproxy.service", "memcached.service", "keystone.service"
  };

  private final OneController c1 = new OneController(FILE, RUNNING).begin(FILE);

  @Test
  void everythingRunsBeforeTheChange() {
    for (String resource : List.of("haproxy", "memcached", "keystone")) {
      assertEquals(RunState.STARTED, c1.report(resource).run(), resource);
    }
  }

  @Test
  void aCommentTouchesNothing() {
    c1.apply(OneController.file(FILE + "# a comment\n"));
    c1.pass(10);
    assertEquals(
        List.of("says cluster-file-set", "uses another cluster file", "keeps the cluster file"),
        c1.did());
  }

  @Test
  void theSameAfterASnapshotTouchesNothing() {
    ClusterState state = c1.machine.state();
    ClusterState next =
        state
            .apply(
                state.index() + 1,
                io.trivet.cluster.state.Proposal.of(
                    1, "test", OneController.file(FILE + "# a comment\n")))
            .state();
    c1.restore(next);
    c1.pass(10);
    assertEquals(List.of("uses another cluster file", "keeps the cluster file"), c1.did());
  }

  @Test
  void anApiMoreIsLoadedByTheRunningLoadBalancer() {
    c1.apply(OneController.file(FILE.replace("[keystone]", "[keystone, glance]")));
    c1.pass(10);
    List<String> did = c1.did();
    assertFalse(did.contains("must not serve public"), did::toString);
    assertFalse(did.contains("stops trivet-haproxy.service"), did::toString);
    assertTrue(did.contains("runs systemctl reload trivet-haproxy.service"), did::toString);
    assertEquals(RunState.STARTED, c1.report("haproxy").run());
    assertEquals(RunState.STARTED, c1.report("keystone").run());
    assertEquals(RunState.STOPPED, c1.report("glance").run());
    c1.apply(new Command.SetTarget("glance", "c1", Wanted.STARTED, Target.PLAIN, "test"));
    c1.pass(3);
    assertEquals(RunState.STARTED, c1.report("glance").run());
  }

  @Test
  void aVipMoreDoesNotDarkenTheOther() {
    c1.apply(
        OneController.file(
            FILE.replace(
                "load-balancer",
                "  internal: { address: 10.77.0.101/24, interface: eth0 }\nload-balancer")));
    c1.pass(10);
    List<String> did = c1.did();
    assertFalse(did.contains("must not serve public"), did::toString);
    assertTrue(did.contains("may serve internal"), did::toString);
  }

  @Test
  void aVipThatLeavesIsLetGo() {
    c1.apply(
        OneController.file(
            FILE.replace(
                "load-balancer",
                "  internal: { address: 10.77.0.101/24, interface: eth0 }\nload-balancer")));
    c1.pass(10);
    c1.did();
    c1.apply(OneController.file(FILE));
    c1.pass(10);
    List<String> did = c1.did();
    assertTrue(did.contains("must not serve internal"), did::toString);
    assertFalse(did.contains("must not serve public"), did::toString);
    assertEquals(RunState.UNKNOWN, c1.report("internal").run());
  }

  @Test
  void anotherCheckIsBelievedBeforeItAnswered() {
    c1.apply(
        OneController.file(
            FILE.replace("[keystone]", "{ keystone: { port: 5000, check: /healthcheck } }")));
    assertEquals(RunState.STARTED, c1.report("keystone").run());
    c1.pass(10);
    assertEquals(RunState.STARTED, c1.report("keystone").run());
    assertFalse(c1.did().contains("stops keystone.service"));
  }

  @Test
  void anotherUnitOfTheSameNameEndsTheOldOne() {
    c1.apply(
        OneController.file(
            FILE.replace("[keystone]", "{ keystone: { port: 5000, unit: keystone-wsgi } }")));
    c1.pass(3);
    assertEquals("inactive", c1.unit("keystone.service"));
  }

  @Test
  void whatLeavesTheFileIsStopped() {
    c1.apply(OneController.file(FILE.replace("cache: memcached\n", "")));
    c1.pass(3);
    List<String> did = c1.did();
    assertTrue(did.contains("stops memcached.service"), did::toString);
    assertFalse(did.contains("must not serve public"), did::toString);
    assertEquals("inactive", c1.unit("memcached.service"));
    assertEquals("active", c1.unit("keystone.service"));
    assertEquals(RunState.UNKNOWN, c1.report("memcached").run());
  }

  @Test
  void whatLeftWhileTheDaemonWasDownIsStoppedAfterItsStart() {
    OneController back = new OneController(FILE, RUNNING);
    back.apply(OneController.file(FILE.replace("cache: memcached\n", "")));
    back.apply(new Command.NodeStarted("c1", 7));
    back.pass(3);
    assertEquals("inactive", back.unit("memcached.service"));
    assertEquals("active", back.unit("keystone.service"));
    assertEquals("active", back.unit("trivet-haproxy.service"));
  }

  @Test
  void aFileThatIsNotUnderstoodLeavesTheOneInForce() {
    Command.SetClusterFile good = OneController.file(FILE);
    c1.apply(new Command.SetClusterFile("trivet: 1\nname: [", good.roster()));
    c1.pass(10);
    List<String> did = c1.did();
    assertTrue(did.contains("says cluster-file-unusable"), did::toString);
    assertFalse(did.contains("must not serve public"), did::toString);
    assertEquals(RunState.STARTED, c1.report("keystone").run());
    c1.apply(OneController.file(FILE + "# mended\n"));
    assertTrue(c1.did().contains("uses another cluster file"));
  }

  @Test
  void aStartWithAFileInTheLogThatIsNotUnderstoodGoesOnWithTheLastGoodOne() {
    Command.SetClusterFile good = OneController.file(FILE);
    OneController fresh = new OneController(FILE, RUNNING);
    fresh.apply(new Command.SetClusterFile("trivet: 1\nname: [", good.roster()));
    fresh.apply(new Command.NodeStarted("c1", 7));
    fresh.pass(10);
    assertTrue(fresh.did().contains("may serve public"));
    assertEquals(RunState.STARTED, fresh.report("keystone").run());
  }
}
