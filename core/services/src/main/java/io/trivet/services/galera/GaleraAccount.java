package io.trivet.services.galera;

import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.services.galera.GaleraAgent.Phase;
import io.trivet.services.galera.GaleraProbe.Sample;
import io.trivet.services.unit.Answers;
import io.trivet.services.unit.UnitState;
import io.trivet.services.unit.Writable;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/// What a node knows about its member of the database at the end of a step, put into a report: the
/// run state, a phrase for the operator, and the facts that the policy decides from.
///
/// @param missed samples that failed in a row
/// @param full true if that is because it has no connection left
/// @param trouble what went wrong last, empty if nothing did
/// @param hang what is known of its silence if it hangs, else null
/// @param writable whether it can write to its disk
/// @param acted epoch of the target that was acted on
/// @param now monotonic time of this machine
record GaleraAccount(
    String resource,
    GaleraSettings settings,
    String node,
    UnitState unit,
    Phase phase,
    GaleraPosition position,
    @Nullable Sample sample,
    int missed,
    boolean full,
    String trouble,
    @Nullable Answers hang,
    Writable writable,
    long acted,
    long now) {
  private static final String QUESTION = "SQL on its local socket";

  /// What the node says about its member.
  Report report() {
    RunState run = run();
    GaleraReport facts =
        unit.down() && phase != Phase.STARTING
            ? GaleraReport.down(position)
            : running(sample, hang == null && missed < GaleraAgent.FAILED_SAMPLES);
    NavigableMap<String, String> all = facts.facts();
    if (unit.up() && writable.no()) {
      all.put(GaleraReport.UNWRITABLE, writable.why());
    }
    if (full && run == RunState.FAILED) {
      all.put(GaleraReport.FULL, "yes");
    }
    if (hang != null && run == RunState.FAILED) {
      all = hang.facts(all, now);
    }
    return new Report(resource, node, run, acted, detail(run), all);
  }

  private GaleraReport running(@Nullable Sample seen, boolean answers) {
    if (seen == null || !answers || !unit.up()) {
      return new GaleraReport(true, "", false, "", 0, List.of(), GaleraPosition.UNKNOWN);
    }
    return new GaleraReport(
        true,
        seen.state(),
        seen.primary(),
        seen.primary() ? seen.uuid() : "",
        seen.primary() ? Math.max(0, seen.configuration()) : 0,
        settings.names(seen.incoming()),
        GaleraPosition.UNKNOWN);
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
    if (hang != null || unit.up() && writable.no()) {
      return RunState.FAILED;
    }
    Sample seen = sample;
    if (unit.comingUp() || seen == null && missed < GaleraAgent.FAILED_SAMPLES) {
      return RunState.STARTING;
    }
    if (seen == null || missed >= GaleraAgent.FAILED_SAMPLES || !seen.primary()) {
      return RunState.FAILED;
    }
    return seen.ready() ? RunState.STARTED : RunState.STARTING;
  }

  private String detail(RunState run) {
    Sample seen = sample;
    return switch (run) {
      case STARTED -> seen == null ? "" : seen.state() + ", " + seenMembers(seen);
      case STARTING -> seen == null ? trouble : seen.state();
      case FAILED -> {
        if (!unit.installed()) {
          yield "no unit " + GaleraConfig.UNIT + " is installed on " + node;
        }
        if (hang != null) {
          yield hang.sentence(QUESTION);
        }
        if (writable.no()) {
          yield "cannot write: " + writable.why();
        }
        yield missed >= GaleraAgent.FAILED_SAMPLES || seen == null
            ? trouble
            : "outside of a primary component, sees " + seenMembers(seen);
      }
      case STOPPED -> stoppedDetail();
      case STOPPING, UNKNOWN -> "";
    };
  }

  private String seenMembers(Sample seen) {
    return settings.names(seen.incoming()).size() + " of " + settings.members().size();
  }

  private String stoppedDetail() {
    String at =
        switch (position.kind()) {
          case UNKNOWN -> "";
          case UNREADABLE -> "nobody can tell how far it is: " + position.why();
          case NONE -> "no data yet";
          case INCOMPLETE -> "no complete copy";
          case KNOWN ->
              "at " + position.seqno() + (position.whole() ? "" : ", grastate.dat damaged or gone");
        };
    return trouble.isEmpty() ? at : at.isEmpty() ? trouble : trouble + "; " + at;
  }
}
