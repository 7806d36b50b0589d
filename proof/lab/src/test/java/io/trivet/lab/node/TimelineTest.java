package io.trivet.lab.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TimelineTest {
  @Test
  void readsOneEventALine() {
    String json =
        """
        {"id":"controller-joined","severity":"INFO","atMillis":5,"node":"c1","text":"…"}

        {"id":"vip-moved","severity":"INFO","atMillis":7,"subject":"c3","text":"…"}
        """;
    assertEquals(
        List.of(
            new Timeline.Event("controller-joined", 5, "c1", "…"),
            new Timeline.Event("vip-moved", 7, "", "…")),
        Timeline.parse(json));
    assertEquals(List.of(), Timeline.parse(""));
    assertEquals(List.of(), Timeline.parse("[]\n{}\n{\"id\":\"vip-moved\"}\nno JSON: {"));
  }
}
