package io.trivet.services.rabbitmq;

import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.services.rabbitmq.RabbitAgent.Phase;
import io.trivet.services.rabbitmq.RabbitReport.Data;
import io.trivet.services.unit.Answers;
import io.trivet.services.unit.UnitState;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/// What a controller knows about its node of the broker at the end of a step, put into a report.
///
/// @param notes what RabbitMQ notes about its cluster
/// @param waits controllers for whose data it has waited long
/// @param serves true if it accepted a connection since it is up
/// @param missed connects in a row that failed
/// @param trouble what went wrong last, empty if nothing did
/// @param hang what is known of its silence if it hangs, else null
/// @param acted epoch of the target that was acted on
record RabbitAccount(
    String resource,
    RabbitSettings settings,
    String node,
    UnitState unit,
    Phase phase,
    RabbitReport notes,
    List<String> waits,
    boolean serves,
    int missed,
    String trouble,
    @Nullable Answers hang,
    long acted) {

  /// What the controller says about its node.
  Report report() {
    RunState run = run();
    boolean up = !unit.down() || phase == Phase.STARTING;
    RabbitReport facts =
        new RabbitReport(up, notes.data(), notes.members(), notes.running(), notes.why(), waits);
    NavigableMap<String, String> all = facts.facts();
    if (hang != null && run == RunState.FAILED) {
      all = hang.facts(all);
    }
    return new Report(resource, node, run, acted, detail(run), all);
  }

  private RunState run() {
    if (!unit.installed()) {
      return RunState.FAILED;
    }
    if (unit.down()) {
      return phase == Phase.STARTING ? RunState.STARTING : RunState.STOPPED;
    }
    if (unit.goingDown() || phase == Phase.STOPPING) {
      return RunState.STOPPING;
    }
    if (hang != null || unit.up() && missed >= RabbitAgent.FAILED_CONNECTS) {
      return RunState.FAILED;
    }
    boolean joined = notes.data() == Data.MEMBER;
    return unit.up() && serves && joined ? RunState.STARTED : RunState.STARTING;
  }

  private String detail(RunState run) {
    return switch (run) {
      case STARTED -> {
        boolean alone = notes.members().size() == 1 && settings.members().size() > 1;
        yield alone
            ? "alone in its cluster"
            : "sees " + notes.running().size() + " of " + notes.members().size();
      }
      case FAILED -> {
        if (hang != null) {
          yield hang.sentence("AMQP on port " + settings.port());
        }
        yield unit.installed()
            ? trouble
            : "no unit " + RabbitConfig.UNIT + " is installed on " + node;
      }
      case STARTING -> trouble;
      case STOPPED -> {
        String unreadable =
            notes.why().isEmpty() ? "" : "nobody can tell what it has: " + notes.why();
        yield trouble.isEmpty()
            ? unreadable
            : unreadable.isEmpty() ? trouble : trouble + "; " + unreadable;
      }
      case STOPPING, UNKNOWN -> "";
    };
  }
}
