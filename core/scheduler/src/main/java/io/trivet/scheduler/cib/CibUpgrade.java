package io.trivet.scheduler.cib;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Makes a CIB of an older release one of today: names of elements, attributes, options and roles.
/// Which schema a CIB follows is told by `validate-with`. Names that an old schema had with another
/// meaning, or that today's would not look at, are renamed for that schema only.
///
/// | since | what |
/// |---|---|
/// | any | `<master>` is a promotable `<clone>`; Master and Slave are Promoted and Unpromoted; options `stonith-…` are `fencing-…`; `score` of an order is its `kind` |
/// | before 3.0 | defaults among the cluster options are in `rsc_defaults` and `op_defaults`; `requires` of an operation is its resource's |
/// | before 1.0 | see [CibUpgradeFrom06] |
final class CibUpgrade {
  private static final Pattern SCHEMA =
      Pattern.compile("(?:pacemaker|transitional)-(\\d{1,4})\\.(\\d{1,4})");

  private final Element configuration;

  private CibUpgrade(Element configuration) {
    this.configuration = configuration;
  }

  static void upgrade(Element cib) {
    Element configuration = cib.child("configuration");
    if (configuration == null) {
      return;
    }
    int generation = generation(cib);
    if (generation < 100) {
      CibUpgradeFrom06.upgrade(cib, configuration);
    }
    CibUpgrade upgrade = new CibUpgrade(configuration);
    upgrade.clusterOptions();
    if (generation < 300) {
      upgrade.defaultsAmongOptions();
    }
    for (Element child : List.copyOf(configuration.children())) {
      if (!child.is("crm_config") && !child.is("nodes")) {
        upgrade.section(child, generation);
      }
    }
  }

  /// Major times 100 and minor of the schema: 206 for pacemaker-2.6. What names none is of today,
  /// unless it has what only the oldest one had.
  private static int generation(Element cib) {
    String name = cib.get("validate-with", "");
    Matcher schema = SCHEMA.matcher(name);
    if (schema.matches()) {
      return Integer.parseInt(schema.group(1)) * 100 + Integer.parseInt(schema.group(2));
    }
    boolean old = cib.get("have_quorum") != null || cib.get("dc_uuid") != null;
    return old && !name.startsWith("pacemaker") ? 6 : 400;
  }

  private void clusterOptions() {
    Element options = configuration.child("crm_config");
    if (options == null) {
      return;
    }
    SequencedSet<String> names = new LinkedHashSet<>();
    for (Element set : options.children("cluster_property_set")) {
      set.children("nvpair").forEach(p -> names.add(p.get("name", "")));
    }
    for (Element set : options.children("cluster_property_set")) {
      for (Element pair : set.children("nvpair")) {
        String name = pair.get("name", "");
        String today = optionName(name);
        if (!today.equals(name) && !names.contains(today)) {
          pair.set("name", today);
        }
        String value = pair.get("value", "").toLowerCase(Locale.ROOT);
        if (today.equals("no-quorum-policy") && value.equals("suicide")) {
          pair.set("value", "fence");
        } else if (today.equals("fencing-action") && value.equals("poweroff")) {
          pair.set("value", "off");
        }
      }
    }
  }

  private static String optionName(String name) {
    return switch (name) {
      case "stonith-enabled" -> "fencing-enabled";
      case "stonith-action" -> "fencing-action";
      case "stonith-timeout" -> "fencing-timeout";
      case "stonith-max-attempts" -> "fencing-max-attempts";
      case "stonith-watchdog-timeout" -> "fencing-watchdog-timeout";
      case "stop-orphan-resources" -> "stop-removed-resources";
      case "stop-orphan-actions" -> "cancel-removed-actions";
      default -> name;
    };
  }

  /// Options that are defaults of resources or operations today; a default that stands there
  /// already wins.
  private void defaultsAmongOptions() {
    Element options = configuration.child("crm_config");
    if (options == null) {
      return;
    }
    for (Element set : options.children("cluster_property_set")) {
      set.removeIf(this::movedToDefaults);
    }
  }

