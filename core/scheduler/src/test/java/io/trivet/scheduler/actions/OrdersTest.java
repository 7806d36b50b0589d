package io.trivet.scheduler.actions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.scheduler.PlanRun;
import io.trivet.scheduler.cib.CibReader;
import io.trivet.scheduler.graph.Graph;
import io.trivet.scheduler.model.Action;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Orders between resources, seen in the graph: what is done, and what it waits for. Two nodes are
/// online; nothing runs, and where something shall is not known before it was looked for.
class OrdersTest {
  private static String primitive(String id, String inside) {
    return "<primitive id=\"%s\" class=\"ocf\" provider=\"heartbeat\" type=\"Dummy\">%s</primitive>"
        .formatted(id, inside);
  }

  private static String primitives(String... ids) {
    StringBuilder all = new StringBuilder();
    for (String id : ids) {
      all.append(primitive(id, ""));
    }
    return all.toString();
  }

  private static String stopped(String id) {
    String role = "<nvpair id=\"" + id + "-r\" name=\"target-role\" value=\"Stopped\"/>";
    return primitive(id, "<meta_attributes id=\"" + id + "-m\">" + role + "</meta_attributes>");
  }

  private static String clone(String id, String meta, String inside) {
    StringBuilder pairs = new StringBuilder();
    for (String pair : meta.isEmpty() ? new String[0] : meta.split(" ")) {
      int equals = pair.indexOf('=');
      pairs.append(
          "<nvpair id=\"%s-%s\" name=\"%s\" value=\"%s\"/>"
              .formatted(
                  id,
                  pair.substring(0, equals),
                  pair.substring(0, equals),
                  pair.substring(equals + 1)));
    }
    return "<clone id=\"%s\"><meta_attributes id=\"%s-m\">%s</meta_attributes>%s</clone>"
        .formatted(id, id, pairs, inside);
  }

  private static PlanRun.Result plan(String resources, String constraints) {
    StringBuilder nodes = new StringBuilder();
    StringBuilder states = new StringBuilder();
    for (int i = 1; i <= 2; i++) {
      nodes.append("<node id=\"%s\" uname=\"n%s\"/>".formatted(i, i));
      states.append(
          ("<node_state id=\"%1$s\" uname=\"n%1$s\" in_ccm=\"true\" crmd=\"online\""
                  + " join=\"member\" expected=\"member\"><lrm id=\"%1$s\"><lrm_resources/></lrm>"
                  + "</node_state>")
              .formatted(i));
    }
    String xml =
        "<cib have-quorum=\"1\" dc-uuid=\"1\"><configuration><crm_config>"
            + "<cluster_property_set id=\"o\"><nvpair id=\"o-f\" name=\"fencing-enabled\""
            + " value=\"false\"/></cluster_property_set></crm_config><nodes>"
            + nodes
            + "</nodes><resources>"
            + resources
            + "</resources><constraints>"
            + constraints
            + "</constraints></configuration><status>"
            + states
            + "</status></cib>";
    return PlanRun.plan(CibReader.read("c.xml", xml), 1_700_000_000L, false);
  }

  /// The keys of the actions in the graph, probes aside, with those of their inputs.
  private static Map<String, List<String>> graph(String resources, String constraints) {
    Map<String, List<String>> graph = new LinkedHashMap<>();
    for (Graph.Synapse synapse : plan(resources, constraints).graph().synapses()) {
      if (!synapse.action().task.equals(Tasks.MONITOR)) {
        List<String> inputs =
            synapse.inputs().stream()
                .filter(a -> !a.task.equals(Tasks.MONITOR))
                .map(a -> a.key)
                .sorted()
                .toList();
        graph.put(synapse.action().key, inputs);
      }
    }
    return graph;
  }

  private static Action action(PlanRun.Result result, String key) {
    return result.cluster().actions.stream()
        .filter(a -> a.key.equals(key))
        .findFirst()
        .orElseThrow();
  }

  private static String order(String first, String then, String more) {
    return "<rsc_order id=\"%s-%s\" first=\"%s\" then=\"%s\" %s/>"
        .formatted(first, then, first, then, more);
  }

  @Test
  void mandatoryOrderWaitsForTheFirst() {
    assertEquals(
        List.of("a_start_0"), graph(primitives("a", "b"), order("a", "b", "")).get("b_start_0"));
  }

