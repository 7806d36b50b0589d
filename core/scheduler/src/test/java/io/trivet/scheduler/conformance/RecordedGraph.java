package io.trivet.scheduler.conformance;

import io.trivet.scheduler.graph.Graph;
import io.trivet.scheduler.model.Action;
import io.trivet.scheduler.model.Node;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/// A transition graph in a form that can be compared: actions in their order, each by its key and
/// node, with the numbers of those before it.
record RecordedGraph(List<Entry> entries) {
  /// @param id the action's number
  /// @param name key and node
  record Entry(int id, String name, int priority, List<Integer> inputs) {}

  static RecordedGraph parse(String xml) {
    List<Entry> entries = new ArrayList<>();
    NodeList synapses = document(xml).getElementsByTagName("synapse");
    for (int i = 0; i < synapses.getLength(); i++) {
      Element synapse = (Element) synapses.item(i);
      Element action = firstElement((Element) synapse.getElementsByTagName("action_set").item(0));
      List<Integer> inputs = new ArrayList<>();
      NodeList triggers = synapse.getElementsByTagName("trigger");
      for (int t = 0; t < triggers.getLength(); t++) {
        inputs.add(Integer.parseInt(firstElement((Element) triggers.item(t)).getAttribute("id")));
      }
      String priority = synapse.getAttribute("priority");
      entries.add(
          new Entry(
              Integer.parseInt(action.getAttribute("id")),
              name(action),
              priority.isEmpty() ? 0 : Integer.parseInt(priority),
              inputs));
    }
    return new RecordedGraph(entries);
  }

  static RecordedGraph of(Graph graph) {
    List<Entry> entries = new ArrayList<>();
    for (Graph.Synapse synapse : graph.synapses()) {
      Action action = synapse.action();
      entries.add(
          new Entry(
              action.id,
              name(action),
              synapse.priority(),
              synapse.inputs().stream().map(a -> a.id).toList()));
    }
    return new RecordedGraph(entries);
  }

  /// Actions by name with the names of those before them, both sorted.
  String byName() {
    Map<Integer, String> names = names();
    StringBuilder text = new StringBuilder();
    entries.stream()
        .map(e -> line(e, e.inputs.stream().map(i -> names.getOrDefault(i, "?" + i)).sorted()))
        .sorted()
        .forEach(l -> text.append(l).append('\n'));
    return text.toString();
  }

  /// Actions in their order, with numbers.
  String inOrder() {
    Map<Integer, String> names = names();
    StringBuilder text = new StringBuilder();
    for (Entry e : entries) {
      text.append("#").append(e.id).append(' ');
      text.append(line(e, e.inputs.stream().map(i -> "#" + i + " " + names.getOrDefault(i, "?"))));
      text.append('\n');
    }
    return text.toString();
  }

  private static String line(Entry entry, java.util.stream.Stream<String> inputs) {
    return entry.name
        + (entry.priority == 0 ? "" : " (" + entry.priority + ")")
        + inputs.map(i -> "\n    " + i).collect(java.util.stream.Collectors.joining());
  }

  private Map<Integer, String> names() {
    Map<Integer, String> names = new LinkedHashMap<>();
    entries.forEach(e -> names.put(e.id, e.name));
    return names;
  }

  /// The recorded execution is a valid one for this graph: each action is in it, and comes after
  /// those that have to come before it as far as they were executed.
  boolean allows(List<Action> executed) {
    Map<String, Integer> placeOf = new LinkedHashMap<>();
    for (Action action : executed) {
      placeOf.put(name(action), placeOf.size());
    }
    Map<Integer, String> names = names();
    if (!names.values().containsAll(placeOf.keySet())) {
      return false;
    }
    for (Entry entry : entries) {
      Integer place = placeOf.get(entry.name);
      for (int input : entry.inputs) {
        Integer before = placeOf.get(names.getOrDefault(input, ""));
        if (place != null && (before == null || before > place)) {
          return false;
        }
      }
    }
    return true;
  }

  private static String name(Element action) {
    String key = action.getAttribute("internal_operation_key");
    if (key.isEmpty()) {
      key = action.getAttribute("operation_key");
    }
    boolean pseudo = action.getTagName().equals("pseudo_event");
    String node = pseudo ? "" : action.getAttribute("on_node");
    return name(action.getAttribute("operation"), key, node);
  }

  private static String name(Action action) {
    Node node = action.is(Action.Flag.PSEUDO) ? null : action.node;
    return name(action.task, action.key, node == null ? "" : node.name);
  }

  private static String name(String task, String key, String node) {
    return (task.equals("cancel") ? "cancel " : "") + key + (node.isEmpty() ? "" : " on " + node);
  }

  private static Element firstElement(Element parent) {
    for (org.w3c.dom.Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element element) {
        return element;
      }
    }
    throw new IllegalStateException("No element in " + parent.getTagName());
  }

  private static Element document(String xml) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return factory
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(xml)))
          .getDocumentElement();
    } catch (ParserConfigurationException | SAXException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
