package io.trivet.services.galera;

import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Target;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.AgentStep;
import io.trivet.services.agent.ResourceAgent;
import io.trivet.services.galera.GaleraProbe.Sample;
import io.trivet.services.unit.Answers;
import io.trivet.services.unit.UnitState;
import io.trivet.services.unit.Writable;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Runs one member of a Galera cluster. It starts nothing but for a new target, each one once, and
/// bootstraps only for a target that no daemon on this node has ever acted on (a file remembers).
///
/// | unit | target | does | reports |
/// |---|---|---|---|
/// | down | | reads the position: `grastate.dat`, else `--wsrep-recover` | STOPPED, with the position when known |
/// | down | new, join | starts it | STARTING |
/// | down | new, join-copy | takes the history out of `grastate.dat`, starts it | STARTING |
/// | down | new, bootstrap | asks the others' Galera ports; if one answers, refuses | STOPPED |
/// | down | new, bootstrap, nobody answers | notes the target, allows the bootstrap, starts it | STARTING |
/// | coming up | | waits, as long as a copy takes | STARTING |
/// | coming up, or up and not Synced | started | makes no progress for a minute and more ([GaleraJoin]): stops it | STOPPED, to join anew |
/// | up | | samples: each half second when Synced, else five times a second | STARTED in the primary component |
/// | up | | it is outside of the component, or answers with an error three times | FAILED |
/// | up | | no answer for 1.2 s and more ([Answers]) | FAILED: it hangs |
/// | up | | its disk is read-only, full, or does not answer ([Writable]) | FAILED: it cannot write |
/// | up, outside of a component | new, reform | makes the component that it sees the primary one | STARTED soon |
/// | up | new, leave or rejoin | stops it, after 60 s kills it, at once if it hangs; then joins if told so | STOPPING |
/// | up | stopped | stops it, in its own time | STOPPING |
/// | went down by itself | | nothing but read the position: the cluster decides | STOPPED |
///
/// When a controller is gone: connections to it are ended, and Galera's suspicion is shortened so
/// that the component goes on without it in 0.3 s instead of 6 s. It is set back as soon as the
/// component was seen without it, after 5 s, or when the controller is back. Only where keepalives
/// are sent every 0.1 s: with Galera's default of 1 s it would break a healthy component. A member
/// that hangs holds up the others' writes just so, and is suspected just so; its connections stay,
/// as its controller is here.
public final class GaleraAgent implements ResourceAgent<GaleraAgent.State> {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000 * MILLI;

  static final long CALM_NANOS = 500 * MILLI;
  static final long QUICK_NANOS = 200 * MILLI;
  static final long ORDER_NANOS = 5 * SECOND;

  /// How long a member that has to leave may take before it is killed.
  static final long LEAVE_NANOS = 60 * SECOND;

  static final long RECOVER_NANOS = 300 * SECOND;
  static final long TOOL_NANOS = 10 * SECOND;
  static final long PEER_NANOS = 500 * MILLI;

  /// How long suspicion stays short at most.
  static final long SHORT_NANOS = 5 * SECOND;

  static final int FAILED_SAMPLES = 3;

  private final String resource;
  private final GaleraSettings settings;

  public GaleraAgent(String resource, GaleraSettings settings) {
    this.resource = resource;
    this.settings = settings;
  }

  /// What the agent is at.
  enum Phase {
    /// Nothing was ordered, or it is done.
    RESTING,
    /// It asks the others before a bootstrap.
    ASKING,
    /// systemd was told to start it.
    STARTING,
    /// systemd was told to stop it.
    STOPPING
  }

  /// What was found on disk at the start of the daemon.
  ///
  /// @param configRead true when the server's settings were compared
  /// @param dropInRead true when the drop-in was compared
  /// @param unitsRead true when systemd knows the drop-in, too
  /// @param bootstrapped epoch of the last target that this node bootstrapped for, -1 = not read
  /// @param failed true when one of the two could not be written: all are compared anew for the
  ///   next target, and nothing starts before they are in place
  record Disk(
      boolean configRead,
      boolean dropInRead,
      boolean unitsRead,
      long bootstrapped,
      boolean failed) {
    static final Disk UNREAD = new Disk(false, false, false, -1, false);

    /// True if it is to be read once more for the next target: a disk that failed may be well
    /// again.
    boolean doubtful() {
      return failed || bootstrapped == GaleraProbe.UNREADABLE_NOTE;
    }

    boolean ready() {
      return configRead && dropInRead && unitsRead && bootstrapped >= 0 && !failed;
    }

    Disk withConfig() {
      return new Disk(true, dropInRead, unitsRead, bootstrapped, failed);
    }

    Disk withDropIn(boolean known) {
      return new Disk(configRead, true, known, bootstrapped, failed);
    }

    Disk withBootstrapped(long epoch) {
      return new Disk(configRead, dropInRead, unitsRead, epoch, failed);
    }

    Disk withFailure() {
      return new Disk(configRead, dropInRead, unitsRead, bootstrapped, true);
    }
  }

  /// What is known of suspicion in the running provider.
  enum Suspicion {
    /// Options not read yet.
    UNKNOWN,
    /// Keepalives are too slow to shorten it.
    FIXED,
    /// As in the file.
    SAFE,
    /// Shortened, or being shortened or set back.
    SHORT
  }

