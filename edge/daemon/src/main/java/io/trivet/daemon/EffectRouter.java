package io.trivet.daemon;

import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.state.Notice;
import io.trivet.consensus.ReplicatedLog;
import io.trivet.daemon.effect.AgentEffects;
import io.trivet.daemon.effect.Files;
import io.trivet.daemon.leases.LeaseLink;
import io.trivet.daemon.loop.ControllerLoop;
import io.trivet.daemon.loop.ProposalGate;
import io.trivet.daemon.systemd.Systemd;
import io.trivet.services.controller.ControllerEffect;
import io.trivet.services.controller.ControllerEvent;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands each effect of the controller's machine to the part that carries it out. Never blocks: it
/// runs on the loop.
final class EffectRouter implements Consumer<ControllerEffect> {
  private static final Logger LOG = LoggerFactory.getLogger(EffectRouter.class);

  private final Places places;
  private final ControllerLoop loop;
  private final LeaseLink leases;
  private final ReplicatedLog log;
  private final ProposalGate gate;
  private final AgentEffects agentEffects;
  private final Systemd systemd;
  private final ClusterFileUser clusterFiles;
  private final Executor aside;

  /// Follows the cluster file in force.
  interface ClusterFileUser {
    /// @param use number for the answer, see [ControllerEffect.UseClusterFile]
    void use(ClusterFile file, long use);
  }

  /// @param aside carries out what blocks for a moment, one thing after the other
  /// @param clusterFiles is told of every cluster file that comes into force
  EffectRouter(
      Places places,
      ControllerLoop loop,
      LeaseLink leases,
      ReplicatedLog log,
      ProposalGate gate,
      AgentEffects agentEffects,
      Systemd systemd,
      Executor aside,
      ClusterFileUser clusterFiles) {
    this.places = places;
    this.loop = loop;
    this.leases = leases;
    this.log = log;
    this.gate = gate;
    this.agentEffects = agentEffects;
    this.systemd = systemd;
    this.aside = aside;
    this.clusterFiles = clusterFiles;
  }

  @Override
  public void accept(ControllerEffect effect) {
    switch (effect) {
      case ControllerEffect.Submit submit -> submit(submit);
      case ControllerEffect.Perform(String resource, var effects) ->
          agentEffects.perform(resource, effects);
      case ControllerEffect.Assign assign ->
          leases.assign(assign.assignments(), assign.tellOthers());
      case ControllerEffect.SetEligible(String vip, boolean eligible) ->
          leases.serve(vip, eligible);
      case ControllerEffect.UseClusterFile(ClusterFile file, long use) ->
          clusterFiles.use(file, use);
      case ControllerEffect.KeepClusterFile(String text) -> aside.execute(() -> keep(text));
      case ControllerEffect.Print(Notice notice) -> print(notice);
      case ControllerEffect.MoveLeadership(String to, String reason) -> moveLeadership(to, reason);
      case ControllerEffect.WatchUnits(List<String> units) ->
          units.forEach(unit -> aside.execute(() -> watch(unit)));
    }
  }

  private void submit(ControllerEffect.Submit submit) {
    var _ =
        gate.submit(submit.proposal())
            .whenComplete(
                (_, failure) -> {
                  if (failure != null) {
                    LOG.debug("Not in the log: {}", ProposalGate.why(failure));
                  }
                  if (submit.token() != 0) {
                    String why = failure == null ? null : ProposalGate.why(failure);
                    loop.post(new ControllerEvent.SubmitEnded(submit.token(), why));
                  }
                });
  }

  private void keep(String text) {
    try {
      Files.replace(places.lastInForce().toString(), text, "0644", "root:root");
      StartCount.settled(places);
    } catch (IOException e) {
      LOG.error(
          "The cluster file in force could not be kept for the next start: {}", e.getMessage());
    }
  }

  static void print(Notice notice) {
    switch (notice.severity()) {
      case INFO -> LOG.info("{}: {}", notice.id(), notice.text());
      case WARNING -> LOG.warn("{}: {}", notice.id(), notice.text());
      case CRITICAL -> LOG.error("{}: {}", notice.id(), notice.text());
    }
  }

  private void moveLeadership(String to, String reason) {
    LOG.info("Handing the leadership to {}: {}", to, reason);
    var _ =
        log.transferLeadership(to)
            .whenComplete(
                (_, failure) -> {
                  if (failure != null) {
                    LOG.info("{} did not take the leadership: {}", to, ProposalGate.why(failure));
                  }
                });
  }

  private void watch(String unit) {
    systemd.watch(unit.contains(".") ? unit : unit + ".service");
  }
}
