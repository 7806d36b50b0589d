package io.trivet.scheduler.live;

import io.trivet.scheduler.actions.Digests;
import io.trivet.scheduler.cib.Element;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A cluster file together with a state that was recorded: what would be done if this file were
/// applied to a cluster in that state.
public final class RecordedState {
  private RecordedState() {}

  /// The configuration of one CIB with the state of another one. Of the recorded one count the
  /// status, standby, quorum, leader, time, and the locations that follow from the state, where
  /// their resource still is.
  ///
  /// @param configured a cluster file as [ClusterCib] writes it
  /// @param recorded what `trivet simulate --save` wrote
  /// @return a new CIB; both others stay as they are
  public static Element under(Element configured, Element recorded) {
    Element cib = configured.copy();
    for (String attribute : List.of("have-quorum", "dc-uuid", "execution-date")) {
      if (recorded.get(attribute) != null) {
        cib.set(attribute, recorded.get(attribute));
      }
    }
    standby(section(cib, "nodes"), section(recorded, "nodes"));
    locations(cib, section(recorded, "constraints"));
    cib.removeAll("status");
    Element status = recorded.child("status");
    if (status != null) {
      cib.add(withDigests(status.copy(), digests(section(cib, "resources"))));
    }
    return cib;
  }

  private static @Nullable Element section(Element cib, String name) {
    Element configuration = cib.child("configuration");
    return configuration == null ? null : configuration.child(name);
  }

  private static void standby(@Nullable Element nodes, @Nullable Element recorded) {
    if (nodes == null || recorded == null) {
      return;
    }
    for (Element node : nodes.children("node")) {
      Element was = recorded.child("node", node.id());
      if (was != null) {
        node.removeAll("instance_attributes");
        was.children("instance_attributes").forEach(a -> node.add(a.copy()));
      }
    }
  }

  private static void locations(Element cib, @Nullable Element recorded) {
    Element constraints = section(cib, "constraints");
    if (constraints == null || recorded == null) {
      return;
    }
    constraints.removeAll("rsc_location");
    TreeSet<String> known = new TreeSet<>();
    ids(section(cib, "resources"), known);
    recorded.children("rsc_location").stream()
        .filter(l -> known.contains(l.get("rsc", "")))
        .forEach(l -> constraints.add(l.copy()));
  }

  private static void ids(@Nullable Element element, SortedSet<String> ids) {
    if (element == null) {
      return;
    }
    ids.add(element.id());
    element.children().forEach(child -> ids(child, ids));
  }

  /// Primitive → digest of its parameters. A changed parameter is for the agents to carry out, and
  /// no reason to restart anything.
  private static SortedMap<String, String> digests(@Nullable Element resources) {
    SortedMap<String, String> digests = new TreeMap<>();
    if (resources != null) {
      collect(resources, digests);
    }
    return digests;
  }

  private static void collect(Element element, SortedMap<String, String> digests) {
    if (element.is("primitive")) {
      TreeMap<String, String> parameters = new TreeMap<>();
      element
          .children("instance_attributes")
          .forEach(
              set ->
                  set.children("nvpair")
                      .forEach(p -> parameters.put(p.get("name", ""), p.get("value", ""))));
      digests.put(element.id(), Digests.digest(parameters));
    }
    element.children().forEach(child -> collect(child, digests));
  }

  private static Element withDigests(Element element, SortedMap<String, String> digests) {
    String digest = element.is("lrm_resource") ? digests.get(element.id()) : null;
    if (digest != null) {
      element.children("lrm_rsc_op").forEach(op -> op.set("op-digest", digest));
    }
    element.children().forEach(child -> withDigests(child, digests));
    return element;
  }
}
