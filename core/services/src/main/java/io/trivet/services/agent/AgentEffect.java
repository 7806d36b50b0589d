package io.trivet.services.agent;

import io.trivet.cluster.state.Notice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an agent can ask the edge to do. Effects of one step are begun in order; a file is on disk
/// before the next effect begins, and if it could not be written, none after it of the same step
/// begins. Everything else answers later with an [AgentEvent]. Secrets are in files, never in an
/// effect.
public sealed interface AgentEffect {
  /// The command line of a [Run] that makes systemd read its unit files again. Those of all agents
  /// that ask at about the same time are one: it is dear, and holds systemd up.
  List<String> RELOAD_UNITS = List.of("systemctl", "daemon-reload");

  /// Starts a systemd unit (D-Bus StartUnit, mode `replace`). What comes of it is told by
  /// UnitChanged.
  record StartUnit(String unit) implements AgentEffect {}

  /// Stops a systemd unit in its own time (TimeoutStopSec).
  record StopUnit(String unit) implements AgentEffect {}

  /// SIGKILL to all processes of the unit.
  record KillUnit(String unit) implements AgentEffect {}

  /// Replaces a file as a whole (temporary file, fsync, rename).
  ///
  /// @param mode permissions in octal, e.g. `0640`
  /// @param owner `user:group`
  record WriteFile(String path, String text, String mode, String owner) implements AgentEffect {}

  /// Reads a file as UTF-8; answered by FileRead.
  record ReadFile(String tag, String path) implements AgentEffect {}

  /// Lists what is in a folder; answered by FolderListed.
  record ListFolder(String tag, String path) implements AgentEffect {}

  /// Runs a program without a shell; answered by ToolDone.
  record Run(String tag, List<String> argv, long timeoutNanos) implements AgentEffect {
    public Run {
      argv = List.copyOf(argv);
    }
  }

  /// Runs statements on the database's local socket as its root, on one connection; answered by
  /// SqlDone.
  record Sql(String tag, List<String> statements) implements AgentEffect {
    public Sql {
      statements = List.copyOf(statements);
    }
  }

  /// Sends commands to the runtime socket of one HAProxy; answered by HaproxyDone.
  record Haproxy(String tag, String socket, List<String> commands) implements AgentEffect {
    public Haproxy {
      commands = List.copyOf(commands);
    }
  }

  /// Connects and closes; answered by ProbeDone. A port that accepts connections proves little: the
  /// kernel does that for a process that hangs.
  record TcpProbe(String tag, String host, int port, long timeoutNanos) implements AgentEffect {}

  /// GET; ok if the status is 2xx or 3xx; answered by ProbeDone.
  record HttpProbe(String tag, String host, int port, String path, long timeoutNanos)
      implements AgentEffect {}

  /// Connects and begins to speak AMQP; ok if a broker answers with a whole frame. Answered by
  /// ProbeDone.
  record AmqpProbe(String tag, String host, int port, long timeoutNanos) implements AgentEffect {}

  /// Connects to memcached and asks for its version; ok if it tells one. Answered by ProbeDone.
  record MemcachedProbe(String tag, String host, int port, long timeoutNanos)
      implements AgentEffect {}

  /// Whether the file system of a folder can be written and has room; writes nothing. Answered by
  /// ProbeDone, whose detail says why not.
  record WritableProbe(String tag, String folder) implements AgentEffect {}

  /// How much processor time the unit's processes have used; answered by CpuUsed. Tells a process
  /// that is stopped from one that is slow.
  record UnitCpu(String unit) implements AgentEffect {}

  /// Ends TCP connections with these peers at once, like `ss -K dst ADDRESS`.
  ///
  /// @param ports which of them
  /// @param namespace network namespace, or null for the host's
  record EndConnections(List<String> addresses, Ports ports, @Nullable String namespace)
      implements AgentEffect {
    public EndConnections {
      addresses = List.copyOf(addresses);
    }
  }

  /// A choice of connections by their ports.
  ///
  /// @param only true for those with one of `named` at either end, false for all others
  record Ports(boolean only, List<Integer> named) {
    public static final Ports ALL = new Ports(false, List.of());

    public Ports {
      named = List.copyOf(named);
    }

    public static Ports only(List<Integer> named) {
      return new Ports(true, named);
    }

    public static Ports but(List<Integer> named) {
      return new Ports(false, named);
    }

    public boolean contain(int localPort, int remotePort) {
      return only == (named.contains(localPort) || named.contains(remotePort));
    }
  }

  /// Says something to people: this node's log and the cluster's timeline.
  record Say(Notice notice) implements AgentEffect {}
}
