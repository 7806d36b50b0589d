package io.trivet.services.galera;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Notice;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.galera.GaleraProbe.Sample;
import io.trivet.services.galera.GaleraSettings.Member;
import io.trivet.services.unit.UnitState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Watches over the join of a member, in the working copy of one step of [GaleraAgent]; whether it
/// gets on is in [GaleraJoin].
final class GaleraJoining {
  private static final long SECOND = 1_000_000_000L;

  private final String resource;
  private final GaleraSettings settings;
  private final String node;
  private final ClusterState view;
  private final long now;
  private final List<AgentEffect> effects;
  private GaleraJoin join;

  GaleraJoining(
      String resource,
      GaleraSettings settings,
      GaleraJoin join,
      AgentContext context,
      List<AgentEffect> effects) {
    this.resource = resource;
    this.settings = settings;
    this.join = join;
    this.effects = effects;
    node = context.node();
    view = context.view();
    now = context.nowNanos();
  }

  GaleraJoin join() {
    return join;
  }

  void sampled(Sample seen) {
    join = join.sampled(seen, now);
  }

  void cpuUsed(long nanos) {
    join = join.cpu(nanos, now);
  }

  /// At the end of a step; true if the join is stuck, and the member has to be stopped.
  boolean stuck(UnitState unit, @Nullable Sample seen, @Nullable Target target, boolean stopping) {
    Sample answered = unit.up() ? seen : null;
    if (answered != null && answered.primary() && answered.state().equals("Synced")) {
      join = GaleraJoin.NONE;
      return false;
    }
    boolean wanted = target != null && target.wanted() == Wanted.STARTED;
    boolean joins = unit.comingUp() || answered != null && joins(answered);
    if (!wanted || !joins || stopping) {
      join = join.down();
      return false;
    }
    join = join.joining(now);
    if (othersHoldItUp()) {
      join = join.held(now);
    }
    if (join.stuck(now)) {
      say(answered == null ? "starting" : answered.state());
      join = join.ended();
      return true;
    }
    if (join.lookAtNanos() <= now) {
      effects.add(new AgentEffect.UnitCpu(GaleraConfig.UNIT));
      join = join.looking(now);
    }
    return false;
  }

  private static boolean joins(Sample seen) {
    return seen.primary() && !seen.state().startsWith("Donor");
  }

  /// A donor may need long before it sends the first byte, and without a member that is Synced
  /// there can be none.
  private boolean othersHoldItUp() {
    boolean synced = false;
    for (Member other : settings.others(node)) {
      GaleraReport report = GaleraReport.from(view.report(resource, other.name()));
      boolean present = view.node(other.name()).present();
      if (present && report.state().startsWith("Donor")) {
        return true;
      }
      synced |= present && report.synced();
    }
    return !synced;
  }

  private void say(String was) {
    effects.add(
        new AgentEffect.Say(
            Notice.warning(
                "galera-join-stuck",
                node,
                resource,
                resource
                    + " on "
                    + node
                    + " was "
                    + was
                    + " without any progress for "
                    + join.patienceNanos() / SECOND
                    + " s; it is stopped and joins anew.")));
  }
}
