package io.trivet.services.rabbitmq;

import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What a node of the broker says that it is short of. It goes on speaking AMQP then, and blocks
/// all who publish, on every node: clients wait, and nothing looks wrong (RabbitMQ documentation,
/// "Memory and Disk Alarms").
///
/// It is asked by `erl_call`, a small program of Erlang's own that speaks to the running node:
/// `rabbitmqctl` would start a second Erlang machine each time. Where there is no such program, it
/// is not known. The cookie is read by that program from RabbitMQ's folder.
///
/// @param shortOf `disk`, `memory`, or both, in order; empty if nothing, or not known
/// @param asked true while a question is on its way
/// @param atNanos when to ask next
record RabbitAlarms(List<String> shortOf, boolean asked, long atNanos) {
  static final String TAG = "alarms";

  private static final long EACH_NANOS = 5 * RabbitAgent.SECOND;
  private static final long LATER_NANOS = 60 * RabbitAgent.SECOND;
  private static final long TOOL_NANOS = 2 * RabbitAgent.SECOND;

  RabbitAlarms {
    shortOf = List.copyOf(shortOf);
  }

  static RabbitAlarms unknown(long now) {
    return new RabbitAlarms(List.of(), false, now + RabbitAgent.SECOND);
  }

  RabbitAlarms ask(String node, long now, List<AgentEffect> effects) {
    if (asked || atNanos > now) {
      return this;
    }
    effects.add(
        new AgentEffect.Run(
            TAG,
            List.of(
                "/usr/bin/env",
                "HOME=/var/lib/rabbitmq",
                "/usr/bin/erl_call",
                "-sname",
                RabbitSettings.erlangNode(node),
                "-a",
                "rabbit_alarm get_alarms []"),
            TOOL_NANOS));
    return new RabbitAlarms(shortOf, true, now + EACH_NANOS);
  }

  /// @param done what `erl_call` printed: the list of alarms of all nodes, as an Erlang term
  RabbitAlarms answered(String node, AgentEvent.ToolDone done, long now) {
    String term = done.stdout().strip();
    if (done.exitCode() != 0 || !term.startsWith("[")) {
      return new RabbitAlarms(List.of(), false, now + LATER_NANOS);
    }
    List<String> found = new ArrayList<>();
    for (String what : List.of("disk", "memory")) {
      String own = Pattern.quote(RabbitSettings.erlangNode(node));
      String alarm = "\\{\\{\\s*resource_limit\\s*,\\s*" + what + "\\s*,\\s*'?" + own + "'?\\s*}";
      if (Pattern.compile(alarm).matcher(term).find()) {
        found.add(what);
      }
    }
    return new RabbitAlarms(found, false, now + EACH_NANOS);
  }

  long dueAtNanos() {
    return asked ? Long.MAX_VALUE : atNanos;
  }
}
