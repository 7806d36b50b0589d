package io.trivet.cluster.expand;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;

/// A [Configuration] as text for people: one element a line, in columns, each with the reason for
/// its existence after `#`.
public final class ConfigurationText {
  private final StringBuilder out = new StringBuilder();

  private ConfigurationText() {}

  /// A line: what it is, how it is, why it is; details of the line above have no reason of their
  /// own.
  private record Line(String what, String how, String why) {}

  /// The text, with a line feed at the end of each line.
  public static String of(Configuration configuration) {
    ConfigurationText text = new ConfigurationText();
    text.section("nodes", configuration.nodes().stream().map(ConfigurationText::node).toList());
    text.section(
        "properties",
        configuration.properties().stream()
            .map(p -> new Line(p.name(), p.value(), p.reason()))
            .toList());
    List<Line> resources = new ArrayList<>();
    configuration.resources().forEach(r -> add(resources, r, ""));
    text.section("resources", resources);
    text.section(
        "constraints",
        configuration.constraints().stream().map(ConfigurationText::constraint).toList());
    return text.out.toString();
  }

  private static Line node(Configuration.Node node) {
    return new Line(
        node.name(),
        node.address().toString(),
        node.witness() ? "it votes and runs nothing" : "it votes and runs services");
  }

  private static void add(List<Line> lines, Resource resource, String indent) {
    switch (resource) {
      case Resource.Primitive p -> {
        lines.add(new Line(indent + "primitive " + p.id(), p.agent().toString(), p.reason()));
        String details = (pairs(p.parameters()) + meta(p.meta())).strip();
        if (!details.isEmpty()) {
          lines.add(new Line("", details, ""));
        }
      }
      case Resource.Group g -> {
        lines.add(new Line(indent + "group " + g.id(), "", g.reason()));
        g.members().forEach(m -> add(lines, m, indent + "  "));
      }
      case Resource.Clone c -> {
        String how =
            "clone-max="
                + c.max()
                + " clone-min="
                + c.min()
                + (c.interleave() ? " interleave" : "")
                + (c.promotable() ? " promotable" : "");
        lines.add(new Line(indent + "clone " + c.id(), how, c.reason()));
        add(lines, c.of(), indent + "  ");
      }
    }
  }

  private static String pairs(SortedMap<String, String> pairs) {
    return pairs.entrySet().stream()
        .map(e -> e.getKey() + "=" + quoted(e.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String meta(SortedMap<String, String> meta) {
    return meta.isEmpty() ? "" : " meta " + pairs(meta);
  }

  private static String quoted(String value) {
    return value.isEmpty() || value.contains(" ") || value.contains("#")
        ? "\"" + value + "\""
        : value;
  }

  private static Line constraint(Constraint constraint) {
    return switch (constraint) {
      case Constraint.Order o -> {
        String first = action(o.firstAction()) + o.first();
        String then = action(o.thenAction()) + o.then();
        String way = o.firstAction() == Constraint.Action.START ? ", start only)" : ", stop only)";
        String how = " (" + word(o.kind()) + (o.symmetrical() ? ", stop in reverse)" : way);
        yield new Line("order", first + " then " + then + how, o.reason());
      }
      case Constraint.Colocation c ->
          new Line(
              "colocation",
              c.resource()
                  + role(c.role())
                  + " with "
                  + c.with()
                  + role(c.withRole())
                  + ", score "
                  + c.score(),
              c.reason());
      case Constraint.Location l ->
          new Line(
              "location",
              l.resource() + role(l.role()) + " on " + l.node() + ", score " + l.score(),
              l.reason());
    };
  }

  /// The ordinary action goes without saying.
  private static String action(Constraint.Action action) {
    return action == Constraint.Action.START ? "" : word(action) + " ";
  }

  /// The ordinary role goes without saying.
  private static String role(Role role) {
    return role == Role.STARTED ? "" : " (" + word(role) + ")";
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private void section(String title, List<Line> lines) {
    if (lines.isEmpty()) {
      return;
    }
    int what = lines.stream().mapToInt(l -> l.what.length()).max().orElse(0);
    int how =
        lines.stream().filter(l -> !l.why.isEmpty()).mapToInt(l -> l.how.length()).max().orElse(0);
    out.append(out.isEmpty() ? "" : "\n").append(title).append('\n');
    for (Line line : lines) {
      String start = "  " + padded(line.what, what) + "  ";
      String end = line.why.isEmpty() ? line.how : padded(line.how, how) + "  # " + line.why;
      out.append(start).append(end).append('\n');
    }
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
