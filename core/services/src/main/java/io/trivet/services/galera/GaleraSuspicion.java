package io.trivet.services.galera;

import io.trivet.cluster.state.ClusterState;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.galera.GaleraAgent.Suspicion;
import io.trivet.services.galera.GaleraSettings.Member;
import io.trivet.services.unit.Answers;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// How soon the running provider suspects a silent member, in the working copy of one step:
/// shortened while a member is waited for that is gone or hangs, and set back afterwards.
final class GaleraSuspicion {
  static final String OPTIONS = "options";

  private static final String SHORTEN = "shorten";
  private static final String RESTORE = "restore";

  private final String resource;
  private final GaleraSettings settings;
  private final String node;
  private final ClusterState view;
  private final long now;
  private final List<AgentEffect> effects;
  private Suspicion is;
  private final TreeMap<String, Long> gone;
  private final TreeSet<String> hung;

  /// Setting it back is tried again at the next step, not in this one.
  private boolean restoreFailed;

  GaleraSuspicion(
      String resource,
      GaleraSettings settings,
      GaleraAgent.State s,
      AgentContext context,
      List<AgentEffect> effects) {
    this.resource = resource;
    this.settings = settings;
    node = context.node();
    view = context.view();
    now = context.nowNanos();
    this.effects = effects;
    is = s.suspicion();
    gone = new TreeMap<>(s.gone());
    hung = new TreeSet<>(s.hung());
  }

  Suspicion is() {
    return is;
  }

  NavigableMap<String, Long> gone() {
    return gone;
  }

  NavigableSet<String> hung() {
    return hung;
  }

  boolean unknown() {
    return is == Suspicion.UNKNOWN;
  }

  /// True if nobody is waited for.
  boolean nobody() {
    return gone.isEmpty();
  }

  /// The provider is a new one.
  void forget() {
    is = Suspicion.UNKNOWN;
  }

  void nobodyGone() {
    gone.clear();
  }

  /// A controller is gone: its connections lead nowhere. True if a member was there.
  boolean gone(String peer) {
    Member member = settings.member(peer);
    if (member == null || peer.equals(node)) {
      return false;
    }
    AgentEffect.Ports ports = AgentEffect.Ports.but(settings.brokerPorts());
    effects.add(new AgentEffect.EndConnections(List.of(member.address()), ports, null));
    suspect(peer);
    return true;
  }

  /// Looks for members that hang by their own controller's word; true if there is a new one.
  ///
  /// @param serves false if this member cannot suspect anybody
  boolean hanging(boolean serves) {
    boolean anew = false;
    for (Member other : settings.others(node)) {
      String peer = other.name();
      boolean hangs = view.node(peer).present() && Answers.hangs(view.report(resource, peer));
      if (!hangs) {
        hung.remove(peer);
      } else if (hung.add(peer) && serves) {
        suspect(peer);
        anew = true;
      }
    }
    return anew;
  }

  /// Writes wait for whoever does not answer until he is suspected.
  private void suspect(String peer) {
    gone.put(peer, now);
    if (is == Suspicion.SAFE) {
      shorten();
    }
  }

  void back(String peer) {
    gone.remove(peer);
  }

  /// The component was seen with these members: whoever is not in it is not waited for.
  void seen(List<String> members) {
    gone.keySet().removeIf(peer -> !members.contains(peer));
  }

  void timePasses() {
    gone.values().removeIf(since -> now - since >= GaleraAgent.SHORT_NANOS);
  }

  private void optionsRead(NavigableMap<String, String> options) {
    if (!GaleraConfig.KEEPALIVE.equals(options.get("evs.keepalive_period"))) {
      is = Suspicion.FIXED;
      return;
    }
    boolean safe = GaleraConfig.SAFE_SUSPICION.equals(options.get("evs.suspect_timeout"));
    is = safe ? Suspicion.SAFE : Suspicion.SHORT;
    if (safe && !gone.isEmpty()) {
      shorten();
    }
  }

  private void shorten() {
    is = Suspicion.SHORT;
    effects.add(after(SHORTEN, GaleraConfig.SHORT_SUSPICION));
  }

  /// What came of a statement of ours; true if it could not be shortened.
  boolean answered(AgentEvent.SqlDone done) {
    boolean failed = done.error() != null;
    switch (done.tag()) {
      case OPTIONS -> {
        NavigableMap<String, String> options = GaleraProbe.providerOptions(done.rows());
        if (!failed && !options.isEmpty()) {
          optionsRead(options);
        }
      }
      case RESTORE -> {
        if (failed) {
          is = Suspicion.SHORT;
          restoreFailed = true;
        }
      }
      default -> {}
    }
    return failed && done.tag().equals(SHORTEN);
  }

  /// Sets it back when nobody is waited for.
  void restore() {
    if (is == Suspicion.SHORT && gone.isEmpty() && !restoreFailed) {
      // Until it is confirmed, it counts as set back: the answer says if it has to be tried again.
      is = Suspicion.SAFE;
      effects.add(after(RESTORE, GaleraConfig.SAFE_SUSPICION));
    }
  }

  private static AgentEffect after(String tag, String timeout) {
    String set = "SET GLOBAL wsrep_provider_options = 'evs.suspect_timeout=" + timeout + "'";
    return new AgentEffect.Sql(tag, List.of(set));
  }
}
