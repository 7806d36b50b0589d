package io.trivet.services.rabbitmq;

import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.services.rabbitmq.RabbitAgent.Phase;
import io.trivet.services.rabbitmq.RabbitReport.Data;
import io.trivet.services.unit.Answers;
import io.trivet.services.unit.UnitState;
import io.trivet.services.unit.Writable;
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
/// @param writable whether it can write to its disk
/// @param alarms what it says that it is short of
/// @param acted epoch of the target that was acted on
/// @param now monotonic time of this machine
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
    Writable writable,
    RabbitAlarms alarms,
    long acted,
    long now) {

  /// What the controller says about its node.
  Report report() {
    RunState run = run();
    boolean up = !unit.down() || phase == Phase.STARTING;
    RabbitReport facts =
        new RabbitReport(up, notes.data(), notes.members(), notes.running(), notes.why(), waits);
    NavigableMap<String, String> all = facts.facts();
    if (unit.up() && writable.no()) {
      all.put(RabbitReport.UNWRITABLE, writable.why());
    }
    if (run == RunState.STARTED && !alarms.shortOf().isEmpty()) {
      all.put(RabbitReport.SHORT_OF, String.join(" ", alarms.shortOf()));
    }
    if (hang != null && run == RunState.FAILED) {
      all = hang.facts(all, now);
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
    if (unit.up() && writable.no()) {
      return RunState.FAILED;
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
        if (!alarms.shortOf().isEmpty()) {
          yield "blocks publishers: short of " + String.join(" and ", alarms.shortOf());
        }
        yield alone
            ? "alone in its cluster"
            : "sees " + notes.running().size() + " of " + notes.members().size();
      }
      case FAILED -> {
        if (hang != null) {
          yield hang.sentence("AMQP on port " + settings.port());
        }
        if (writable.no()) {
          yield "cannot write: " + writable.why();
        }
        yield unit.installed()
            ? trouble
            : "no unit " + RabbitConfig.UNIT + " is installed on " + node;
      }
      case STARTING -> trouble;
      case STOPPED -> {
        if (phase == Phase.FORCING) {
          yield "rabbitmqctl force_boot is at work";
        }
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
