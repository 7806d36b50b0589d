package io.trivet.services.haproxy;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.state.ClusterState;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.haproxy.HaproxyAgent.Left;
import io.trivet.services.haproxy.HaproxySettings.Vip;
import io.trivet.services.unit.Answers;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Which controllers are gone, and whose connections to a VIP lead nowhere any more, in the working
/// copy of one step.
final class HaproxyPeers {
  private final HaproxySettings settings;
  private final ClusterState view;
  private final String node;
  private final long now;
  private final List<AgentEffect> effects;
  private final TreeMap<String, Long> suspected;
  private final TreeMap<String, String> holders;
  private final TreeMap<String, Left> left;
  private final TreeMap<String, String> swept;

  HaproxyPeers(
      HaproxySettings settings,
      HaproxyAgent.State s,
      AgentContext context,
      List<AgentEffect> effects) {
    this.settings = settings;
    view = context.view();
    node = context.node();
    now = context.nowNanos();
    this.effects = effects;
    suspected = new TreeMap<>(s.suspected());
    holders = new TreeMap<>(s.holders());
    left = new TreeMap<>(s.left());
    swept = new TreeMap<>(s.swept());
  }

  NavigableMap<String, Long> suspected() {
    return suspected;
  }

  NavigableMap<String, String> holders() {
    return holders;
  }

  NavigableMap<String, Left> left() {
    return left;
  }

  NavigableMap<String, String> swept() {
    return swept;
  }

  void goes(String peer) {
    suspected.put(peer, view.node(peer).sinceMillis());
    for (Vip vip : settings.vips()) {
      Left before = left.get(vip.name());
      boolean justLeft =
          before != null
              && before.holder().equals(peer)
              && now - before.atNanos() < HaproxyAgent.LEFT_NANOS;
      if (justLeft || peer.equals(holders.get(vip.name()))) {
        sweep(vip, peer);
      }
    }
  }

  /// Follows who holds the VIPs; a holder that is gone, or whose HAProxy hangs, took the
  /// connections to its VIP with it.
  void lookAtHolders() {
    for (Vip vip : settings.vips()) {
      VipAssignment assignment = view.vips().get(vip.name());
      String next = assignment == null ? null : assignment.holder();
      String last = holders.get(vip.name());
      if (next == null || next.equals(last)) {
        continue;
      }
      holders.put(vip.name(), next);
      if (last != null && (gone(last) || Answers.hangs(view.report(settings.id(), last)))) {
        sweep(vip, last);
      } else if (last != null) {
        left.put(vip.name(), new Left(last, now));
      }
      swept.remove(vip.name());
    }
  }

  private void sweep(Vip vip, String holder) {
    if (!holder.equals(swept.put(vip.name(), holder))) {
      effects.add(new AgentEffect.EndConnections(vip.addresses(), AgentEffect.Ports.ALL, null));
    }
  }

  void comesBack(String peer) {
    suspected.remove(peer);
  }

  void viewChanged() {
    lookAtHolders();
    suspected
        .entrySet()
        .removeIf(
            e ->
                view.node(e.getKey()).present()
                    && view.node(e.getKey()).sinceMillis() != e.getValue());
  }

  boolean gone(String server) {
    if (server.equals(node)) {
      return false;
    }
    return suspected.containsKey(server) || !view.node(server).present();
  }
}