  @Test
  void mandatoryOrderHoldsBackWhatComesAfterSomethingStopped() {
    PlanRun.Result result = plan(stopped("a") + primitives("b"), order("a", "b", ""));
    Action start = action(result, "b_start_0");
    assertFalse(start.is(Action.Flag.RUNNABLE));
    assertEquals("unrunnable a start", start.reason);
  }

  @Test
  void optionalOrderHoldsNothingBack() {
    String optional = order("a", "b", "kind=\"Optional\"");
    assertEquals(List.of(), graph(stopped("a") + primitives("b"), optional).get("b_start_0"));
    assertEquals(List.of("a_start_0"), graph(primitives("a", "b"), optional).get("b_start_0"));
  }

  @Test
  void ofAnUnorderedSetOneIsEnough() {
    String sets =
        "<rsc_order id=\"sets\"><resource_set id=\"any\" sequential=\"false\" require-all=\"false\">"
            + "<resource_ref id=\"a\"/><resource_ref id=\"b\"/></resource_set>"
            + "<resource_set id=\"then\"><resource_ref id=\"c\"/></resource_set></rsc_order>";
    Map<String, List<String>> graph = graph(stopped("a") + primitives("b", "c"), sets);
    assertEquals(List.of("one-or-more:any"), graph.get("c_start_0"));
    assertEquals(List.of("b_start_0"), graph.get("one-or-more:any"));
    PlanRun.Result none = plan(stopped("a") + stopped("b") + primitives("c"), sets);
    assertEquals("unrunnable one-or-more:any", action(none, "c_start_0").reason);
  }

  @Test
  void ofACloneTheConfiguredNumberIsEnough() {
    String order = order("many", "b", "");
    String enough = clone("many", "clone-min=2", primitives("a")) + primitives("b");
    assertEquals(List.of("clone-one-or-more:many-b"), graph(enough, order).get("b_start_0"));
    String tooFew = clone("many", "clone-min=3", primitives("a")) + primitives("b");
    assertFalse(action(plan(tooFew, order), "b_start_0").is(Action.Flag.RUNNABLE));
  }

  @Test
  void interleavedInstancesWaitForTheirNeighbourOnly() {
    String apart = clone("x", "", primitives("a")) + clone("y", "", primitives("b"));
    assertTrue(graph(apart, order("x", "y", "")).get("y_start_0").contains("x_running_0"));
    String beside =
        clone("x", "", primitives("a")) + clone("y", "interleave=true", primitives("b"));
    PlanRun.Result result = plan(beside, order("x", "y", ""));
    for (Graph.Synapse synapse : result.graph().synapses()) {
      if (synapse.action().key.startsWith("b:") && synapse.action().task.equals(Tasks.START)) {
        List<Action> firsts =
            synapse.inputs().stream().filter(i -> i.key.startsWith("a:")).toList();
        assertEquals(1, firsts.stream().filter(i -> i.task.equals(Tasks.START)).count());
        assertEquals(synapse.action().node, firsts.getLast().node);
      }
    }
  }

  @Test
  void membersOfAGroupStartOneAfterTheOther() {
    String group = "<group id=\"g\">" + primitives("a", "b") + "</group>";
    Map<String, List<String>> graph = graph(group, "");
    assertEquals(List.of("g_start_0"), graph.get("a_start_0"));
    assertEquals(List.of("a_start_0", "g_start_0"), graph.get("b_start_0"));
    assertEquals(List.of("a_start_0", "b_start_0", "g_start_0"), graph.get("g_running_0"));
  }

  @Test
  void ordersInACircleEnd() {
    String circle = order("a", "b", "") + order("b", "c", "") + order("c", "a", "");
    assertNotNull(graph(primitives("a", "b", "c"), circle));
    assertNotNull(graph(stopped("a") + primitives("b", "c"), circle));
  }

  @Test
  void aLongChainIsFollowedToItsEnd() {
    int length = 3_000;
    StringBuilder resources = new StringBuilder(stopped("r0"));
    StringBuilder orders = new StringBuilder();
    for (int i = 1; i < length; i++) {
      resources.append(primitives("r" + i));
      orders.append(order("r" + (i - 1), "r" + i, ""));
    }
    String last = "r" + (length - 1) + "_start_0";
    assertFalse(
        action(plan(resources.toString(), orders.toString()), last).is(Action.Flag.RUNNABLE));
  }
}
