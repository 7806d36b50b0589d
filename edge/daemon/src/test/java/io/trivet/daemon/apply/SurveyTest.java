package io.trivet.daemon.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trivet.daemon.loop.PeerFrames;
import io.trivet.services.controller.Objection;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Three controllers are asked, in memory.
class SurveyTest {
  private static final List<String> ALL = List.of("c1", "c2", "c3");

  private final Map<String, Survey> surveys = new TreeMap<>();

  private Survey survey(String self, List<Objection> says) {
    Survey survey =
        new Survey(
            self,
            ALL,
            text -> says,
            (peer, kind, body) -> {
              Survey to = surveys.get(peer);
              if (to == null) {
                return; // cut off
              }
              switch (kind) {
                case PeerFrames.CHECK -> to.questionArrived(self, body);
                case PeerFrames.CHECKED -> to.answerArrived(self, body);
                default -> throw new IllegalStateException("kind " + kind);
              }
            });
    surveys.put(self, survey);
    return survey;
  }

  @Test
  void everybodyIsAskedAndEachObjectionIsTold() {
    Survey asks = survey("c1", List.of());
    survey("c2", List.of(new Objection("c2", 7, "there is no interface eth9", "make it")));
    survey("c3", List.of(new Objection("c3", 0, "it cannot", "help it")));
    assertEquals(
        new Survey.Outcome(
            List.of(
                "c2: f.yaml:7: there is no interface eth9; make it",
                "c3: f.yaml: it cannot; help it"),
            List.of()),
        asks.ask("f.yaml", "text"));
  }

  @Test
  void whoDoesNotAnswerIsNamed() {
    Survey asks = survey("c1", List.of());
    survey("c2", List.of());
    assertEquals(new Survey.Outcome(List.of(), List.of("c3")), asks.ask("f.yaml", "text"));
  }

  @Test
  void whoCannotLookSaysSo() {
    Survey asks =
        new Survey(
            "c1",
            List.of("c1"),
            text -> {
              throw new IOException("systemd is away");
            },
            (peer, kind, body) -> {});
    assertEquals(
        new Survey.Outcome(
            List.of(
                "c1: f.yaml: it could not be checked: systemd is away; see trivet status there"),
            List.of()),
        asks.ask("f.yaml", "text"));
  }
}
