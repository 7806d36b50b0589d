package io.trivet.sim.site;

import io.trivet.cluster.lease.LeaseEffect;
import io.trivet.services.controller.ControllerEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a lease process knows of peers and VIPs, so that a daemon that comes later is told it
/// first.
final class LeaseFacts {
  private final TreeMap<String, ControllerEvent> heard = new TreeMap<>();
  private final TreeMap<String, ControllerEvent> began = new TreeMap<>();
  private final TreeMap<String, Long> held = new TreeMap<>();

  /// Notes a fact and gives it in the words of a controller; null when it is none of theirs.
  @Nullable ControllerEvent note(LeaseEffect fact) {
    return switch (fact) {
      case LeaseEffect.PeerSilent(String peer) -> {
        began.remove(peer);
        yield keep(heard, peer, new ControllerEvent.PeerSilent(peer));
      }
      case LeaseEffect.PeerHeard(String peer) ->
          keep(heard, peer, new ControllerEvent.PeerHeard(peer));
      case LeaseEffect.PeerBegan(String peer, long run) ->
          keep(began, peer, new ControllerEvent.PeerBegan(peer, run));
      case LeaseEffect.PeerLeft(String peer) ->
          keep(began, peer, new ControllerEvent.PeerLeft(peer));
      case LeaseEffect.Send _,
          LeaseEffect.Hold _,
          LeaseEffect.Darken _,
          LeaseEffect.BecameHolder _,
          LeaseEffect.Announce _,
          LeaseEffect.HolderSeen _ ->
          null;
    };
  }

  private static ControllerEvent keep(
      Map<String, ControllerEvent> where, String peer, ControllerEvent fact) {
    where.put(peer, fact);
    return fact;
  }

  void holds(String vip, boolean holding, long epoch) {
    if (holding) {
      held.put(vip, epoch);
    } else {
      held.remove(vip);
    }
  }

  /// All that is true now.
  List<ControllerEvent> picture() {
    List<ControllerEvent> all = new ArrayList<>(heard.values());
    all.addAll(began.values());
    held.forEach((vip, epoch) -> all.add(new ControllerEvent.HoldChanged(vip, true, epoch)));
    return all;
  }

  /// The process is gone: what it held is nobody's any more.
  List<ControllerEvent> gone() {
    List<ControllerEvent> lost = new ArrayList<>();
    held.keySet().forEach(vip -> lost.add(new ControllerEvent.HoldChanged(vip, false, 0)));
    heard.clear();
    began.clear();
    held.clear();
    return lost;
  }
}
