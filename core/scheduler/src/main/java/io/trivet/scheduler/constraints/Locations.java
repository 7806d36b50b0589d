package io.trivet.scheduler.constraints;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.cib.IdRefs;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.LocationRule;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeAttributes;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.NodeScores.Probing;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Role;
import io.trivet.scheduler.model.Scores;
import io.trivet.scheduler.rules.RuleContext;
import io.trivet.scheduler.rules.Rules;
import io.trivet.scheduler.unpack.ResourceParameters;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Location constraints: scores of nodes for resources ("Pacemaker Explained", Deciding Which Nodes
/// a Resource Can Run On).
public final class Locations {
  private final Cluster cluster;
  private final References references;
  private final RuleContext context;

  Locations(Cluster cluster, References references) {
    this.cluster = cluster;
    this.references = references;
    this.context = RuleContext.at(cluster.now).within(cluster.cib);
  }

  /// Adds what a `rsc_location` says to the cluster.
  void unpack(Element configured) {
    Element constraint = references.expandSets(configured);
    if (constraint == null) {
      return;
    }
    if (constraint == configured) {
      constraint = resourceToSet(configured);
      if (constraint == null) {
        return;
      }
    }
    List<Element> sets = references.sets(constraint);
    if (sets == null) {
      return;
    }
    if (sets.isEmpty()) {
      simple(constraint);
    }
    for (Element set : sets) {
      if (!set(constraint, set)) {
        return;
      }
    }
  }

  private @Nullable Element resourceToSet(Element constraint) {
    String id = constraint.get("rsc");
    if (id == null || references.resource(id) != null) {
      return constraint;
    }
    if (references.members(id) == null) {
      ignored(constraint, "there is no resource, template or tag " + id);
      return null;
    }
    Element copy = References.shallowCopy(constraint);
    Element set = references.toSet(copy, "rsc", false);
    if (set != null && constraint.get("role") != null) {
      set.set("role", constraint.get("role"));
      copy.set("role", null);
    }
    return copy;
  }

  private boolean set(Element constraint, Element set) {
    for (Element ref : set.children("resource_ref")) {
      Resource resource = references.resource(ref.id());
      if (resource == null) {
        ignored(constraint, "there is no resource " + ref.id());
        return false;
      }
      forResource(constraint, resource, set.get("role"), set.get("score"), List.of());
    }
    return true;
  }

  private void simple(Element constraint) {
    Resource resource = references.resource(constraint.get("rsc"));
    if (resource != null) {
      forResource(constraint, resource, null, null, List.of());
    }
    String pattern = constraint.get("rsc-pattern");
    if (pattern != null) {
      matching(constraint, pattern);
    }
  }

  private void matching(Element constraint, String text) {
    boolean invert = text.startsWith("!");
    Pattern pattern;
    try {
      pattern = Pattern.compile(invert ? text.substring(1) : text);
    } catch (PatternSyntaxException e) {
      ignored(constraint, "the pattern is no regular expression: " + e.getDescription());
      return;
    }
    for (Resource resource : cluster.resources) {
      Matcher matcher = pattern.matcher(resource.id);
      boolean found = matcher.find();
      if (found != invert) {
        forResource(constraint, resource, null, null, invert ? List.of() : groups(matcher));
      }
    }
  }

  private static List<String> groups(Matcher matcher) {
    return java.util.stream.IntStream.rangeClosed(0, matcher.groupCount())
        .mapToObj(i -> matcher.group(i) == null ? "" : matcher.group(i))
        .toList();
  }

  private void forResource(
      Element constraint,
      Resource resource,
      @Nullable String roleOfSet,
      @Nullable String scoreOfSet,
      List<String> groups) {
    String score = scoreOfSet == null ? constraint.get("score") : scoreOfSet;
    String nodeName = constraint.get("node");
    Probing probing = probing(constraint);
    if (nodeName == null || score == null) {
      for (Element rule : constraint.children("rule")) {
        byRule(resource, IdRefs.resolve(rule, cluster.cib), probing, groups);
      }
      return;
    }
    String role = roleOfSet == null ? constraint.get("role") : roleOfSet;
    Node node = cluster.node(nodeName);
    if (node == null || unknownRole(role)) {
      ignored(constraint, node == null ? "there is no node " + nodeName : "no role is " + role);
      return;
    }
    LocationRule location =
        new LocationRule(
            constraint.id(), resource, effectiveRole(role), probing, constraint.line());
    location.nodes.add(new Candidate(node, Scores.parse(score, 0), Probing.ALWAYS));
    add(cluster, location);
  }

  private void byRule(Resource resource, Element rule, Probing probing, List<String> groups) {
    String role = rule.get("role");
    if (unknownRole(role)) {
      ignored(rule, "no role is " + role);
      return;
    }
    String score = rule.get("score");
    String attribute = score == null ? rule.get("score-attribute") : null;
    if (attribute != null && !groups.isEmpty()) {
      attribute = replaceGroups(attribute, groups);
    }
    LocationRule location =
        new LocationRule(rule.id(), resource, effectiveRole(role), probing, rule.line());
    boolean parameters = usesParameters(rule);
    for (Node node : cluster.nodes) {
      SequencedMap<String, String> known =
          parameters ? ResourceParameters.of(cluster, resource, node) : null;
      RuleContext about =
          new RuleContext(
              context.now(),
              node.attributes,
              known,
              resource.meta,
              null,
              null,
              groups,
              context.cib());
      if (Rules.passes(rule, about)) {
        int value =
            attribute == null
                ? Scores.parse(score, 0)
                : Scores.parse(attribute(resource, node, attribute), -Scores.INFINITY);
        location.nodes.add(new Candidate(node, value, Probing.ALWAYS));
      }
    }
    add(cluster, location);
  }

  private static @Nullable String attribute(Resource resource, Node node, String name) {
    return NodeAttributes.value(
        node, name, resource.meta("container-attribute-target"), NodeAttributes.Host.CURRENT);
  }

  private static boolean usesParameters(Element rule) {
    return "param".equals(rule.get("value-source"))
        || rule.children().stream().anyMatch(Locations::usesParameters);
  }

  private static String replaceGroups(String text, List<String> groups) {
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' && i + 1 < text.length() && Character.isDigit(text.charAt(i + 1))) {
        int group = text.charAt(++i) - '0';
        result.append(group < groups.size() ? groups.get(group) : "");
      } else {
        result.append(c);
      }
    }
    return result.toString();
  }

  private static Probing probing(Element constraint) {
    String mode = constraint.get("resource-discovery");
    return switch (mode == null ? "always" : mode.toLowerCase(Locale.ROOT)) {
      case "never" -> Probing.NEVER;
      case "exclusive" -> Probing.EXCLUSIVE;
      default -> Probing.ALWAYS;
    };
  }

  private static boolean unknownRole(@Nullable String role) {
    return role != null && Role.parse(role) == null;
  }

  /// Whatever is promoted was started and unpromoted before, so a constraint for these roles is one
  /// for every role.
  private static @Nullable Role effectiveRole(@Nullable String text) {
    Role role = Role.parse(text);
    return role == Role.STARTED || role == Role.UNPROMOTED ? null : role;
  }

  /// Registers a location constraint with the cluster and its resource.
  static void add(Cluster cluster, LocationRule location) {
    if (location.probing == Probing.EXCLUSIVE) {
      location.resource.set(Resource.Flag.EXCLUSIVE_DISCOVERY, true);
    }
    cluster.locations.add(location);
    location.resource.locations.add(location);
  }

  private void ignored(Element constraint, String why) {
    cluster.warnings.add("Constraint " + constraint.id() + " is ignored: " + why);
  }
}
