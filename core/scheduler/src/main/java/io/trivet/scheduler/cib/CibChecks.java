package io.trivet.scheduler.cib;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What has to be true of every CIB before anything else is looked at: it has a configuration, ids
/// in it are unique, references lead somewhere.
final class CibChecks {
  /// Elements whose `id` names something else, or is unique among its own only.
  private static final List<String> NO_ID_OF_THEIR_OWN =
      List.of("obj_ref", "resource_ref", "node", "role", "role_ref");

  /// What other things refer to by id, and people too.
  private static final List<String> NEED_AN_ID =
      List.of(
          "node",
          "primitive",
          "group",
          "clone",
          "master",
          "master_slave",
          "bundle",
          "template",
          "tag",
          "rsc_location",
          "rsc_colocation",
          "rsc_order",
          "rsc_ticket");

  private final String file;
  private final SequencedMap<String, Element> byId = new LinkedHashMap<>();
  private final SequencedMap<String, Element> nodes = new LinkedHashMap<>();

  private CibChecks(String file) {
    this.file = file;
  }

  static void check(String file, Element cib) {
    Element configuration = cib.child("configuration");
    if (configuration == null) {
      throw CibException.at(file, cib, "has no <configuration>; there is nothing to plan");
    }
    CibChecks checks = new CibChecks(file);
    checks.collect(configuration);
    checks.references(configuration);
  }

  private void collect(Element element) {
    String id = element.get("id");
    if ((id == null || id.isBlank()) && NEED_AN_ID.contains(element.name())) {
      throw CibException.at(file, element, "has no id; give it one that is unique");
    }
    if (id != null && !NO_ID_OF_THEIR_OWN.contains(element.name())) {
      unique(byId, id, element);
    } else if (id != null && element.is("node")) {
      unique(nodes, id, element);
    }
    element.children().forEach(this::collect);
  }

  private void unique(SequencedMap<String, Element> seen, String id, Element element) {
    @Nullable Element other = seen.putIfAbsent(id, element);
    if (other != null) {
      throw CibException.at(
          file,
          element,
          "the id is in use already by the <"
              + other.name()
              + "> in line "
              + other.line()
              + "; ids are unique");
    }
  }

  private void references(Element element) {
    String reference = element.get("id-ref");
    if (reference != null) {
      Element target = byId.get(reference);
      if (target == null || !target.is(element.name())) {
        throw CibException.at(
            file,
            element,
            "id-ref=\"" + reference + "\" names no <" + element.name() + "> of this CIB");
      }
      if (target.get("id-ref") != null) {
        throw CibException.at(
            file, element, "id-ref=\"" + reference + "\" names what is itself a reference");
      }
    }
    element.children().forEach(this::references);
  }
}
