package io.trivet.scheduler;

import static io.trivet.scheduler.SmallCluster.primitive;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
}
