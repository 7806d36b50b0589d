package io.trivet.daemon.effect;

import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Notice;
import io.trivet.cluster.state.Proposal;
import io.trivet.daemon.loop.Lanes;
import io.trivet.daemon.systemd.SharedReload;
import io.trivet.daemon.systemd.SystemdException;
import io.trivet.daemon.systemd.UnitState;
import io.trivet.daemon.systemd.Units;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.unit.Answers;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries out what agents ask for. The effects of one resource begin in the order in which they
/// were asked for, each after a file before it is on disk; when it could not be written, the rest
/// of that step is left out. Those that take time answer when they are done.
public final class AgentEffects {
  private static final Logger LOG = LoggerFactory.getLogger(AgentEffects.class);

  private final Units systemd;
  private final SharedReload reloads;
  private final LocalSql sql;
  private final Connections connections;
  private final BiConsumer<String, AgentEvent> answers;
  private final Consumer<Proposal> say;
  private final String self;
  private final Lanes threads;
  private final Map<String, Lane> lanes = new ConcurrentHashMap<>();

  /// How connections are ended; by the kernel's socket diagnosis.
  public interface Connections {
    /// Ends these TCP connections and returns how many there were.
    int end(AgentEffect.EndConnections which) throws IOException;
  }

  /// @param threads where the effects of each resource are carried out
  /// @param answers takes the result of an effect for the agent of a resource
  /// @param say takes a notice for the log
  public AgentEffects(
      String self,
      Units systemd,
      LocalSql sql,
      Connections connections,
      Lanes threads,
      BiConsumer<String, AgentEvent> answers,
      Consumer<Proposal> say) {
    this.self = self;
    this.systemd = systemd;
    this.reloads = new SharedReload(systemd);
    this.sql = sql;
    this.connections = connections;
    this.threads = threads;
    this.answers = answers;
    this.say = say;
  }

  /// Begins the effects of one step as soon as the ones before them of the same resource have
  /// begun. Does not block.
  public void perform(String resource, List<AgentEffect> step) {
    lanes.computeIfAbsent(resource, Lane::new).add(step);
  }

  /// The effects of one resource, begun one after the other.
  private final class Lane {
    private final String resource;
    private final Executor thread;

    Lane(String resource) {
      this.resource = resource;
      this.thread = threads.lane("effects-" + resource);
    }

    void add(List<AgentEffect> step) {
      thread.execute(
          () -> {
            for (AgentEffect effect : step) {
              if (!begun(effect)) {
                return;
              }
            }
          });
    }

    /// False if the effects after it must not begin.
    private boolean begun(AgentEffect effect) {
      switch (effect) {
        case AgentEffect.StartUnit(String unit) -> start(unit);
        case AgentEffect.StopUnit(String unit) -> unit(() -> systemd.stop(unit));
        case AgentEffect.KillUnit(String unit) -> unit(() -> systemd.kill(unit));
        case AgentEffect.WriteFile write -> {
          return written(write);
        }
        case AgentEffect.ReadFile(String tag, String path) ->
            answer(new AgentEvent.FileRead(tag, Files.look(path)));
        case AgentEffect.ListFolder(String tag, String path) ->
            answer(new AgentEvent.FolderListed(tag, Files.list(path)));
        case AgentEffect.Say(var notice) ->
            say.accept(Proposal.of(System.currentTimeMillis(), self, new Command.Say(notice)));
        case AgentEffect.Run run -> meanwhile(() -> answer(run(run)));
        case AgentEffect.Sql query -> meanwhile(() -> answer(sql(query)));
        case AgentEffect.Haproxy commands -> meanwhile(() -> answer(haproxy(commands)));
        case AgentEffect.TcpProbe(String tag, String host, int port, long timeoutNanos) ->
            meanwhile(() -> answer(probed(tag, NetProbe.tcp(host, port, timeoutNanos))));
        case AgentEffect.HttpProbe(
                String tag,
                String host,
                int port,
                String path,
                long timeoutNanos) ->
            meanwhile(() -> answer(probed(tag, NetProbe.http(host, port, path, timeoutNanos))));
        case AgentEffect.AmqpProbe(String tag, String host, int port, long timeoutNanos) ->
            meanwhile(() -> answer(probed(tag, NetProbe.amqp(host, port, timeoutNanos))));
        case AgentEffect.MemcachedProbe(String tag, String host, int port, long timeoutNanos) ->
            meanwhile(() -> answer(probed(tag, NetProbe.memcached(host, port, timeoutNanos))));
        case AgentEffect.WritableProbe(String tag, String folder) ->
            meanwhile(() -> answer(writable(tag, Files.whyNotWritable(folder))));
        case AgentEffect.UnitCpu(String unit) ->
            meanwhile(() -> answer(new AgentEvent.CpuUsed(unit, systemd.cpuNanos(unit))));
        case AgentEffect.EndConnections end -> meanwhile(() -> end(end));
      }
      return true;
    }

