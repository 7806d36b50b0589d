package io.trivet.scheduler.assign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.trivet.scheduler.cib.CibReader;
import io.trivet.scheduler.constraints.Constraints;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.unpack.Unpacker;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Where resources are assigned in clusters of three nodes in which nothing runs.
class AssignmentTest {
  private static final String GROUP =
      "<group id='g'>" + primitive("g1") + primitive("g2") + "</group>";

  private static String primitive(String id) {
    return "<primitive id='" + id + "' class='ocf' provider='pacemaker' type='Dummy'/>";
  }

  private static Cluster assigned(String resources, String constraints) {
    StringBuilder nodes = new StringBuilder();
    StringBuilder states = new StringBuilder();
    for (int i = 1; i <= 3; i++) {
      nodes.append("<node id='%s' uname='n%s'/>".formatted(i, i));
      states.append(
          "<node_state id='%s' uname='n%s' in_ccm='true' crmd='online' join='member' expected='member'/>"
              .formatted(i, i));
    }
    String cib =
        "<cib have-quorum='1'><configuration><crm_config>"
            + "<cluster_property_set id='o'>"
            + "<nvpair id='o1' name='fencing-enabled' value='false'/>"
            + "</cluster_property_set></crm_config>"
            + ("<nodes>" + nodes + "</nodes><resources>" + resources + "</resources>")
            + ("<constraints>" + constraints + "</constraints></configuration>")
            + ("<status>" + states + "</status></cib>");
    Cluster cluster = Unpacker.unpack(CibReader.read("test.xml", cib), 1_700_000_000);
    cluster.scoreLog = new ArrayList<>();
    Constraints.unpack(cluster);
    Assignment.prepare(cluster);
    Assignment.assignAll(cluster);
    return cluster;
  }

  private static Resource resource(Cluster cluster, String id) {
    Resource resource = cluster.resource(id);
    if (resource == null) {
      throw new AssertionError("no resource " + id);
    }
    return resource;
  }

  @Test
  void membersOfAGroupGoWhereItIsWanted() {
    Cluster cluster = assigned(GROUP, "<rsc_location id='l' rsc='g' node='n3' score='50'/>");
    assertEquals(cluster.node("n3"), resource(cluster, "g1").assignedTo);
    assertEquals(cluster.node("n3"), resource(cluster, "g2").assignedTo);
  }

  @Test
  void whatAvoidsAGroupIsElsewhere() {
    Cluster cluster =
        assigned(
            GROUP + primitive("a"),
            "<rsc_location id='l' rsc='a' node='n1' score='5'/>"
                + "<rsc_location id='m' rsc='g' node='n1' score='5'/>"
                + "<rsc_colocation id='c' rsc='a' with-rsc='g' score='-INFINITY'/>");
    assertNotEquals(resource(cluster, "g1").assignedTo, resource(cluster, "a").assignedTo);
  }

  @Test
  void whatMustBeWithSomethingThatRunsNowhereRunsNowhere() {
    Cluster cluster =
        assigned(
            primitive("a") + primitive("b"),
            "<rsc_location id='l' rsc-pattern='^b$'>"
                + "<rule id='r' score='-INFINITY'>"
                + "<expression id='e' attribute='#uname' operation='defined'/></rule>"
                + "</rsc_location>"
                + "<rsc_colocation id='c' rsc='a' with-rsc='b' score='INFINITY'/>");
    assertNull(resource(cluster, "b").assignedTo);
    assertNull(resource(cluster, "a").assignedTo);
  }

  @Test
  void instancesOfACloneAreOnePerNode() {
    Cluster cluster = assigned("<clone id='c'>" + primitive("i") + "</clone>", "");
    List<String> nodes =
        resource(cluster, "c").children().stream()
            .map(i -> String.valueOf(i.assignedTo))
            .sorted()
            .toList();
    assertEquals(List.of("n1", "n2", "n3"), nodes);
  }

  @Test
  void sortingNeedsNoConsistentComparator() {
    List<Integer> numbers = new ArrayList<>(List.of(3, 1, 2, 5, 4));
    Sorting.sort(numbers, (a, b) -> Integer.compare(a % 2, b % 2));
    assertEquals(List.of(2, 4, 3, 1, 5), numbers);
    Sorting.sort(numbers, (_, _) -> 1);
    assertEquals(List.of(1, 2, 3, 4, 5), numbers.stream().sorted().toList());
  }
}
