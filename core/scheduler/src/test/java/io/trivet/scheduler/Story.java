package io.trivet.scheduler;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.NodeState;
import io.trivet.cluster.state.Notice;
import io.trivet.cluster.state.Presence;
import io.trivet.cluster.state.Recovery;
import io.trivet.cluster.state.RunState;
import java.util.List;
import java.util.Locale;

/// Tells a story again: takes its lines that begin with `>` as input and writes down what comes of
/// them.
///
/// | input | what it does |
/// |---|---|
/// | `healthy` | three controllers with everything up; nothing of it is told |
/// | `present NODE…`, `gone NODE…` | the leader agrees on their presence |
/// | `standby NODE`, `online NODE`, `prefer RESOURCE NODE`, `accept-loss RESOURCE NODE LOST` | an operator's command |
/// | `leader NODE`, `quorum yes`, `quorum no` | who leads, and whether it has a majority |
/// | `after N ms` | time passes |
/// | `restarted NODE` | the daemon there runs anew: its pulses have another incarnation |
/// | `report RESOURCE NODE STATE DETAIL…` | the node acted on its target and reports this |
/// | `holds VIP NODE`, `holds VIP nobody` | who answers for the VIP, under the present assignment |
/// | `lease` | the leases follow the assignments |
/// | `obey` | present nodes do what they were told, and the leases follow |
/// | `plan` | shows the plan, writes it down, shows what people are told |
/// | `settle` | plan and obey in turn until there is nothing to do |
/// | `show` | shows the state |
final class Story {
  private final World world = new World("lab.yaml");
  private final StringBuilder out = new StringBuilder();

  static String retell(String text) {
    Story story = new Story();
    boolean comment = true;
    for (String line : text.lines().toList()) {
      if (line.startsWith(">")) {
        comment = false;
        story.out.append(line).append('\n');
        story.take(line.substring(1).strip().split(" +"));
      } else if (comment || line.startsWith("#")) {
        story.out.append(line).append('\n');
      }
    }
    return story.out.toString();
  }

  private void take(String[] words) {
    switch (words[0]) {
      case "healthy" -> healthy();
      case "present" -> presence(words, Presence.PRESENT);
      case "gone" -> presence(words, Presence.GONE);
      case "standby" -> apply(new Command.SetStandby(words[1], true));
      case "online" -> apply(new Command.SetStandby(words[1], false));
      case "prefer" -> apply(new Command.Prefer(words[1], words[2]));
      case "accept-loss" -> {
        // A loss can be accepted only while a policy asks for it.
        String asked = Recovery.START + " " + words[2] + ":" + words[3];
        String name = Recovery.attribute(words[1]);
        apply(new Command.SetAttribute(name, asked, words[3] + " may have newer data"));
        apply(new Command.AcceptLoss(words[1], words[2]));
      }
      case "leader" -> world.leader = words[1];
      case "quorum" -> world.quorum = words[1].equals("yes");
      case "restarted" -> world.incarnations.merge(words[1], 1L, Long::sum);
      case "after" -> world.nowMillis += Long.parseLong(words[1]);
      case "report" -> {
        String detail = String.join(" ", List.of(words).subList(4, words.length));
        world.report(words[1], words[2], RunState.valueOf(words[3]), detail);
        told();
      }
      case "holds" -> holds(words[1], words[2]);
      case "lease" -> world.lease();
      case "obey" -> obey();
      case "plan" -> plan();
      case "settle" -> settle();
      case "show" -> show();
      default -> throw new IllegalArgumentException("no such input: " + String.join(" ", words));
    }
  }

  private void healthy() {
    world
        .state
        .roster()
        .nodes()
        .forEach(n -> world.apply(new Command.NodePresence(n, Presence.PRESENT)));
    world.settle();
    world.said.clear();
  }

  private void presence(String[] nodes, Presence presence) {
    for (int i = 1; i < nodes.length; i++) {
      apply(new Command.NodePresence(nodes[i], presence));
    }
  }

  private void apply(Command command) {
    world.apply(command);
    told();
  }

  private void holds(String vip, String node) {
    VipAssignment assignment = world.state.vips().get(vip);
    if (node.equals("nobody") || assignment == null) {
      world.holders.remove(vip);
    } else {
      world.holders.put(vip, new LeaderView.Held(node, assignment.epoch()));
    }
  }

  private void obey() {
    world.obey();
    world.said.clear();
  }

  private void plan() {
    Transition transition = world.plan();
    does(transition);
    for (Waiting waiting : transition.waiting()) {
      line(
          "waits",
          waiting.what()
              + ": "
              + waiting.why()
              + (waiting.command() == null ? "" : " [" + waiting.command() + "]"));
    }
    for (Problem problem : transition.problems()) {
      line("wrong", problem.text() + " " + problem.advice());
    }
    if (transition.againAtMillis() != Long.MAX_VALUE) {
      line("again", "in " + (transition.againAtMillis() - world.nowMillis) + " ms");
    }
    if (!transition.isEmpty()) {
      world.carryOut(transition);
      told();
    }
  }

  private void settle() {
    for (int round = 1; round <= 20; round++) {
      Transition transition = world.plan();
      if (transition.isEmpty()) {
        line("quiet", "after " + (round - 1) + (round == 2 ? " plan" : " plans"));
        transition.problems().forEach(p -> line("wrong", p.text() + " " + p.advice()));
        return;
      }
      line("plan", Integer.toString(round));
      does(transition);
      world.carryOut(transition);
      obey();
    }
    line("quiet", "never");
  }

  private void does(Transition transition) {
    if (transition.isEmpty()) {
      line("does", "nothing");
    }
    transition.actions().forEach(action -> line("does", words(action)));
  }

  private static String words(Action action) {
    return switch (action) {
      case Action.Start a ->
          "start " + a.resource() + " on " + a.node() + " (" + a.how() + "): " + a.reason();
      case Action.Stop a -> "stop " + a.resource() + " on " + a.node() + ": " + a.reason();
      case Action.Assign a ->
          "assign "
              + a.vip()
              + " to "
              + a.holder()
              + ", heirs "
              + Words.list(a.heirs())
              + ": "
              + a.reason();
      case Action.Forget a -> "forget what " + a.node() + " reported: " + a.reason();
      case Action.Decide a -> "decide for " + a.resource() + ": " + a.reason();
    };
  }

  private void told() {
    for (Notice notice : world.said) {
      line("told", notice.id() + ": " + notice.text());
    }
    world.said.clear();
  }

  private void show() {
    for (String node : world.state.roster().nodes()) {
      NodeState state = world.state.node(node);
      StringBuilder services = new StringBuilder();
      for (String resource : world.state.roster().resources()) {
        if (!world.state.roster().vips().contains(resource)) {
          String run = world.state.runState(resource, node).name().toLowerCase(Locale.ROOT);
          services.append(services.isEmpty() ? "" : ", ").append(resource).append(' ').append(run);
        }
      }
      String is =
          state.presence().name().toLowerCase(Locale.ROOT) + (state.standby() ? ", standby" : "");
      line(node, is + ": " + services);
    }
    for (VipAssignment vip : world.state.vips().values()) {
      LeaderView.Held held = world.holders.get(vip.vip());
      line(
          "VIP",
          vip.vip()
              + " is assigned to "
              + vip.holder()
              + ", heirs "
              + Words.list(vip.heirs())
              + ", answered by "
              + (held == null ? "nobody" : held.node()));
    }
  }

  private void line(String what, String text) {
    out.append("  ").append(String.format(Locale.ROOT, "%-6s", what)).append(text).append('\n');
  }
}
