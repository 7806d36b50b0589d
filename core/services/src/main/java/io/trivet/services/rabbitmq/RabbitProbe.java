package io.trivet.services.rabbitmq;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the files in which RabbitMQ notes the nodes that it knows, as Erlang terms:
/// `{[rabbit@c1,rabbit@c2],[rabbit@c1]}.` (members, and those of them on disk) and `[rabbit@c1].`
/// (running). Atoms may be quoted.
public final class RabbitProbe {
  private static final Pattern LIST = Pattern.compile("\\[([^\\[\\]]*)]");
  private static final Pattern NODE =
      Pattern.compile("'?rabbit@([a-z0-9][a-z0-9-]{0,62})(?:\\.[a-z0-9.-]{1,200})?'?");

  private RabbitProbe() {}

  /// Controllers in `cluster_nodes.config`; null if it cannot be read.
  public static @Nullable List<String> members(String text) {
    String term = text.strip();
    if (!term.startsWith("{") || !term.endsWith("}.")) {
      return null;
    }
    return firstList(term);
  }

  /// Controllers in `nodes_running_at_shutdown`; null if it cannot be read.
  public static @Nullable List<String> running(String text) {
    String term = text.strip();
    if (!term.startsWith("[") || !term.endsWith("].")) {
      return null;
    }
    return firstList(term);
  }

  private static @Nullable List<String> firstList(String term) {
    Matcher list = LIST.matcher(term);
    if (!list.find()) {
      return null;
    }
    List<String> names = new ArrayList<>();
    for (String atom : list.group(1).split(",", -1)) {
      if (atom.isBlank()) {
        continue;
      }
      Matcher node = NODE.matcher(atom.strip());
      if (!node.matches() || names.contains(node.group(1))) {
        return null;
      }
      names.add(node.group(1));
    }
    return List.copyOf(names);
  }
}
