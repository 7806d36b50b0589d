package io.trivet.services.rabbitmq;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.services.rabbitmq.RabbitReport.Data;
import io.trivet.services.rabbitmq.RabbitSettings.Member;
import io.trivet.services.story.Fuzz;
import io.trivet.services.story.Golden;
import io.trivet.services.story.Story;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RabbitTest {
  private static final RabbitSettings LAB =
      new RabbitSettings(
          "lab",
          List.of(
              new Member("c1", "10.77.0.11"),
              new Member("c2", "10.77.0.12"),
              new Member("c3", "10.77.0.13")),
          5672);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "first-start",
        "bootstrap-refused",
        "peer-gone",
        "hangs",
        "false-gone",
        "last-one-missing",
        "unreadable",
        "changed-since",
        "alarms",
        "read-only",
        "unwritable"
      })
  void agentFollowsTheStory(String name) {
    Story.play(new RabbitAgent("rabbitmq", LAB), "c1", "rabbitmq", name);
  }

  @Test
  void configurationIsTheGoldenOne() {
    Golden.check("rabbitmq/rabbitmq.conf", RabbitConfig.text(LAB, "c1"));
  }

  @Test
  void readsWhatRabbitmqNotes() {
    List<String> all = List.of("c1", "c2", "c3");
    assertEquals(all, RabbitProbe.members(Golden.read("rabbitmq/cluster_nodes.config")));
    assertEquals(all, RabbitProbe.running(Golden.read("rabbitmq/running-three")));
    assertEquals(List.of("ctl-1", "c2"), RabbitProbe.running("['rabbit@ctl-1',rabbit@c2].\n"));
    assertEquals(List.of("c1"), RabbitProbe.running("['rabbit@c1.example.org']."));
    assertEquals(List.of(), RabbitProbe.running("[]."));
  }

  @Test
  void doesNotReadWhatItNeverNotes() {
    assertNull(RabbitProbe.members(""));
    assertNull(RabbitProbe.members("[rabbit@c1]."));
    assertNull(RabbitProbe.members("{[rabbit@c1],[rabbit@c1]}"));
    assertNull(RabbitProbe.running("[rabbit@c1,rabbit@c1]."));
    assertNull(RabbitProbe.running("[bunny@c1]."));
    assertNull(RabbitProbe.running("{[rabbit@c1],[rabbit@c1]}."));
  }

  @Test
  void readsDamagedNotesWithoutFailing() {
    Fuzz.damage(
        Golden.read("rabbitmq/cluster_nodes.config"),
        text -> {
          List<String> members = RabbitProbe.members(text);
          return members == null || members.stream().noneMatch(String::isBlank);
        });
    Fuzz.damage(
        Golden.read("rabbitmq/running-three"),
        text -> {
          List<String> running = RabbitProbe.running(text);
          return running == null || running.stream().noneMatch(String::isBlank);
        });
  }

  @Test
  void aReportSurvivesItsFacts() {
    for (RabbitReport report :
        List.of(
            RabbitNotes.UNREAD,
            new RabbitReport(true, Data.NONE, List.of(), List.of()),
            new RabbitReport(false, Data.MEMBER, List.of("c1", "c2"), List.of("c2")))) {
      Report carried = new Report("rabbitmq", "c1", RunState.STOPPED, 1, "", report.facts());
      assertEquals(report, RabbitReport.from(carried));
    }
  }
}
