package io.trivet.daemon.apply;

import io.trivet.daemon.json.BadJson;
import io.trivet.daemon.json.Json;
import io.trivet.daemon.loop.PeerFrames;
import io.trivet.daemon.loop.ProposalGate;
import io.trivet.services.controller.Objection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks every controller whether it can run a cluster file, and waits for the answers for a bounded
/// time. Changes nothing anywhere.
public final class Survey {
  private static final Logger LOG = LoggerFactory.getLogger(Survey.class);

  /// A controller that is well answers within a tenth of it.
  static final long PATIENCE_MILLIS = 4_000;

  private final String self;
  private final List<String> controllers;
  private final Check check;
  private final ProposalGate.PeerSender peers;
  private final AtomicLong lastId = new AtomicLong();
  private final Map<Key, CompletableFuture<List<Objection>>> pending = new ConcurrentHashMap<>();

  private record Key(long id, String controller) {}

  /// What this controller has to say.
  public interface Check {
    /// @throws IOException when it cannot look at itself
    List<Objection> objections(String text) throws IOException;
  }

  /// Body of a frame of kind [PeerFrames#CHECK].
  ///
  /// @param id the sender's number of the question
  record Question(long id, String text) {}

  /// Body of a frame of kind [PeerFrames#CHECKED].
  record Answer(long id, List<Objection> objections) {}

  /// What came of it.
  ///
  /// @param objections lines for people, in the order of the controllers
  /// @param silent controllers that did not answer in time
  public record Outcome(List<String> objections, List<String> silent) {}

  /// @param controllers all of them, this one included
  public Survey(String self, List<String> controllers, Check check, ProposalGate.PeerSender peers) {
    this.self = self;
    this.controllers = List.copyOf(controllers);
    this.check = check;
    this.peers = peers;
  }

  /// Asks all; waits for the others for [#PATIENCE_MILLIS] at most, and for this one's own look.
  ///
  /// @param name of the file, as the operator wrote it
  public Outcome ask(String name, String text) {
    long id = lastId.incrementAndGet();
    byte[] question = Json.bytes(new Question(id, text), Question.class);
    SortedMap<String, CompletableFuture<List<Objection>>> asked = new TreeMap<>();
    for (String controller : controllers) {
      if (!controller.equals(self)) {
        CompletableFuture<List<Objection>> answer = new CompletableFuture<>();
        pending.put(new Key(id, controller), answer);
        asked.put(controller, answer);
        peers.send(controller, PeerFrames.CHECK, question);
      }
    }
    List<String> lines = new ArrayList<>();
    List<String> silent = new ArrayList<>();
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    List<Objection> own = own(text);
    for (String controller : controllers) {
      CompletableFuture<List<Objection>> answer = asked.get(controller);
      try {
        List<Objection> said =
            answer == null
                ? own
                : answer.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        said.forEach(objection -> lines.add(objection.words(name)));
      } catch (TimeoutException e) {
        silent.add(controller);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        silent.add(controller);
      } catch (ExecutionException e) {
        throw new IllegalStateException("an answer fails only by being none", e);
      } finally {
        pending.remove(new Key(id, controller));
      }
    }
    return new Outcome(lines, silent);
  }

  private List<Objection> own(String text) {
    try {
      return check.objections(text);
    } catch (IOException e) {
      return List.of(
          new Objection(
              self, 0, "it could not be checked: " + e.getMessage(), "see trivet status there"));
    }
  }

  /// A frame of kind [PeerFrames#CHECK] came from a member. Looking may block: not on its thread.
  public void questionArrived(String from, byte[] body) {
    Thread.ofVirtual()
        .name("check for " + from)
        .start(
            () -> {
              try {
                Question question = Json.read(body, Question.class);
                Answer answer = new Answer(question.id(), own(question.text()));
                peers.send(from, PeerFrames.CHECKED, Json.bytes(answer, Answer.class));
              } catch (BadJson e) {
                LOG.warn("Ignored a question of {}: {}", from, e.getMessage());
              }
            });
  }

  /// A frame of kind [PeerFrames#CHECKED] came from a member.
  public void answerArrived(String from, byte[] body) {
    try {
      Answer answer = Json.read(body, Answer.class);
      CompletableFuture<List<Objection>> waiting = pending.remove(new Key(answer.id(), from));
      if (waiting != null) {
        waiting.complete(answer.objections());
      }
    } catch (BadJson e) {
      LOG.warn("Ignored an answer of {}: {}", from, e.getMessage());
    }
  }
}
