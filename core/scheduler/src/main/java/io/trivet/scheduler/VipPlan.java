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
/// A candidate is present, not in standby, and has everything up that the VIP needs beside it. Of
/// the candidates the VIP goes to, in this order:
///
/// 1. where an operator wants it;
/// 2. who answers for it now under the present assignment: an heir that took over is written down,
///    nothing is taken back;
/// 3. who is assigned now: a VIP stays where it is healthy;
/// 4. who answers for it under an older assignment, else the first heir: it is the one that bids
///    now;
/// 5. the highest score in the cluster file, then who holds fewest VIPs, then not the leader, then
///    the order of the file.
///
/// Without a candidate the assignment stays as it is, so that the VIP can come back without
/// anybody's decision, but a controller in standby loses it.
final class VipPlan {
  private record Choice(@Nullable String holder, String reason) {}

  private final Planning plan;

  VipPlan(Planning plan) {
    this.plan = plan;
  }

  void run() {
    TreeMap<String, Choice> choices = new TreeMap<>();
    TreeMap<String, Integer> load = new TreeMap<>();
    for (Layout.Vip vip : plan.layout.vips()) {
      String holder = assigned(vip) == null ? null : Objects.requireNonNull(assigned(vip)).holder();
      if (holder != null && isCandidate(vip, holder)) {
        load.merge(holder, 1, Integer::sum);
      }
    }
    for (Layout.Vip vip : plan.layout.vips()) {
      Choice choice = choose(vip, load);
      choices.put(vip.id(), choice);
      VipAssignment last = assigned(vip);
      String from = last == null ? null : last.holder();
      if (choice.holder != null && !choice.holder.equals(from)) {
        load.merge(choice.holder, 1, Integer::sum);
      }
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

  private Choice choose(Layout.Vip vip, NavigableMap<String, Integer> load) {
    VipAssignment last = assigned(vip);
    String holder = last == null ? null : last.holder();
    OperatorWish wish = plan.state().preferences().get(vip.id());
    if (wish != null && isCandidate(vip, wish.node())) {
      return new Choice(wish.node(), wish.by() + " wants it there");
    }
    if (wish != null) {
      plan.await(
          vip.id(),
          wish.node(),
          wish.by() + " wants it there, but " + whyNot(vip, wish.node()),
          null);
    }
    LeaderView.Held held = plan.view.holders().get(vip.id());
    if (last != null
        && held != null
        && held.epoch() == last.epoch()
        && isCandidate(vip, held.node())) {
      String reason =
          held.node().equals(holder)
              ? "it is there"
              : held.node()
                  + " took it over"
                  + (holder == null ? "" : " when " + holder + " fell silent");
      return new Choice(held.node(), reason);
    }
    if (holder != null && isCandidate(vip, holder)) {
      return new Choice(holder, "it is there");
    }
    if (holder != null && held != null && isCandidate(vip, held.node())) {
      return new Choice(held.node(), held.node() + " took it over; " + whyNot(vip, holder));
    }
    String next = next(vip, last, load);
    if (next != null) {
      return new Choice(
          next, holder == null ? "all that it needs is up there" : whyNot(vip, holder));
    }
    boolean leaves = holder != null && plan.state().node(holder).standby();
    return new Choice(
        leaves ? null : holder,
        leaves ? whyNot(vip, Objects.requireNonNull(holder)) : "it is there");
  }

  private @Nullable String next(
      Layout.Vip vip, @Nullable VipAssignment last, NavigableMap<String, Integer> load) {
    if (last != null && last.holder() != null) {
      for (String heir : last.heirs()) {
        if (isCandidate(vip, heir)) {
          return heir;
        }
      }
    }
    boolean first = last == null || last.holder() == null;
    for (String before : vip.after()) {
      if (first
          && plan.layout.nodes().stream()
              .noneMatch(n -> plan.state().runState(before, n) == RunState.STARTED)) {
        plan.await(vip.id(), null, before + " comes first, and is not up anywhere", null);
        return null;
      }
    }
    return vip.members().stream()
        .filter(n -> isCandidate(vip, n))
        .min(
            Comparator.<String>comparingInt(n -> -vip.preferences().getOrDefault(n, 0))
                .thenComparingInt(n -> load.getOrDefault(n, 0))
                .thenComparing(n -> n.equals(plan.view.leader()))
                .thenComparingInt(vip.members()::indexOf))
        .orElse(null);
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
