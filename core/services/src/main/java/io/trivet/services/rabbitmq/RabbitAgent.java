package io.trivet.services.rabbitmq;

import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Target;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.AgentStep;
import io.trivet.services.agent.ResourceAgent;
import io.trivet.services.unit.Answers;
import io.trivet.services.unit.UnitState;
import io.trivet.services.unit.Writable;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Runs one node of the broker. It starts nothing but for a new target, each one once.
///
/// | unit | target | does | reports |
/// |---|---|---|---|
/// | down | | reads what it knows of its cluster; what cannot be read again and again | STOPPED |
/// | down | new | reads that once more; if it is not what was reported, refuses | STOPPED |
/// | down | new, join | starts it | STARTING |
/// | down, without data | new, bootstrap | asks the others' ports; if one answers, refuses | STOPPED |
/// | down, without data | new, bootstrap, nobody answers | starts it | STARTING |
/// | down, with data | new, bootstrap | nothing: it is not the first one | STOPPED |
/// | down, with data | new, forced | `rabbitmqctl force_boot`, starts it | STARTING |
/// | coming up | new, forced | kills it: it waits for tables that an operator gave up; then as above | STOPPING |
/// | coming up | | waits; after 30 s says for whom | STARTING |
/// | up | | speaks to its AMQP port every 0.7 s, reads its notes every 5 s | STARTED |
/// | up | | three times nobody listens there: it paused | FAILED |
/// | up | | no answer for 1.2 s and more ([Answers]) | FAILED: it hangs |
/// | up | | its disk is read-only, full, or does not answer ([Writable]) | FAILED: it cannot write |
/// | up | | asks it each 5 s whether it is short of memory or disk ([RabbitAlarms]) | STARTED, and that it blocks publishers |
/// | up | new, rejoin | stops it, after 60 s kills it, at once if it hangs; then starts it | STOPPING |
/// | up | stopped | stops it | STOPPING |
///
/// When a controller is gone and its broker does not speak any more, connections to it are ended:
/// its node is then known to be down in 0.15 s instead of 68 s. While it does speak, only the
/// daemon there is silent, or the machine is overloaded: nodes that lose sight of each other pause,
/// and need minutes to come back on such a machine. So it is asked again until it is back or fails.
public final class RabbitAgent implements ResourceAgent<RabbitAgent.State> {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000 * MILLI;

  static final long QUICK_NANOS = 500 * MILLI;
  static final long CALM_NANOS = 700 * MILLI;
  static final long NOTES_NANOS = 5 * SECOND;
  static final long ORDER_NANOS = 5 * SECOND;
  static final long LEAVE_NANOS = 60 * SECOND;
  static final long TOOL_NANOS = 60 * SECOND;
  static final long PEER_NANOS = 500 * MILLI;

  /// How often the broker of a controller that is gone is asked.
  static final long GONE_NANOS = 5 * SECOND;

  /// A node that is up this late after its start tells whom it waits for.
  static final long SLOW_NANOS = 30 * SECOND;

  static final int FAILED_CONNECTS = 3;

  private final String resource;
  private final RabbitSettings settings;

  public RabbitAgent(String resource, RabbitSettings settings) {
    this.resource = resource;
    this.settings = settings;
  }

  /// What the agent is at.
  enum Phase {
    RESTING,
    /// It asks the others before the first start.
    ASKING,
    /// The tool is making it start without waiting for others.
    FORCING,
    STARTING,
    STOPPING
  }

  /// @param config true when the settings were compared
  /// @param environment true when the environment was compared
  /// @param units true when systemd knows the drop-in
  /// @param failed true when a file could not be written: all are compared anew for the next
  ///   target, and nothing starts before they are in place
  record Disk(boolean config, boolean environment, boolean units, boolean failed) {
    static final Disk UNREAD = new Disk(false, false, false, false);

    boolean ready() {
      return config && environment && units && !failed;
    }
  }

  /// @param unit last known state of the unit
  /// @param target newest target, or null
  /// @param acted epoch of the newest target acted on
  /// @param inheritedEpoch epoch of the target that was there before this agent
  /// @param phase what it is at
  /// @param phaseSinceNanos since when
  /// @param upSinceNanos since when the unit is coming up or up
  /// @param disk what of the files on disk was compared
  /// @param notes what RabbitMQ notes about its cluster
  /// @param reading number of answers about the notes that are on their way
  /// @param notesAtNanos when to read the notes next
  /// @param asked members whose port was asked and did not answer yet
  /// @param serves true if it accepted a connection since it is up
  /// @param answers whether it answers on its AMQP port
  /// @param writable whether it can write to its disk
  /// @param alarms what it says that it is short of, and when to ask next
  /// @param connectAtNanos when to speak to it next
  /// @param missed times in a row that nobody spoke AMQP there
  /// @param gone controllers that are gone and whose broker may still speak, and when to ask next
  /// @param trouble what went wrong, for people
  /// @param last the report given last
  public record State(
      UnitState unit,
      @Nullable Target target,
      long acted,
      long inheritedEpoch,
      Phase phase,
      long phaseSinceNanos,
      long upSinceNanos,
      Disk disk,
      RabbitReport notes,
      int reading,
      long notesAtNanos,
      NavigableSet<String> asked,
      boolean serves,
      Answers answers,
      Writable writable,
      RabbitAlarms alarms,
      long connectAtNanos,
      int missed,
      NavigableMap<String, Long> gone,
      String trouble,
      @Nullable Report last) {}

