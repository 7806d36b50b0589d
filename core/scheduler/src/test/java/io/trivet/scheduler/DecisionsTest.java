package io.trivet.scheduler;

import static io.trivet.scheduler.SmallCluster.primitive;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.scheduler.cib.CibException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Decisions of small clusters, one rule each.
class DecisionsTest {
  /// What matters for a group that is ordered after a clone is the clone's instance on the node
  /// where the group will be: no restart because of one that starts elsewhere.
  @Test
  void aGroupAfterACloneIsNotRestartedForAnInstanceElsewhere() {
    SmallCluster cluster =
        new SmallCluster(
                2,
                "<clone id='c'>" + primitive("ci") + "</clone>",
                "<group id='g'>" + primitive("a") + primitive("b") + "</group>")
            .with("<rsc_order id='o' first='c' then='g'/>")
            .running("ci", 0)
            .running("a", 0)
            .running("b", 0)
            .notRunning("ci", 1)
            .notRunning("a", 1)
            .notRunning("b", 1);
    assertEquals(List.of("Start ci:1 ( n1 )"), cluster.summary());
  }

  private static String primitives(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(primitive("p" + i)).append('\n');
    }
    return text.toString();
  }

  private static String inARow(int count, boolean closed, String constraint) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < (closed ? count : count - 1); i++) {
      text.append(constraint.formatted(i, i, (i + 1) % count));
    }
    return text.toString();
  }

  /// Chains of colocations are followed by recursion: too long a one is refused, by name and line.
  @Test
  void aLongChainOfColocationsIsRefused() {
    for (String pair : List.of("rsc='p%s' with-rsc='p%s'", "with-rsc='p%s' rsc='p%s'")) {
      for (boolean closed : new boolean[] {false, true}) {
        String constraint = "<rsc_colocation id='k%s' " + pair + " score='INFINITY'/>";
        SmallCluster cluster =
            new SmallCluster(2, primitives(3000)).with(inARow(3000, closed, constraint));
        String error = assertThrows(CibException.class, cluster::summary).getMessage();
        assertTrue(error.contains("a chain of more than 300 resources"), error);
      }
    }
    SmallCluster group = new SmallCluster(2, "<group id='g'>" + primitives(3000) + "</group>");
    assertThrows(CibException.class, group::summary);
  }

  @Test
  void aChainOfColocationsAsLongAsAllowedIsPlanned() {
    String constraint = "<rsc_colocation id='k%s' rsc='p%s' with-rsc='p%s' score='INFINITY'/>";
    SmallCluster chain = new SmallCluster(2, primitives(300)).with(inARow(300, false, constraint));
    assertEquals(300, chain.summary().size());
    SmallCluster circle = new SmallCluster(2, primitives(300)).with(inARow(300, true, constraint));
    assertEquals(300, circle.summary().size());
  }

  /// A chain of orders may be as long as it likes, and a circle is broken.
  @Test
  void aLongChainOfOrdersIsPlanned() {
    String constraint = "<rsc_order id='k%s' first='p%s' then='p%s'/>";
    for (boolean closed : new boolean[] {false, true}) {
      SmallCluster cluster =
          new SmallCluster(2, primitives(1000)).with(inARow(1000, closed, constraint));
      assertEquals(1000, cluster.summary().size());
    }
  }

  /// Who wants resources left alone that are no longer configured has their fail counts left too.
  @Test
  void failCountsOfARemovedResourceAreClearedIfItIsStopped() {
    for (boolean stops : new boolean[] {true, false}) {
      List<String> executed =
          new SmallCluster(1, primitive("p"))
              .options("fencing-enabled=false", "stop-removed-resources=" + stops)
              .attributes(0, "fail-count-old#monitor_10000=3")
              .running("old", 0)
              .notRunning("p", 0)
              .executed();
      assertEquals(stops, executed.contains("Cluster action: clear_failcount for old on n0"));
      assertEquals(stops, executed.contains("Resource action: old stop on n0"));
    }
  }
}
