package io.trivet.services.haproxy;

import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Target;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.AgentStep;
import io.trivet.services.agent.ResourceAgent;
import io.trivet.services.haproxy.HaproxyProbe.ServerState;
import io.trivet.services.unit.Answers;
import io.trivet.services.unit.UnitState;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Runs HAProxy on one controller and keeps two things true in it: the database backend has exactly
/// the writer enabled, and servers of controllers that are gone get nothing.
///
/// | wanted | files | unit | runtime state | does | reports |
/// |---|---|---|---|---|---|
/// | any | not compared | any | | reads configuration and unit, compares | what it sees |
/// | any | differ | any | | has the new text checked, replaces it, reloads what runs | |
/// | any | refused by HAProxy, or an order about them failed | any | | keeps the old one, says so, tries again after a pause | FAILED if nothing runs |
/// | started | in place | down | | starts it after a pause | FAILED if it ran, else STARTING |
/// | started | in place | up | not as it must be | sets it, every 0.2 s until it is so | STARTING at first |
/// | started | in place | up | as it must be | looks every 0.7 s | STARTED |
/// | started | in place | up | nobody listens, three times | as if it hung | FAILED |
/// | started | in place | up | no answer for 1.2 s and more ([Answers]) | kills it 1.3 s later; where no other controller's serves, 10 s later, one controller after the other | FAILED: it hangs |
/// | started, from before the daemon's start | | down | | waits for a new target | STOPPED |
/// | stopped | | up | | stops it | STOPPING |
/// | stopped | | down | | nothing | STOPPED |
///
/// A start forgets what was set at run time, so all of it is set again after each start and reload.
/// When a controller is gone, its servers are taken out and their sessions ended at once, before
/// any check notices. If it held a VIP, the connections of this controller to that VIP lead
/// nowhere: they are ended at once, as whoever waits on one for an answer would wait for ever. Old
/// writers lose their sessions before the new one is enabled.
///
/// An API that hangs on one controller, by that controller's word, and is well on another one, gets
/// nothing either: a check of HAProxy's own would have to wait long to tell hanging from slow.
public final class HaproxyAgent implements ResourceAgent<HaproxyAgent.State> {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000 * MILLI;

  /// How often a runtime state that is not as it must be is set again.
  static final long RETRY_NANOS = 200 * MILLI;

  /// How often a good runtime state is looked at.
  static final long CALM_NANOS = 700 * MILLI;

  /// How often its own figures are asked for as well.
  static final long INFO_NANOS = 5 * SECOND;

  /// Hanging for this long it is killed: the VIP has left by then.
  static final long KILL_NANOS = 1_300 * MILLI;

  /// The same where no other controller's HAProxy serves: perhaps only its runtime socket hangs.
  static final long KILL_LAST_NANOS = 10 * SECOND;

  /// A holder that falls silent right after its VIP was taken over took connections with it, too.
  static final long LEFT_NANOS = 5 * SECOND;

  /// After a reload the old worker may answer for a moment; its answers prove nothing.
  static final long RELOAD_NANOS = 2 * SECOND;

  static final long ORDER_NANOS = 5 * SECOND;
  static final long TOOL_NANOS = 10 * SECOND;
  static final int FAILED_ANSWERS = 3;

  private final HaproxySettings settings;
  private final String writerAttribute;

  /// @param settings what it is to serve
  /// @param writerAttribute name of the attribute that names the writer of the database
  public HaproxyAgent(HaproxySettings settings, String writerAttribute) {
    this.settings = settings;
    this.writerAttribute = writerAttribute;
  }

  /// How far the files on disk are from what the cluster file wants.
  enum Files {
    /// Not read yet.
    UNREAD,
    /// They differ: the candidate is being written and checked.
    CHECKING,
    /// systemd is told of the new unit.
    RELOADING_UNITS,
    /// As they must be.
    IN_PLACE,
    /// HAProxy does not accept the candidate.
    REFUSED
  }

  /// What an order is still to be given about.
  ///
  /// @param reload the running process has an older configuration
  /// @param restart the running process was started by an older unit
  record Due(boolean reload, boolean restart) {
    static final Due NOTHING = new Due(false, false);

    Due and(boolean alsoReload, boolean alsoRestart) {
      return new Due(reload || alsoReload, restart || alsoRestart);
    }
  }

