package io.trivet.scheduler.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.scheduler.PlanRun;
import io.trivet.scheduler.cib.CibException;
import io.trivet.scheduler.cib.CibReader;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.text.PlanView;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A cluster of two nodes with an address that runs on the first, and what would become of it.
final class WhatIfTest {
  private static final long NOW = 1_700_000_000;

  private static final String CIB =
      """
      <cib have-quorum="1" dc-uuid="1">
        <configuration>
          <crm_config>
            <cluster_property_set id="options">
              <nvpair id="o1" name="fencing-enabled" value="false"/>
            </cluster_property_set>
          </crm_config>
          <nodes>
            <node id="1" uname="one"/>
            <node id="2" uname="two"/>
          </nodes>
          <resources>
            <primitive id="vip" class="ocf" provider="heartbeat" type="IPaddr2">
              <operations>
                <op id="vip-monitor" name="monitor" interval="10s" timeout="20s"/>
              </operations>
            </primitive>
          </resources>
          <constraints>
            <rsc_ticket id="needs" rsc="vip" ticket="site" loss-policy="stop"/>
          </constraints>
        </configuration>
        <status>
          <tickets>
            <ticket_state id="site" granted="true"/>
          </tickets>
          %s
          %s
        </status>
      </cib>
      """
          .formatted(
              state(1, "one", entry("start", 0, 1, 0) + entry("monitor", 10_000, 2, 0)),
              state(2, "two", entry("monitor", 0, 1, 7)));

  private static String state(int id, String name, String history) {
    return """
        <node_state id="%s" uname="%s" in_ccm="true" crmd="online" join="member" expected="member">
          <lrm id="%s"><lrm_resources>
            <lrm_resource id="vip" class="ocf" provider="heartbeat" type="IPaddr2">%s</lrm_resource>
          </lrm_resources></lrm>
        </node_state>
        """
        .formatted(id, name, id, history);
  }

  private static String entry(String task, int interval, int call, int result) {
    String key = "vip_" + task + "_" + interval;
    // MD5 of no parameters, and of a timeout of 20 s.
    String digest =
        interval == 0 ? "f2317cad3d54cec5d7d7aa7d0bf35cf8" : "4811cef7f7f94e3a35a70be7916cb2fd";
    String transition = "%s:1:%s:aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa".formatted(call, result);
    return """
        <lrm_rsc_op op-digest="%s" id="%s" operation_key="%s" operation="%s" interval="%s" call-id="%s"
          rc-code="%s" op-status="0" transition-key="%s" transition-magic="0:%s;%s"
          last-rc-change="1699999000"/>
        """
        .formatted(digest, key, key, task, interval, call, result, transition, result, transition);
  }

  private static PacemakerText.Story story(Injection... injections) {
    return PacemakerText.of(
        CibReader.read("test", CIB),
        new PacemakerText.Now(NOW, ""),
        false,
        new PacemakerText.WhatIf(List.of(injections), List.of()));
  }

  private static List<String> changes(PacemakerText.Story story) {
    return story.view().changes().stream().map(WhatIfTest::text).toList();
  }

  private static String text(PlanView.ChangeView change) {
    return change.change() + " " + change.from() + " " + change.to();
  }

  @Test
  void aHealthyClusterIsLeftAlone() {
    PacemakerText.Story story = story();
    assertEquals(List.of(), changes(story));
    assertEquals(List.of(), story.simulated().executed());
  }

  @Test
  void aNodeThatLeavesLosesItsResource() {
    assertEquals(List.of("Start null two"), changes(story(new Injection.NodeDown("one"))));
  }

  @Test
  void aNodeInStandbyHandsItOver() {
    PacemakerText.Story story = story(new Injection.Standby("one", true));
    assertEquals(List.of("Move one two"), changes(story));
    assertTrue(story.text().contains("Performing Requested Modifications:\n  * Putting node one"));
    assertTrue(story.text().contains("Revised Cluster Status:\n  * Node List:\n"));
  }

  @Test
  void aFailureIsRecoveredFrom() {
    assertEquals(List.of("Recover one null"), changes(story(new Injection.ResourceFailed("vip"))));
  }

  @Test
  void withoutQuorumOrTicketItIsStopped() {
    assertEquals(List.of("Stop one null"), changes(story(new Injection.Quorum(false))));
    assertEquals(
        List.of("Stop one null"),
        changes(story(new Injection.Ticket("site", Injection.TicketChange.REVOKE))));
  }

  @Test
  void whatIsNotThereIsRefused() {
    assertThrows(CibException.class, () -> story(new Injection.NodeUp("three")));
    assertThrows(CibException.class, () -> story(new Injection.ResourceFailed("other")));
  }

  @Test
  void whatFailsEndsTheExecution() {
    PacemakerText.Story story =
        PacemakerText.of(
            CibReader.read("test", CIB),
            new PacemakerText.Now(NOW, ""),
            false,
            new PacemakerText.WhatIf(
                List.of(new Injection.Standby("one", true)),
                List.of(new Failing("vip", "start", 0, "two", 1))));
    assertEquals(
        List.of(
            "Resource action: vip             stop on one",
            "Resource action: vip             start on two"),
        story.simulated().lines());
  }

  @Test
  void afterItsExecutionNothingIsLeftToDo() {
    Element after = story(new Injection.Standby("one", true)).simulated().cib();
    assertEquals(List.of(), PlanRun.plan(after, NOW, false).graph().synapses());
  }
}
