package io.trivet.scheduler;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.state.NodeState;
import io.trivet.cluster.state.OperatorWish;
import io.trivet.cluster.state.RunState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Who should hold each VIP, and who inherits it.
///
/// The scheduler says where the VIP shall be. It goes there once it can: its new controller is
/// present, not in standby, and has everything up that the VIP needs beside it (a candidate). Until
/// then the assignment stays as it is. Where an heir has taken the VIP over, the scheduler sees it
/// running there and leaves it there: that is written down, nothing is taken back. A holder of
/// which too little is known yet keeps it.
final class VipPlan {
  private record Choice(@Nullable String holder, String reason) {}

  private final Planning plan;

  VipPlan(Planning plan) {
    this.plan = plan;
  }

  void run() {
    TreeMap<String, Choice> choices = new TreeMap<>();
    for (Layout.Vip vip : plan.layout.vips()) {
      choices.put(vip.id(), choose(vip));
    }
    TreeMap<String, Integer> after = new TreeMap<>();
    for (Layout.Vip vip : plan.layout.vips()) {
      String holder = Objects.requireNonNull(choices.get(vip.id())).holder;
      if (holder != null && isCandidate(vip, holder)) {
        after.merge(holder, 1, Integer::sum);
      }
    }
    for (Layout.Vip vip : plan.layout.vips()) {
      assign(vip, Objects.requireNonNull(choices.get(vip.id())), after);
    }
  }

  private @Nullable VipAssignment assigned(Layout.Vip vip) {
    return plan.state().vips().get(vip.id());
  }

  private Choice choose(Layout.Vip vip) {
    VipAssignment last = assigned(vip);
    String holder = last == null ? null : last.holder();
    OperatorWish wish = plan.state().preferences().get(vip.id());
    if (wish != null && !isCandidate(vip, wish.node())) {
      plan.await(
          vip.id(),
          wish.node(),
          wish.by() + " wants it there, but " + whyNot(vip, wish.node()),
          null);
    }
    LeaderView.Held held = plan.view.holders().get(vip.id());
    String place = plan.decided().assigned(vip.id()).stream().findFirst().orElse(null);
    if (place == null || !isCandidate(vip, place)) {
      return stay(vip, holder);
    }
    if (place.equals(holder)) {
      return new Choice(holder, "it is there");
    }
    if (wish != null && wish.node().equals(place)) {
      return new Choice(place, wish.by() + " wants it there");
    }
    if (holder == null) {
      return new Choice(place, "all that it needs is up there");
    }
    if (mayStillAnswer(vip, holder, held)) {
      return new Choice(holder, "it is there");
    }
    boolean tookOver = held != null && held.node().equals(place);
    return new Choice(place, tookOver ? tookOver(vip, place, holder) : whyNot(vip, holder));
  }

  /// True while nothing speaks against the holder: nobody else answers, and what the VIP needs
  /// there is up or has not been made out yet. So it is when its daemon was started anew: the VIP
  /// went on answering meanwhile, and moves only when something is found to be down. If the holder
  /// cannot have it after all, its lease ends, and the first heir that can takes it without being
  /// told.
  private boolean mayStillAnswer(Layout.Vip vip, String holder, LeaderView.@Nullable Held held) {
    if (!plan.state().node(holder).eligible()
        || !vip.members().contains(holder)
        || (held != null && !held.node().equals(holder))) {
      return false;
    }
    boolean unknown = false;
    for (String needed : vip.beside()) {
      switch (plan.state().runState(needed, holder)) {
        case STARTED -> {}
        case STARTING, UNKNOWN -> unknown = true;
        case STOPPED, STOPPING, FAILED -> {
          return false;
        }
      }
    }
    return unknown;
  }

  /// A holder that is well now lost its lease a moment ago, or never had it: whose fault that was
  /// is not known here.
  private String tookOver(Layout.Vip vip, String heir, String holder) {
    return isCandidate(vip, holder)
        ? heir + " has its lease, and " + holder + " does not"
        : heir + " took it over; " + whyNot(vip, holder);
  }

  /// The assignment stays, so that the VIP can come back without anybody's decision; but a
  /// controller in standby loses it.
  private Choice stay(Layout.Vip vip, @Nullable String holder) {
    if (holder != null) {
      boolean leaves = plan.state().node(holder).standby();
      return new Choice(leaves ? null : holder, leaves ? whyNot(vip, holder) : "it is there");
    }
    return new Choice(null, "no controller has all up that it needs");
  }

  private void assign(Layout.Vip vip, Choice choice, NavigableMap<String, Integer> load) {
    VipAssignment last = assigned(vip);
    String holder = last == null ? null : last.holder();
    List<String> heirs = heirs(vip, choice.holder, last, load);
    if (choice.holder == null) {
      String why =
          last == null || holder == null ? "no controller has all up that it needs" : choice.reason;
      plan.await(vip.id(), null, why, null);
    }
    if (!heirs.isEmpty()) {
      load.merge(heirs.getFirst(), 1, Integer::sum);
    }
    List<String> lastHeirs = last == null ? List.of() : last.heirs();
    if (!Objects.equals(holder, choice.holder) || !heirs.equals(lastHeirs)) {
      String reason = Objects.equals(holder, choice.holder) ? "its heirs changed" : choice.reason;
      plan.act(new Action.Assign(vip.id(), choice.holder, heirs, reason));
    }
  }

  /// Candidates other than the holder; the first one is likely to hold the VIP next, so the leader
  /// comes last and who has fewest VIPs to hold or to inherit first. Without candidates the heirs
  /// stay, except those in standby.
  private List<String> heirs(
      Layout.Vip vip,
      @Nullable String holder,
      @Nullable VipAssignment last,
      NavigableMap<String, Integer> load) {
    if (vip.members().stream().noneMatch(n -> isCandidate(vip, n))) {
      List<String> kept =
          new ArrayList<>(last == null || holder == null ? List.of() : last.heirs());
      kept.removeIf(n -> plan.state().node(n).standby());
      return kept;
    }
    return vip.members().stream()
        .filter(n -> !n.equals(holder) && isCandidate(vip, n))
        .sorted(
            Comparator.<String, Boolean>comparing(n -> n.equals(plan.view.leader()))
                .thenComparingInt(n -> load.getOrDefault(n, 0))
                .thenComparingInt(vip.members()::indexOf))
        .toList();
  }

  private boolean isCandidate(Layout.Vip vip, String node) {
    return isCandidate(plan, vip, node);
  }

  static boolean isCandidate(Planning plan, Layout.Vip vip, String node) {
    return vip.members().contains(node)
        && plan.state().node(node).eligible()
        && vip.beside().stream().allMatch(r -> plan.state().runState(r, node) == RunState.STARTED);
  }

  /// Why the VIP cannot be on the node, a clause.
  private String whyNot(Layout.Vip vip, String node) {
    if (!vip.members().contains(node)) {
      return "the cluster file does not allow it on " + node;
    }
    NodeState state = plan.state().node(node);
    if (!state.present()) {
      return node + " is gone";
    }
    if (state.standby()) {
      return node + " is in standby";
    }
    for (String needed : vip.beside()) {
      RunState run = plan.state().runState(needed, node);
      if (run != RunState.STARTED) {
        return needed
            + " is "
            + (run == RunState.UNKNOWN ? "not known to be up" : "down")
            + " on "
            + node;
      }
    }
    return node + " can have it";
  }
}