  /// @param unit last known state of the unit
  /// @param target newest target, or null
  /// @param inheritedEpoch epoch of the target that was there before this agent
  /// @param dormant true while the unit is down and only an inherited target wants it up
  /// @param files how far the files are
  /// @param oldConfig configuration found on disk, until it was compared
  /// @param due orders that wait for the files
  /// @param failures failures in a row
  /// @param actAtNanos when the next order to systemd may be given
  /// @param upSinceNanos since when the unit is up, or -1
  /// @param suspected controllers that are gone although the replicated state does not say so yet,
  ///   with the time since when the state counted on them
  /// @param holders who held each VIP when this agent looked last
  /// @param left who held each VIP before, and until when
  /// @param swept whose connections to each VIP were ended already
  /// @param round number of the last talk on the runtime socket; an answer to an older one is void
  /// @param answers whether it answers talks
  /// @param lookAtNanos when to talk next
  /// @param infoAtNanos when to ask for its own figures next
  /// @param killAtNanos when to kill it, or to look again whether it may be killed, as it hangs
  /// @param full what there is to say when all of its connections are in use, else empty
  /// @param unprovenUntilNanos until when an answer may come from the worker before a reload
  /// @param missed talks in a row that nobody took
  /// @param proven true if an answer since the start showed the runtime state as it must be
  /// @param repeat true if all is to be set again at the next look
  /// @param told what the runtime state was last set to: server to what is wanted of it
  /// @param servers last answer
  /// @param trouble what is wrong, for people
  /// @param comparison how often files were compared: an answer about earlier ones is void
  /// @param last the report given last
  public record State(
      UnitState unit,
      @Nullable Target target,
      long inheritedEpoch,
      boolean dormant,
      Files files,
      @Nullable String oldConfig,
      Due due,
      int failures,
      long actAtNanos,
      long upSinceNanos,
      NavigableMap<String, Long> suspected,
      NavigableMap<String, String> holders,
      NavigableMap<String, Left> left,
      NavigableMap<String, String> swept,
      int round,
      Answers answers,
      long lookAtNanos,
      long infoAtNanos,
      long killAtNanos,
      String full,
      long unprovenUntilNanos,
      int missed,
      boolean proven,
      boolean repeat,
      NavigableMap<String, Wish> told,
      List<ServerState> servers,
      String trouble,
      int comparison,
      @Nullable Report last) {}

  /// A holder that a VIP left.
  record Left(String holder, long atNanos) {}

  /// What is wanted of a server.
  enum Wish {
    /// It may get traffic if its checks are good.
    READY,
    /// It was out of use, and gets traffic once its checks or its own controller say that it is
    /// well.
    PROVING,
    /// Its controller is gone, or it is not the writer.
    MAINTENANCE
  }

  @Override
  public String resource() {
    return settings.id();
  }

  @Override
  public List<String> units() {
    return List.of(settings.unit());
  }

  @Override
  public AgentStep<State> initial(AgentContext context) {
    Target there = context.view().target(settings.id(), context.node());
    State fresh =
        new State(
            UnitState.UNKNOWN,
            null,
            there == null ? 0 : there.epoch(),
            false,
            Files.UNREAD,
            null,
            Due.NOTHING,
            0,
            context.nowNanos(),
            -1,
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            new TreeMap<>(),
            0,
            Answers.none(context.nowNanos()),
            Long.MAX_VALUE,
            context.nowNanos(),
            Long.MAX_VALUE,
            "",
            0,
            0,
            false,
            false,
            new TreeMap<>(),
            List.of(),
            "",
            0,
            null);
    HaproxyTurn turn = turn(fresh, context);
    turn.readFiles();
    turn.peers().lookAtHolders();
    return turn.end();
  }

  @Override
  public Object madeOf() {
    return settings;
  }

  /// The running process serves on while the new configuration is checked, put in place and loaded.
  @Override
  public AgentStep<State> takeOver(State before, AgentContext context) {
    HaproxyTurn turn = turn(before, context);
    turn.readFilesAnew();
    turn.peers().lookAtHolders();
    return turn.end();
  }

  @Override
  public long dueAtNanos(State state) {
    long act = HaproxyTurn.mustAct(state) ? state.actAtNanos : Long.MAX_VALUE;
    return Math.min(act, HaproxyTurn.lookAtNanos(state));
  }

  @Override
  public AgentStep<State> step(State state, AgentEvent event, AgentContext context) {
    HaproxyTurn turn = turn(state, context);
    switch (event) {
      case AgentEvent.TargetSet e -> turn.targetSet(e.target());
      case AgentEvent.UnitChanged e when e.unit().equals(settings.unit()) ->
          turn.unitChanged(UnitState.of(e));
      case AgentEvent.FileRead e -> turn.fileRead(e.tag(), e.file().contentOrNull());
      case AgentEvent.WriteFailed e -> turn.writeFailed(e.path(), e.error());
      case AgentEvent.ToolDone e -> turn.toolDone(e);
      case AgentEvent.HaproxyDone e -> turn.answered(e);
      case AgentEvent.PeerGone e -> turn.peers().goes(e.node());
      case AgentEvent.PeerBack e -> turn.peers().comesBack(e.node());
      case AgentEvent.ViewChanged _ -> turn.peers().viewChanged();
      case AgentEvent.Tick _,
          AgentEvent.FolderListed _,
          AgentEvent.UnitChanged _,
          AgentEvent.LeaseChanged _,
          AgentEvent.SqlDone _,
          AgentEvent.CpuUsed _,
          AgentEvent.ProbeDone _ -> {}
    }
    return turn.end();
  }

  private HaproxyTurn turn(State state, AgentContext context) {
    return new HaproxyTurn(settings, writerAttribute, state, context);
  }
}
