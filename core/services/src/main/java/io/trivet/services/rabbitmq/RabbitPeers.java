package io.trivet.services.rabbitmq;

import io.trivet.services.agent.AgentEffect;
import io.trivet.services.rabbitmq.RabbitSettings.Member;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Controllers that are gone and whose broker may still speak, in the working copy of one step.
final class RabbitPeers {
  static final String GONE = "gone-";

  private final RabbitSettings settings;
  private final String node;
  private final long now;
  private final List<AgentEffect> effects;
  private final TreeMap<String, Long> gone;

  /// @param gone when to ask each of them next
  RabbitPeers(
      RabbitSettings settings,
      String node,
      long now,
      NavigableMap<String, Long> gone,
      List<AgentEffect> effects) {
    this.settings = settings;
    this.node = node;
    this.now = now;
    this.effects = effects;
    this.gone = new TreeMap<>(gone);
  }

  NavigableMap<String, Long> gone() {
    return gone;
  }

  void goes(String peer) {
    if (settings.member(peer) != null && !peer.equals(node)) {
      gone.put(peer, now);
    }
  }

  void comesBack(String peer) {
    gone.remove(peer);
  }

  void nobodyGone() {
    gone.clear();
  }

  /// Asks those that are due whether they still speak.
  void ask() {
    gone.replaceAll(
        (peer, due) -> {
          Member member = settings.member(peer);
          if (due > now || member == null) {
            return due;
          }
          effects.add(
              new AgentEffect.AmqpProbe(
                  GONE + peer, member.address(), settings.port(), RabbitAgent.PEER_NANOS));
          return now + RabbitAgent.GONE_NANOS;
        });
  }

  /// One of them speaks, or does not: then its connections are ended. True if they were.
  boolean answered(String peer, boolean speaks) {
    Member member = settings.member(peer);
    if (speaks || member == null || gone.remove(peer) == null) {
      return false;
    }
    AgentEffect.Ports ports = AgentEffect.Ports.only(RabbitSettings.ports(settings.port()));
    effects.add(new AgentEffect.EndConnections(List.of(member.address()), ports, null));
    return true;
  }
}
