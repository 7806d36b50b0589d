package io.trivet.lab.node;

import io.trivet.lab.host.Command;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.Pause;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The `trivet` command on the controllers, as an operator uses it.
public final class Trivet {
  private final Nodes nodes;

  public Trivet(Nodes nodes) {
    this.nodes = nodes;
  }

  /// `trivet` with these arguments on a controller.
  public Command command(Node on, List<String> arguments) throws LabException {
    List<String> all = new ArrayList<>(List.of("trivet"));
    all.addAll(arguments);
    return nodes.command(on, all).timeoutSeconds(15);
  }

  /// What a controller says about the cluster; empty when it says nothing.
  public Optional<ClusterStatus> status(Node on) {
    try {
      Command.Finished said = command(on, List.of("status", "--json")).timeoutSeconds(5).run();
      return ClusterStatus.parse(said.out());
    } catch (LabException e) {
      return Optional.empty(); // it has no power, or was just cut off
    }
  }

  /// What the first controller that answers says.
  ///
  /// @param except a controller not to ask, because it is the one with the fault
  public Optional<ClusterStatus> status(Optional<Node> except) {
    for (Node node : Node.CONTROLLERS) {
      if (except.filter(node::equals).isEmpty() && nodes.running(node)) {
        Optional<ClusterStatus> status = status(node);
        if (status.isPresent()) {
          return status;
        }
      }
    }
    return Optional.empty();
  }

  /// Waits until the cluster calls itself healthy and its VIP has a holder.
  ///
  /// @throws LabException when it does not in time; the message says what is wrong
  public ClusterStatus awaitHealthy(long timeoutSeconds) throws LabException {
    long deadline = System.nanoTime() + timeoutSeconds * 1_000_000_000L;
    Optional<ClusterStatus> last = Optional.empty();
    while (System.nanoTime() < deadline) {
      last = status(Optional.empty());
      if (last.isPresent() && last.get().healthy() && last.get().holder().isPresent()) {
        return last.get();
      }
      Pause.millis(300);
    }
    throw new LabException(
        "the cluster is not healthy after "
            + timeoutSeconds
            + " s: "
            + last.map(Trivet::whatIsWrong).orElse("no controller answers 'trivet status'")
            + "\nSee: ./trivet lab exec c1 -- trivet status");
  }

  private static String whatIsWrong(ClusterStatus status) {
    if (!status.problems().isEmpty()) {
      return String.join("; ", status.problems());
    }
    return status.healthy() ? "nobody holds the VIP" : "it does not say why";
  }

  /// How many moves of a VIP the timeline tells of since a moment.
  ///
  /// @param fromMillis wall-clock time
  public long movesToldSince(long fromMillis) throws LabException {
    return toldSince("vip-moved", fromMillis, Long.MAX_VALUE);
  }

  /// How often the timeline tells of something between two moments.
  ///
  /// @param id how the notice's name begins
  /// @param fromMillis wall-clock time
  /// @param untilMillis wall-clock time
  /// @throws LabException when no controller tells its timeline
  public long toldSince(String id, long fromMillis, long untilMillis) throws LabException {
    return Timeline.parse(events()).stream()
        .filter(event -> event.atMillis() >= fromMillis && event.atMillis() < untilMillis)
        .filter(event -> event.id().startsWith(id))
        .count();
  }

  /// How often a controller was called gone that had come back before, between two moments in which
  /// nothing was broken.
  ///
  /// @param fromMillis wall-clock time when the power of all controllers came back
  public long falselyGone(long fromMillis, long untilMillis) throws LabException {
    Set<String> back = new HashSet<>();
    long falsely = 0;
    for (Timeline.Event event : Timeline.parse(events())) {
      if (event.atMillis() < fromMillis || event.atMillis() >= untilMillis) {
        continue;
      }
      if (event.id().equals("daemon-started")) {
        back.add(event.node());
      } else if (event.id().equals("controller-gone") && back.contains(event.node())) {
        falsely++;
      }
    }
    return falsely;
  }

  /// How often the database's writer changed because its controller was called gone.
  ///
  /// @param fromMillis wall-clock time from which on nothing was broken
  public long writerChangesByGone(long fromMillis, long untilMillis) throws LabException {
    return Timeline.parse(events()).stream()
        .filter(event -> event.atMillis() >= fromMillis && event.atMillis() < untilMillis)
        .filter(event -> event.id().equals("writer-changed"))
        .filter(event -> event.text().contains(" is gone"))
        .count();
  }

  private String events() throws LabException {
    LabException last = new LabException("no controller tells its timeline");
    for (Node node : Node.CONTROLLERS) {
      try {
        return command(node, List.of("events", "--json")).timeoutSeconds(60).check();
      } catch (LabException e) {
        last = e;
      }
    }
    throw last;
  }
}
