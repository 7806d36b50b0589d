package io.trivet.scheduler.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.scheduler.PlanRun;
import io.trivet.scheduler.cib.CibReader;
import io.trivet.scheduler.cib.Element;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Explanations name what decided.
final class ExplainTest {
  private static final long NOW = 1_700_000_000L;

  private static final String CIB =
      """
      <cib validate-with="pacemaker-4.0" epoch="1" num_updates="0" admin_epoch="0" have-quorum="1" dc-uuid="a">
        <configuration>
          <crm_config>
            <cluster_property_set id="options">
              <nvpair id="o1" name="fencing-enabled" value="false"/>
            </cluster_property_set>
          </crm_config>
          <nodes>
            <node id="a" uname="a"/>
            <node id="b" uname="b"/>
            <node id="c" uname="c"/>
          </nodes>
          <resources>
            <primitive id="vip" class="ocf" provider="heartbeat" type="IPaddr2">
              <meta_attributes id="m"><nvpair id="m1" name="resource-stickiness" value="5"/></meta_attributes>
            </primitive>
          </resources>
          <constraints>
            <rsc_location id="likes-b" rsc="vip" node="b" score="100"/>
            <rsc_location id="not-on-c" rsc="vip" node="c" score="-INFINITY"/>
          </constraints>
        </configuration>
        <status>
          <node_state id="a" uname="a" in_ccm="true" crmd="online" join="member" expected="member">
            <lrm id="a"><lrm_resources>
              <lrm_resource id="vip" class="ocf" provider="heartbeat" type="IPaddr2">
                <lrm_rsc_op id="vip_last_0" operation_key="vip_start_0" operation="start" call-id="2"
                  transition-key="1:1:0:x" transition-magic="0:0;1:1:0:x" rc-code="0" op-status="0" interval="0"
                  op-digest="f2317cad3d54cec5d7d7aa7d0bf35cf8"/>
              </lrm_resource>
            </lrm_resources></lrm>
          </node_state>
          <node_state id="b" uname="b" in_ccm="true" crmd="online" join="member" expected="member"/>
          <node_state id="c" uname="c" in_ccm="true" crmd="online" join="member" expected="member"/>
        </status>
      </cib>
      """;

  private static Explanation of(String resource) {
    Element cib = CibReader.read("t.xml", CIB);
    Explain explain = new Explain(PlanRun.explained(cib, NOW));
    var meant = explain.meant(resource).getFirst();
    return new Moves(cib, NOW).added(explain.of(meant), meant);
  }

  @Test
  void namesTheConstraintsAndTheirLines() {
    Explanation explanation = of("vip");
    Explanation.Place first = explanation.places().getFirst();
    assertEquals("b", first.node());
    assertTrue(first.chosen());
    Explanation.Cause likes = first.causes().getLast();
    assertEquals("likes-b", likes.id());
    assertEquals(19, likes.line());
    assertEquals(100, likes.change());
    Explanation.Place last = explanation.places().getLast();
    assertEquals("c", last.node());
    assertTrue(last.never() != null && last.never().id().equals("not-on-c"), last.toString());
  }

  @Test
  void saysWhereItIsAndWhereItGoes() {
    Explanation explanation = of("vip");
    assertEquals("vip is started on a, and will be started on b.", explanation.summary());
    assertTrue(explanation.moves().contains("Without b it would be on a."), explanation.toString());
    assertTrue(
        explanation.actions().stream()
            .anyMatch(
                s -> s.what().equals("start on b") && s.waitsFor().contains("stop of vip on a")),
        explanation.actions().toString());
  }

  @Test
  void aResourceThatIsNotThereIsNotMeant() {
    Explain explain = new Explain(PlanRun.explained(CibReader.read("t.xml", CIB), NOW));
    assertTrue(explain.meant("nothing").isEmpty());
    assertEquals(1, explain.known().size());
  }

  @Test
  void instancesThatDifferInTheirNameOnlyAreToldOnce() {
    List<Explanation.Place> places =
        List.of(
            new Explanation.Place(
                "a",
                null,
                false,
                false,
                new Explanation.Cause(null, "a is offline", "", 0),
                List.of()));
    List<Explanation> instances =
        List.of("db:0", "db:1", "db:2").stream()
            .map(
                id ->
                    new Explanation(
                        id, "", id + " is stopped, and stays so.", places, List.of(), List.of()))
            .toList();
    assertEquals(
        """
        db:0 is stopped, and stays so.
          a     never  a is offline
        The same holds for db:1, db:2.
        """,
        ExplanationText.of(instances, ""));
  }

  @Test
  void whatSomethingWaitsForFitsALine() {
    List<String> waits = IntStream.range(0, 9).mapToObj(i -> "stop of r" + i + " on a").toList();
    Explanation explanation =
        new Explanation(
            "db",
            "",
            "db is started on a, and will be stopped (its target-role).",
            List.of(),
            List.of(new Explanation.Step("stop on a", "node availability", waits)),
            List.of());
    assertEquals(
        """
        db is started on a, and will be stopped (its target-role).
          stop on a (no node may run it), after stop of r0 on a, stop of r1 on a, stop of r2 on a, stop of r3 on a, stop of r4 on a and 4 more
        """,
        ExplanationText.of(explanation, ""));
  }
}
