package io.trivet.scheduler.cib;

import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// From the schema of Heartbeat 2 and Pacemaker 0.6 to that of 1.0.
///
/// | then | now |
/// |---|---|
/// | `<attributes>` around name-value pairs | nothing around them |
/// | names with `_` | names with `-` |
/// | meta-attributes as attributes of a resource, or among its instance attributes | in `meta_attributes` |
/// | `<master_slave>` | `<master>` |
/// | order `from`, `to`, `type`; colocation `from`, `to` | `first`, `then`; `rsc`, `with-rsc` |
/// | `disabled`, `prereq` of an operation | `enabled`, `requires` |
final class CibUpgradeFrom06 {
  private static final List<String> RESOURCES =
      List.of("primitive", "group", "clone", "master", "master_slave");

  private static final List<String> META =
      List.of(
          "allow-migrate",
          "clone-max",
          "clone-node-max",
          "collocated",
          "failure-timeout",
          "globally-unique",
          "interleave",
          "is-managed",
          "master-max",
          "master-node-max",
          "migration-threshold",
          "multiple-active",
          "notify",
          "ordered",
          "priority",
          "resource-failure-stickiness",
          "resource-stickiness",
          "restart-type",
          "target-role");

  private CibUpgradeFrom06() {}

  static void upgrade(Element cib, Element configuration) {
    cib.rename("have_quorum", "have-quorum");
    cib.rename("dc_uuid", "dc-uuid");
    flatten(cib);
    Element options = configuration.child("crm_config");
    if (options != null) {
      options(options);
    }
    Element resources = configuration.child("resources");
    if (resources != null) {
      resources(resources);
    }
    Element constraints = configuration.child("constraints");
    if (constraints != null) {
      constraints.children().forEach(CibUpgradeFrom06::constraint);
    }
    Element nodes = configuration.child("nodes");
    if (nodes != null) {
      nodes.children("node").stream()
          .filter(n -> "normal".equals(n.get("type")))
          .forEach(n -> n.set("type", "member"));
    }
    Element status = cib.child("status");
    if (status != null) {
      status(status);
    }
  }

  /// Takes `<attributes>` away and leaves what is in it.
  private static void flatten(Element element) {
    element.unwrap(c -> c.is("attributes"));
    element.children().forEach(CibUpgradeFrom06::flatten);
  }

  /// Options were allowed without a set around them.
  private static void options(Element options) {
    List<Element> bare = options.children("nvpair");
    if (!bare.isEmpty()) {
      Element set =
          new Element("cluster_property_set", options.line(), options.column())
              .set("id", "cluster-options");
      bare.forEach(set::add);
      options.removeAll("nvpair");
      options.add(set);
    }
    for (Element set : options.children("cluster_property_set")) {
      for (Element pair : set.children("nvpair")) {
        pair.set("name", optionName(hyphens(pair.get("name", ""))));
      }
    }
  }

  private static String optionName(String name) {
    return name.equals("transition-idle-timeout") ? "cluster-delay" : name;
  }

  private static void resources(Element parent) {
    parent.replaceEach(c -> c.is("master_slave") ? c.renamed("master") : c);
    for (Element resource : parent.children()) {
      if (!RESOURCES.contains(resource.name())) {
        continue;
      }
      attributesToMeta(resource);
      parametersToMeta(resource);
      Element operations = resource.child("operations");
      if (operations != null) {
        operations.children("op").forEach(CibUpgradeFrom06::operation);
      }
      resources(resource);
    }
  }

  private static void attributesToMeta(Element resource) {
    for (String name : List.copyOf(resource.attributes().sequencedKeySet())) {
      String value = resource.get(name);
      String today = hyphens(name);
      if (META.contains(today) && value != null) {
        resource.set(name, null);
        resource.add(CibUpgrade.meta(resource, today, value));
      }
    }
  }

  /// A set that holds both kinds becomes two with the same rules, so that both count under the same
  /// conditions.
  private static void parametersToMeta(Element resource) {
    for (Element set : resource.children("meta_attributes")) {
      set.children("nvpair").forEach(p -> p.set("name", hyphens(p.get("name", ""))));
    }
    for (Element set : resource.children("instance_attributes")) {
      Element meta =
          new Element("meta_attributes", set.line(), set.column())
              .set("id", set.id() + "-meta")
              .set("score", set.get("score"));
      for (Element pair : set.children("nvpair")) {
        if (isMeta(pair)) {
          meta.add(pair);
        }
      }
      set.removeIf(CibUpgradeFrom06::isMeta);
      meta.children().forEach(p -> p.set("name", hyphens(p.get("name"))));
      if (!meta.children().isEmpty()) {
        set.children("rule").forEach(r -> meta.add(r.copy()));
        resource.add(meta);
      }
    }
  }

  private static boolean isMeta(Element pair) {
    return pair.is("nvpair") && META.contains(hyphens(pair.get("name")));
  }

  private static void operation(Element operation) {
    operation.rename("on_fail", "on-fail");
    operation.rename("start_delay", "start-delay");
    operation.rename("interval_origin", "interval-origin");
    operation.rename("prereq", "requires");
    String disabled = operation.get("disabled");
    if (disabled != null) {
      boolean enabled = disabled.equalsIgnoreCase("false") || disabled.equalsIgnoreCase("no");
      operation.set("disabled", null).set("enabled", Boolean.toString(enabled));
    }
  }

  private static void constraint(Element constraint) {
    switch (constraint.name()) {
      case "rsc_order" -> order(constraint);
      case "rsc_colocation" -> {
        constraint.rename("from", "rsc");
        constraint.rename("to", "with-rsc");
        constraint.rename("from_role", "rsc-role");
        constraint.rename("to_role", "with-rsc-role");
        constraint.set("symmetrical", null);
      }
      default -> {
        // The same in both.
      }
    }
    rules(constraint);
  }

  /// `from` comes after `to`, unless its type is `before`.
  private static void order(Element order) {
    String from = order.get("from");
    String to = order.get("to");
    if (from == null || to == null) {
      return;
    }
    boolean before = "before".equals(order.get("type"));
    String action = order.get("action");
    String toAction = order.get("to_action") == null ? action : order.get("to_action");
    for (String name : List.of("from", "to", "type", "action", "to_action")) {
      order.set(name, null);
    }
    order.set("first", before ? from : to).set("then", before ? to : from);
    order.set("first-action", before ? action : toAction);
    order.set("then-action", before ? toAction : action);
  }

  private static void rules(Element element) {
    element.rename("score_attribute", "score-attribute");
    element.rename("boolean_op", "boolean-op");
    element.children().forEach(CibUpgradeFrom06::rules);
  }

  private static void status(Element element) {
    if (element.is("lrm_rsc_op")) {
      SequencedMap<String, String> renamed = new TreeMap<>();
      for (String name : element.attributes().sequencedKeySet()) {
        if (name.indexOf('_') >= 0 && !name.equals("crm_feature_set")) {
          renamed.put(name, hyphens(name));
        }
      }
      renamed.forEach(element::rename);
    }
    element.children().forEach(CibUpgradeFrom06::status);
  }

  private static String hyphens(@Nullable String name) {
    return name == null ? "" : name.replace('_', '-');
  }
}