    private void meanwhile(Runnable work) {
      Thread.ofVirtual().name("effect-" + resource).start(work);
    }

    private void answer(AgentEvent event) {
      answers.accept(resource, event);
    }

    /// Only of a start that systemd refused it is known that nothing runs. Where systemd could not
    /// be reached, the state is told when it can be again.
    private void start(String unit) {
      try {
        systemd.start(unit);
      } catch (SystemdException e) {
        LOG.error("{}", e.getMessage());
        if (!e.unreachable()) {
          answer(
              new AgentEvent.UnitChanged(
                  unit, "failed", UnitState.REFUSED, String.valueOf(e.getMessage())));
        }
      }
    }

    private static void unit(UnitCall call) {
      try {
        call.run();
      } catch (SystemdException e) {
        LOG.error("{}", e.getMessage());
      }
    }

    private boolean written(AgentEffect.WriteFile write) {
      try {
        keepBefore(write.path());
        Files.replace(write.path(), write.text(), write.mode(), write.owner());
        // A fenced unit starts in the same step, by what this file says; who writes to /run asks
        // with a Run.
        if (write.path().startsWith("/etc/systemd/")) {
          reloads.reload();
        }
        return true;
      } catch (IOException | SystemdException e) {
        LOG.error("Could not write {}: {}", write.path(), e.getMessage());
        answer(new AgentEvent.WriteFailed(write.path(), String.valueOf(e.getMessage())));
        return false;
      }
    }

    /// Configuration that is not Trivet's own is kept, once; Trivet's files are named after it.
    private void keepBefore(String path) throws IOException {
      Path file = Path.of(path);
      if (!file.startsWith("/etc") || String.valueOf(file.getFileName()).contains("trivet")) {
        return;
      }
      String kept = Files.keepBefore(path);
      if (kept != null) {
        LOG.info("{} is replaced; what was there before is kept as {}", path, kept);
        say.accept(
            Proposal.of(
                System.currentTimeMillis(),
                self,
                new Command.Say(
                    Notice.info(
                        "configuration-replaced",
                        self,
                        resource,
                        "On "
                            + self
                            + ", "
                            + path
                            + " is now written by Trivet; what was there before is kept as "
                            + kept
                            + "."))));
      }
    }

    private AgentEvent run(AgentEffect.Run run) {
      if (run.argv().equals(AgentEffect.RELOAD_UNITS)) {
        return reloaded(run.tag());
      }
      ToolRun.Result result = ToolRun.run(run.argv(), run.timeoutNanos());
      boolean ran =
          result.exitCode() != ToolRun.NOT_STARTED && result.exitCode() != ToolRun.TIMED_OUT;
      return new AgentEvent.ToolDone(
          run.tag(), ran ? result.exitCode() : -1, result.stdout(), result.stderr());
    }

    private AgentEvent reloaded(String tag) {
      try {
        reloads.reload();
        return new AgentEvent.ToolDone(tag, 0, "", "");
      } catch (SystemdException e) {
        return new AgentEvent.ToolDone(tag, 1, "", String.valueOf(e.getMessage()));
      }
    }

    private AgentEvent sql(AgentEffect.Sql query) {
      try {
        return new AgentEvent.SqlDone(query.tag(), sql.run(query.statements()), null);
      } catch (SQLException e) {
        return new AgentEvent.SqlDone(query.tag(), List.of(), String.valueOf(e.getMessage()));
      }
    }

    private AgentEvent haproxy(AgentEffect.Haproxy commands) {
      try {
        List<String> outputs =
            HaproxyRuntime.run(
                Path.of(commands.socket()), commands.commands(), Answers.QUESTION_NANOS);
        return new AgentEvent.HaproxyDone(commands.tag(), outputs, null);
      } catch (IOException e) {
        return new AgentEvent.HaproxyDone(
            commands.tag(), List.of(), String.valueOf(e.getMessage()));
      }
    }

    private void end(AgentEffect.EndConnections end) {
      try {
        int ended = connections.end(end);
        LOG.info("Ended {} connections with {}", ended, end.addresses());
      } catch (IOException e) {
        LOG.warn("Could not end the connections with {}: {}", end.addresses(), e.getMessage());
      }
    }

    private static AgentEvent writable(String tag, String whyNot) {
      return new AgentEvent.ProbeDone(tag, whyNot.isEmpty(), whyNot);
    }

    private static AgentEvent probed(String tag, NetProbe.Result result) {
      return new AgentEvent.ProbeDone(tag, result.ok(), result.detail());
    }
  }

  private interface UnitCall {
    void run() throws SystemdException;
  }
}
