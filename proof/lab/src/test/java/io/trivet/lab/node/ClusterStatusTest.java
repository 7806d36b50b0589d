package io.trivet.lab.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ClusterStatusTest {
  private static final String DEGRADED =
      """
      {"cluster":"lab","healthy":false,"quorum":true,"leader":"c2",
       "vips":[{"name":"public","address":"10.77.0.100","holder":"c2","answering":true}],
       "services":[{"resource":"haproxy","nodes":[
         {"node":"c1","state":"STOPPED","detail":"no writer, keystone down"},
         {"node":"c2","state":"STARTED","detail":"writer c3, keystone 2 of 3"}]}],
       "problems":[{"what":"c1 is gone","do":"switch it on"}]}
      """;

  @Test
  void readsWhatTheLabNeeds() {
    ClusterStatus status = ClusterStatus.parse(DEGRADED).orElseThrow();
    assertFalse(status.healthy());
    assertEquals(Optional.of("c2"), status.holder());
    assertEquals(Optional.of("c3"), status.writer());
    assertEquals(List.of("c1 is gone"), status.problems());
  }

  @Test
  void aLoadBalancerWithoutTroubleNamesTheWriterOnly() {
    String json = DEGRADED.replace("writer c3, keystone 2 of 3", "writer c3");
    assertEquals(Optional.of("c3"), ClusterStatus.parse(json).orElseThrow().writer());
  }

  @Test
  void aVipWithoutHolderHasNone() {
    String json =
        "{\"healthy\":false,\"vips\":[{\"name\":\"public\",\"holder\":null}],\"problems\":[]}";
    assertEquals(Optional.empty(), ClusterStatus.parse(json).orElseThrow().holder());
  }

  @Test
  void anythingElseIsNoStatus() {
    for (String text : new String[] {"", "no daemon", "[]", "{}", "{\"healthy\":true}"}) {
      assertTrue(ClusterStatus.parse(text).isEmpty(), text);
    }
  }
}
