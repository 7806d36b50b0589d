package io.trivet.cluster.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can be changed in the replicated state. A command has neither time nor author; the
/// [Proposal] that carries it has both, so pure code can make commands.
public sealed interface Command {

  /// Replaces the cluster file. Whoever proposes it has validated the text; `roster` holds the
  /// names in it. What the state knows of names that are no longer there is forgotten.
  record SetClusterFile(String text, Roster roster) implements Command {
    public SetClusterFile {
      Check.name("text of the cluster file", text);
      Check.given("roster of the cluster file", roster);
      if (roster.nodes().isEmpty()) {
        throw new IllegalArgumentException("a cluster file needs controllers");
      }
    }
  }

  /// A controller has tried the cluster file that the entry `epoch` set: it works there, or it
  /// cannot be brought about. The first failure takes the file back on all controllers
  /// ([FileTrial]). Of a file that is not in force any more it changes nothing.
  ///
  /// @param failure why it cannot be brought about, a clause for people; empty when it works
  record ClusterFileTried(String node, long epoch, String failure) implements Command {
    public ClusterFileTried {
      Check.name("node", node);
      Check.given("failure", failure);
    }
  }

  /// Says that the cluster counts on a controller, or no longer. When it is gone, its reports
  /// become UNKNOWN; when it is back it has to report everything again, because the replicated
  /// reports then differ from what it sees.
  record NodePresence(String node, Presence presence) implements Command {
    public NodePresence {
      Check.name("node", node);
      Check.given("presence", presence);
    }
  }

  /// Says that a controller's daemon runs anew: what an earlier run reported says nothing about
  /// now, so it becomes UNKNOWN. Proposed by the daemon before its first report, and by the leader
  /// when it hears an incarnation that the state does not know; the same incarnation again changes
  /// nothing.
  record NodeStarted(String node, long incarnation) implements Command {
    public NodeStarted {
      Check.name("node", node);
    }
  }

  /// Takes a controller's services away (`on`) or lets them come back.
  record SetStandby(String node, boolean on) implements Command {
    public SetStandby {
      Check.name("node", node);
    }
  }

  /// Orders one resource on one node. Always makes a new epoch, also when it wants the same as
  /// before.
  record SetTarget(String resource, String node, Wanted wanted, String how, String reason)
      implements Command {
    public SetTarget {
      Check.name("resource", resource);
      Check.name("node", node);
      Check.given("wanted", wanted);
      Check.name("how", how);
      Check.name("reason", reason);
    }
  }

  /// What a node sees. Reports about other nodes are refused, reports about resources that the
  /// cluster file no longer has are left out.
  record Observe(String node, List<Report> reports) implements Command {
    public Observe {
      Check.name("node", node);
      reports = List.copyOf(Check.given("reports", reports));
      for (Report report : reports) {
        if (!report.node().equals(node)) {
          throw new IllegalArgumentException(node + " cannot report for " + report.node());
        }
      }
    }
  }

  /// Says who should hold a VIP and who inherits it. The same holder and heirs again change
  /// nothing.
  record AssignVip(String vip, @Nullable String holder, List<String> heirs, String reason)
      implements Command {
    public AssignVip {
      Check.name("VIP", vip);
      heirs = Check.names("heir of VIP " + vip, Check.given("heirs", heirs));
      if (holder != null && heirs.contains(holder)) {
        throw new IllegalArgumentException(holder + " is both holder and heir of VIP " + vip);
      }
      Check.name("reason", reason);
    }
  }

  /// Writes a decision down, such as `galera.writer`; a null value takes it back.
  record SetAttribute(String name, @Nullable String value, String reason) implements Command {
    public SetAttribute {
      Check.name("name of an attribute", name);
      if (value != null) {
        Check.name("value of attribute " + name, value);
      }
      Check.name("reason", reason);
    }
  }

  /// An operator wants a resource on a node. It holds until it is cleared, the node is gone or in
  /// standby, or the resource had to leave the node again: a wish from last year must not move a
  /// VIP. A lasting wish is a location constraint in the cluster file.
  record Prefer(String resource, String node) implements Command {
    public Prefer {
      Check.name("resource", resource);
      Check.name("node", node);
    }
  }

  /// Takes [Prefer] back. Nothing moves because of that.
  record ClearPreference(String resource) implements Command {
    public ClearPreference {
      Check.name("resource", resource);
    }
  }

  /// An operator accepts that what `node` does not have is lost: the resource may be recovered from
  /// `node`. Refused unless a [Recovery] of the resource is open and `node` is one of its choices;
  /// ends with it ([AcceptedLoss]).
  record AcceptLoss(String resource, String node) implements Command {
    public AcceptLoss {
      Check.name("resource", resource);
      Check.name("node", node);
    }
  }

  /// Takes [AcceptLoss] back. Refused when there is nothing to take back.
  record WithdrawLoss(String resource) implements Command {
    public WithdrawLoss {
      Check.name("resource", resource);
    }
  }

  /// Puts a notice of a node into the timeline of the cluster.
  record Say(Notice notice) implements Command {
    public Say {
      Check.given("notice", notice);
    }
  }

  /// Several commands in one log entry, in order. One that is refused does not stop the others.
  record Batch(List<Command> commands) implements Command {
    public Batch {
      commands = List.copyOf(Check.given("commands", commands));
    }
  }
}
