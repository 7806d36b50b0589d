package io.trivet.services.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.RunState;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A cluster file that is agreed on and cannot be brought about here: this controller goes on with
/// the last one that worked, and the file is taken back everywhere.
class FileInForceTest {
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
  private static final String WITH_VIP =
      FILE.replace(
          "load-balancer",
          "  internal: { address: 10.77.0.101/24, interface: eth0 }\nload-balancer");
  private static final String[] RUNNING = {
    "trivet-haproxy.service", "memcached.service", "keystone.service"
  };

  private final OneController c1 = begun(new ServiceSets());

  private static OneController begun(ControllerMachine.Services services) {
    OneController controller = new OneController("", services, FILE, RUNNING).begin(FILE);
    controller.follow();
    return controller;
  }

  @Test
  void whatWorksIsToldAndKeptForTheNextStart() {
    c1.apply(OneController.file(WITH_VIP));
    c1.pass(3);
    assertFalse(c1.did().contains("tells that it works"), "too early");
    c1.pass(10);
    List<String> did = c1.did();
    assertTrue(did.contains("keeps the cluster file"), did::toString);
    assertTrue(did.contains("tells that it works"), did::toString);
    assertEquals(WITH_VIP, c1.machine.state().clusterFile());
    assertNull(c1.machine.state().trial());
  }

  @Test
  void whatTheLeasesCannotTakeOnIsTakenBack() {
    c1.leasesRefuse = "internal";
    c1.apply(OneController.file(WITH_VIP));
    List<String> did = c1.did();
    assertTrue(did.contains("tells no room"), did::toString);
    assertTrue(did.contains("says cluster-file-taken-back"), did::toString);
    assertEquals(FILE, c1.machine.state().clusterFile());
    c1.pass(10);
    assertFalse(c1.did().contains("must not serve public"));
    assertEquals(RunState.STARTED, c1.report("keystone").run());
    assertEquals(1, c1.machine.serviceSet().file().vips().size());
  }

  @Test
  void aNewVipThatCannotBeServedHereIsTakenBack() {
    c1.apply(OneController.file(WITH_VIP));
    c1.unfit("internal", "its link is not there");
    c1.pass(10);
    assertTrue(
        c1.did().contains("tells VIP internal cannot be served there: its link is not there"));
    assertEquals(FILE, c1.machine.state().clusterFile());
  }

  @Test
  void anOldVipThatCannotBeServedHereSpeaksAgainstNoFile() {
    c1.unfit("public", "the cable is out");
    c1.apply(OneController.file(WITH_VIP));
    c1.pass(10);
    assertTrue(c1.did().contains("tells that it works"));
    assertEquals(WITH_VIP, c1.machine.state().clusterFile());
  }

  @Test
  void anAgentThatCannotBeMadeTakesTheFileBack() {
    ServiceSets real = new ServiceSets();
    OneController broken =
        begun(
            (text, self) -> {
              if (text.contains("internal")) {
                throw new IllegalStateException("no such agent");
              }
              return real.of(text, self);
            });
    broken.apply(OneController.file(WITH_VIP));
    List<String> did = broken.did();
    assertTrue(did.contains("says cluster-file-unusable"), did::toString);
    assertTrue(did.contains("says cluster-file-taken-back"), did::toString);
    assertEquals(FILE, broken.machine.state().clusterFile());
    broken.pass(10);
    assertEquals(RunState.STARTED, broken.report("keystone").run());
  }

  @Test
  void anotherFileIsNotTriedWhenEarlierRunsEndedWithIt() {
    OneController back = new OneController("it ended the daemon", new ServiceSets(), FILE, RUNNING);
    back.apply(OneController.file(FILE));
    back.apply(OneController.file(WITH_VIP));
    back.follow();
    back.apply(new Command.NodeStarted("c1", 7));
    back.pass(10);
    List<String> did = back.did();
    assertTrue(did.contains("tells it ended the daemon"), did::toString);
    assertTrue(did.contains("may serve public"), did::toString);
    assertEquals(FILE, back.machine.state().clusterFile());
    assertEquals(RunState.STARTED, back.report("keystone").run());
  }

  @Test
  void historyIsNotTakenOn() {
    OneController back = new OneController(WITH_VIP, RUNNING);
    back.apply(OneController.file(FILE));
    back.apply(OneController.file(WITH_VIP));
    assertFalse(back.did().contains("uses another cluster file"));
    back.apply(new Command.NodeStarted("c1", 7));
    assertEquals(1, back.did().stream().filter("uses another cluster file"::equals).count());
    assertNotNull(back.machine.serviceSet());
  }

  @Test
  void aFailureThatComesWhenTheFileIsNoLongerNewIsThisControllersAlone() {
    c1.apply(OneController.file(WITH_VIP));
    c1.apply(new Command.ClusterFileTried("c1", c1.machine.state().clusterFileEpoch(), ""));
    c1.unfit("internal", "its link is not there");
    c1.pass(10);
    assertEquals(WITH_VIP, c1.machine.state().clusterFile());
    assertEquals(1, c1.machine.serviceSet().file().vips().size());
    assertTrue(
        c1.machine.state().notices().stream()
            .anyMatch(n -> n.id().equals("cluster-file-unusable")));
  }
}
