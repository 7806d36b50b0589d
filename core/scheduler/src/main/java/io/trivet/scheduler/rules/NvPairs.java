package io.trivet.scheduler.rules;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.cib.IdRefs;
import io.trivet.scheduler.model.Scores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Sets of name-value pairs (`meta_attributes`, `instance_attributes`, `utilization`,
/// `cluster_property_set`): those whose rules hold, in the order of their scores, the first value
/// of a name winning.
public final class NvPairs {
  /// The set of cluster options that wins over all others, whatever their scores.
  private static final String BOOTSTRAP_OPTIONS = "cib-bootstrap-options";

  private NvPairs() {}

  /// The values of all sets of that name that stand directly in the owner.
  ///
  /// @param owner a resource, a node, `op`, `rsc_defaults`, `crm_config`, …
  /// @param setName such as `meta_attributes`
  /// @param cibRoot where references lead
  public static SequencedMap<String, String> unpack(
      Element owner, String setName, RuleContext context, Element cibRoot) {
    SequencedMap<String, String> values = new LinkedHashMap<>();
    addTo(values, owner, setName, context, cibRoot);
    return values;
  }

  /// As [#unpack], into a map whose values win over those of the sets.
  public static void addTo(
      SequencedMap<String, String> values,
      Element owner,
      String setName,
      RuleContext context,
      Element cibRoot) {
    List<Element> sets = sets(owner, setName, cibRoot);
    if (sets.isEmpty()) {
      return;
    }
    RuleContext inCib = context.within(cibRoot);
    for (Element set : sets) {
      if (Rules.anyPasses(set, inCib)) {
        for (Element child : set.children()) {
          if (child.is("nvpair")) {
            pair(values, child, cibRoot);
          }
        }
      }
    }
  }

  /// The sets of that name in the owner, references followed, the one that wins first.
  public static List<Element> sets(Element owner, String setName, Element cibRoot) {
    List<Element> sets = new ArrayList<>();
    for (Element child : owner.children()) {
      if (child.is(setName)) {
        sets.add(IdRefs.resolve(child, cibRoot));
      }
    }
    if (sets.size() > 1) {
      boolean options = setName.equals("cluster_property_set");
      sets.sort(Comparator.comparingInt(s -> -rank(s, options)));
    }
    return sets;
  }

  private static int rank(Element set, boolean options) {
    return options && set.id().equals(BOOTSTRAP_OPTIONS)
        ? Integer.MAX_VALUE
        : Scores.parse(set.get("score"), 0);
  }

  /// A pair may be a reference, with or without another name. `#default` means that nothing is set.
  private static void pair(SequencedMap<String, String> values, Element child, Element cibRoot) {
    Element pair = IdRefs.resolve(child, cibRoot);
    String name = child.get("name", pair.get("name", ""));
    String value = pair.get("value");
    if (!name.isEmpty() && value != null && !value.equalsIgnoreCase("#default")) {
      values.putIfAbsent(name, value);
    }
  }
}
