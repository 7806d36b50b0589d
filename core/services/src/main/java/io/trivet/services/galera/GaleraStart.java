package io.trivet.services.galera;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Target;
import io.trivet.services.agent.AgentEffect;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What stands on disk before a member is started, and what a start then does.
final class GaleraStart {
  private static final String ROOT = "root:root";
  private static final String MYSQL = "mysql:mysql";

  private GaleraStart() {}

  /// Remembers the target of the last bootstrap over restarts of the daemon and of the machine.
  static String notePath(String resource) {
    return "/var/lib/trivet/" + resource + ".bootstrapped";
  }

  /// What tells this log from others, empty where that is not known.
  static String log(ClusterState view) {
    String log = view.attribute(ClusterState.LOG);
    return log == null ? "" : log;
  }

  /// Writes a file of ours unless it is so already; true if it is.
  static boolean same(
      String path, String wanted, @Nullable String found, List<AgentEffect> effects) {
    if (wanted.equals(found)) {
      return true;
    }
    effects.add(new AgentEffect.WriteFile(path, wanted, "0644", ROOT));
    return false;
  }

  /// The effects of a start, in order; it is noted before it happens that this member bootstraps.
  static List<AgentEffect> effects(
      GaleraSettings settings, String node, ClusterState view, Target wanted, GaleraCopy copy) {
    List<AgentEffect> effects = new ArrayList<>();
    boolean bootstrap = wanted.how().equals(Target.BOOTSTRAP);
    if (bootstrap) {
      String note = GaleraProbe.note(wanted.epoch(), log(view));
      effects.add(new AgentEffect.WriteFile(notePath(wanted.resource()), note, "0600", ROOT));
      String whole = copy.wholeFile();
      GaleraPosition position = copy.position();
      if (whole != null) {
        effects.add(stateFile(GaleraProbe.safeToBootstrap(whole)));
      } else if (position.isKnown()) {
        effects.add(stateFile(GaleraProbe.bootstrapFrom(position.uuid())));
      }
    }
    if (wanted.how().equals(GaleraPolicy.JOIN_COPY)) {
      effects.add(stateFile(GaleraProbe.nothingSaved()));
    }
    String environment =
        bootstrap
            ? GaleraConfig.BOOTSTRAP_ENVIRONMENT
            : GaleraConfig.joinEnvironment(
                settings.donors(node, view.attribute(GaleraPolicy.WRITER)));
    effects.add(new AgentEffect.WriteFile(GaleraConfig.ENVIRONMENT, environment, "0600", ROOT));
    effects.add(new AgentEffect.StartUnit(GaleraConfig.UNIT));
    return effects;
  }

  private static AgentEffect stateFile(String text) {
    return new AgentEffect.WriteFile(GaleraConfig.STATE_FILE, text, "0660", MYSQL);
  }
}