  @Override
  public String resource() {
    return resource;
  }

  @Override
  public List<String> units() {
    return List.of(RabbitConfig.UNIT);
  }

  @Override
  public AgentStep<State> initial(AgentContext context) {
    Target there = context.view().target(resource, context.node());
    long now = context.nowNanos();
    State fresh =
        new State(
            UnitState.UNKNOWN,
            null,
            0,
            there == null ? 0 : there.epoch(),
            Phase.RESTING,
            now,
            now,
            Disk.UNREAD,
            RabbitNotes.UNREAD,
            0,
            now,
            new TreeSet<>(),
            false,
            Answers.none(now),
            Writable.unknown(now),
            RabbitAlarms.unknown(now),
            now,
            0,
            new TreeMap<>(),
            "",
            null);
    RabbitTurn turn = new RabbitTurn(resource, settings, fresh, context);
    turn.readFiles();
    return turn.end();
  }

  @Override
  public Object madeOf() {
    return settings;
  }

  /// Files are compared with the new settings; a running broker takes them with its next start.
  @Override
  public AgentStep<State> takeOver(State before, AgentContext context) {
    RabbitTurn turn = new RabbitTurn(resource, settings, before, context);
    turn.readFiles();
    return turn.end();
  }

  @Override
  public long dueAtNanos(State s) {
    boolean runs = s.unit.up();
    long connect = Long.MAX_VALUE;
    if (runs) {
      long question = s.answers.asked() ? s.answers.dueAtNanos() : s.connectAtNanos;
      connect = Math.min(question, s.answers.workDueAtNanos());
      connect = Math.min(connect, s.writable.dueAtNanos());
      connect = s.serves ? Math.min(connect, s.alarms.dueAtNanos()) : connect;
    }
    long notes = RabbitNotes.dueAtNanos(s);
    long slow =
        s.unit.comingUp() && s.trouble.isEmpty() ? s.upSinceNanos + SLOW_NANOS : Long.MAX_VALUE;
    long order =
        switch (s.phase) {
          case RESTING, ASKING, FORCING -> Long.MAX_VALUE;
          case STARTING -> s.unit.down() ? s.phaseSinceNanos + ORDER_NANOS : Long.MAX_VALUE;
          case STOPPING -> s.unit.down() ? Long.MAX_VALUE : s.phaseSinceNanos + LEAVE_NANOS;
        };
    long gone = s.gone.values().stream().min(Long::compare).orElse(Long.MAX_VALUE);
    return Math.min(gone, Math.min(Math.min(connect, notes), Math.min(slow, order)));
  }

  @Override
  public AgentStep<State> step(State state, AgentEvent event, AgentContext context) {
    RabbitTurn turn = new RabbitTurn(resource, settings, state, context);
    switch (event) {
      case AgentEvent.TargetSet e -> turn.targetSet(e.target());
      case AgentEvent.UnitChanged e when e.unit().equals(RabbitConfig.UNIT) ->
          turn.unitChanged(UnitState.of(e));
      case AgentEvent.FileRead e -> turn.fileRead(e.tag(), e.file());
      case AgentEvent.FolderListed e -> turn.folderListed(e.tag(), e.names());
      case AgentEvent.WriteFailed e -> turn.writeFailed(e.path(), e.error());
      case AgentEvent.ToolDone e -> turn.toolDone(e);
      case AgentEvent.ProbeDone e -> turn.probed(e.tag(), e.ok(), e.detail());
      case AgentEvent.CpuUsed e -> turn.cpuUsed(e.nanos());
      case AgentEvent.PeerGone e -> turn.peerGone(e.node());
      case AgentEvent.PeerBack e -> turn.peerBack(e.node());
      case AgentEvent.Tick _,
          AgentEvent.UnitChanged _,
          AgentEvent.LeaseChanged _,
          AgentEvent.SqlDone _,
          AgentEvent.HaproxyDone _,
          AgentEvent.ViewChanged _ -> {}
    }
    return turn.end();
  }
}