  /// @param unit last known state of the unit
  /// @param target newest target, or null
  /// @param acted epoch of the newest target acted on
  /// @param inheritedEpoch epoch of the target that was there before this agent
  /// @param phase what it is at
  /// @param phaseSinceNanos since when
  /// @param disk what was found on disk
  /// @param copy how far the copy is while the unit is down
  /// @param asked members whose port was asked and did not answer yet
  /// @param sample last sample, or null
  /// @param answers whether it answers samples
  /// @param writable whether it can write to its disk
  /// @param sampleAtNanos when to sample next
  /// @param missed samples in a row that were answered with an error
  /// @param full true if the last error was that there is no connection left
  /// @param doubted true after one sample outside of the component, which may be a moment between
  ///   views
  /// @param suspicion state of the provider's suspicion
  /// @param gone controllers that are gone and may still be waited for, and since when
  /// @param hung members that hang by their own controller's word
  /// @param join whether it gets on while it joins
  /// @param trouble what went wrong, for people
  /// @param last the report given last
  public record State(
      UnitState unit,
      @Nullable Target target,
      long acted,
      long inheritedEpoch,
      Phase phase,
      long phaseSinceNanos,
      Disk disk,
      GaleraCopy copy,
      NavigableSet<String> asked,
      @Nullable Sample sample,
      Answers answers,
      Writable writable,
      long sampleAtNanos,
      int missed,
      boolean full,
      boolean doubted,
      Suspicion suspicion,
      NavigableMap<String, Long> gone,
      NavigableSet<String> hung,
      GaleraJoin join,
      String trouble,
      @Nullable Report last) {}

  @Override
  public String resource() {
    return resource;
  }

  @Override
  public List<String> units() {
    return List.of(GaleraConfig.UNIT);
  }

  @Override
  public AgentStep<State> initial(AgentContext context) {
    Target there = context.view().target(resource, context.node());
    State fresh =
        new State(
            UnitState.UNKNOWN,
            null,
            0,
            there == null ? 0 : there.epoch(),
            Phase.RESTING,
            context.nowNanos(),
            Disk.UNREAD,
            GaleraCopy.UNREAD,
            new TreeSet<>(),
            null,
            Answers.none(context.nowNanos()),
            Writable.unknown(context.nowNanos()),
            context.nowNanos(),
            0,
            false,
            false,
            Suspicion.UNKNOWN,
            new TreeMap<>(),
            new TreeSet<>(),
            GaleraJoin.NONE,
            "",
            null);
    GaleraTurn turn = new GaleraTurn(resource, settings, fresh, context);
    turn.readFiles();
    return turn.end();
  }

  @Override
  public Object madeOf() {
    return settings;
  }

  /// Files are compared with the new settings; a running server takes them with its next start.
  @Override
  public AgentStep<State> takeOver(State before, AgentContext context) {
    GaleraTurn turn = new GaleraTurn(resource, settings, before, context);
    turn.readFiles();
    return turn.end();
  }

  @Override
  public long dueAtNanos(State s) {
    long sample = Long.MAX_VALUE;
    if (s.unit.up()) {
      long question = s.answers.asked() ? s.answers.dueAtNanos() : s.sampleAtNanos;
      sample = Math.min(question, s.answers.workDueAtNanos());
      sample = Math.min(sample, s.writable.dueAtNanos());
    }
    sample = Math.min(sample, s.join.dueAtNanos());
    long order =
        switch (s.phase) {
          case RESTING, ASKING -> Long.MAX_VALUE;
          case STARTING -> s.unit.down() ? s.phaseSinceNanos + ORDER_NANOS : Long.MAX_VALUE;
          case STOPPING -> s.unit.down() ? Long.MAX_VALUE : s.phaseSinceNanos + LEAVE_NANOS;
        };
    long oldest = Long.MAX_VALUE;
    for (long since : s.gone.values()) {
      oldest = Math.min(oldest, since + SHORT_NANOS);
    }
    long look = s.unit.down() && s.phase != Phase.STARTING ? s.copy.dueAtNanos() : Long.MAX_VALUE;
    return Math.min(Math.min(sample, order), Math.min(oldest, look));
  }

  @Override
  public AgentStep<State> step(State state, AgentEvent event, AgentContext context) {
    GaleraTurn turn = new GaleraTurn(resource, settings, state, context);
    switch (event) {
      case AgentEvent.TargetSet e -> turn.targetSet(e.target());
      case AgentEvent.UnitChanged e when e.unit().equals(GaleraConfig.UNIT) ->
          turn.unitChanged(UnitState.of(e));
      case AgentEvent.FileRead e -> turn.fileRead(e.tag(), e.file());
      case AgentEvent.FolderListed e -> turn.folderListed(e.tag(), e.names());
      case AgentEvent.WriteFailed e -> turn.writeFailed(e.path(), e.error());
      case AgentEvent.ToolDone e -> turn.toolDone(e);
      case AgentEvent.SqlDone e -> turn.sqlDone(e);
      case AgentEvent.ProbeDone e -> turn.probed(e.tag(), e.ok(), e.detail());
      case AgentEvent.PeerGone e -> turn.peerGone(e.node());
      case AgentEvent.PeerBack e -> turn.peerBack(e.node());
      case AgentEvent.CpuUsed e -> turn.cpuUsed(e.nanos());
      case AgentEvent.ViewChanged _ -> turn.viewChanged();
      case AgentEvent.Tick _,
          AgentEvent.UnitChanged _,
          AgentEvent.LeaseChanged _,
          AgentEvent.HaproxyDone _ -> {}
    }
    return turn.end();
  }
}