  private boolean movedToDefaults(Element pair) {
    return switch (pair.get("name", "")) {
      case "default-resource-stickiness" ->
          moveToDefaults(pair, "rsc_defaults", "resource-stickiness");
      case "default-migration-threshold" ->
          moveToDefaults(pair, "rsc_defaults", "migration-threshold");
      case "default-failure-timeout" -> moveToDefaults(pair, "rsc_defaults", "failure-timeout");
      case "is-managed-default" -> moveToDefaults(pair, "rsc_defaults", "is-managed");
      case "default-action-timeout" -> moveToDefaults(pair, "op_defaults", "timeout");
      default -> false;
    };
  }

  private boolean moveToDefaults(Element pair, String section, String name) {
    Element defaults = configuration.child(section);
    if (defaults == null) {
      defaults = configuration.add(new Element(section, pair.line(), pair.column()));
    }
    String id = section + "-from-options";
    Element target = defaults.child("meta_attributes", id);
    if (target == null) {
      target =
          defaults.add(
              new Element("meta_attributes", pair.line(), pair.column())
                  .set("id", id)
                  .set("score", "-INFINITY"));
    }
    target.add(pair.set("name", name));
    return true;
  }

  private void section(Element element, int generation) {
    for (String attribute : List.of("role", "rsc-role", "with-rsc-role")) {
      element.set(attribute, roleName(element.get(attribute)));
    }
    switch (element.name()) {
      case "meta_attributes" -> metaAttributes(element);
      case "rsc_order" -> orderKind(element);
      case "docker", "podman", "rkt" -> element.rename("masters", "promoted-max");
      default -> {
        // Nothing of its own.
      }
    }
    if (generation < 300) {
      requiresOfOperations(element);
    }
    element.replaceEach(c -> c.is("master") ? promotableClone(c) : c);
    for (Element child : element.children()) {
      section(child, generation);
    }
  }

  private static @Nullable String roleName(@Nullable String role) {
    if (role == null) {
      return null;
    }
    return switch (role.toLowerCase(Locale.ROOT)) {
      case "master" -> "Promoted";
      case "slave" -> "Unpromoted";
      default -> role;
    };
  }

  private static void metaAttributes(Element set) {
    for (Element pair : set.children("nvpair")) {
      switch (pair.get("name", "")) {
        case "master-max" -> pair.set("name", "promoted-max");
        case "master-node-max" -> pair.set("name", "promoted-node-max");
        case "target-role" -> pair.set("value", roleName(pair.get("value")));
        default -> {
          // As today.
        }
      }
    }
  }

  private static Element promotableClone(Element master) {
    Element clone = master.renamed("clone");
    Element set = new Element("meta_attributes", master.line(), master.column());
    set.set("id", master.id() + "-promotable").set("score", "INFINITY");
    set.add(
        new Element("nvpair", master.line(), master.column())
            .set("id", master.id() + "-promotable-value")
            .set("name", "promotable")
            .set("value", "true"));
    clone.addFirst(set);
    return clone;
  }

  private static void orderKind(Element order) {
    String score = order.get("score");
    if (score != null && order.get("kind") == null) {
      order.set("kind", score.strip().matches("[+-]?0+") ? "Optional" : "Mandatory");
    }
    order.set("score", null);
  }

  /// What an operation requires is what its resource requires; only starts were ever asked.
  private static void requiresOfOperations(Element resource) {
    Element operations = resource.child("operations");
    if (operations == null) {
      return;
    }
    for (Element operation : operations.children("op")) {
      String requires = operation.get("requires");
      operation.set("requires", null);
      if (requires != null && "start".equals(operation.get("name"))) {
        resource.add(meta(resource, "requires", requires));
      }
    }
  }

  /// A set of meta-attributes with that one pair, that all others win over.
  static Element meta(Element owner, String name, String value) {
    Element set = new Element("meta_attributes", owner.line(), owner.column());
    set.set("id", owner.id() + "-" + name).set("score", "-INFINITY");
    set.add(
        new Element("nvpair", owner.line(), owner.column())
            .set("id", owner.id() + "-" + name + "-value")
            .set("name", name)
            .set("value", value));
    return set;
  }
}
