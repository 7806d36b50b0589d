package io.trivet.scheduler.cib;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An element of a CIB: a name, attributes and children in their order, and the line it came from.
/// Text between elements means nothing in a CIB and is not kept.
public final class Element {
  private final String name;
  private final int line;
  private final int column;
  private final SequencedMap<String, String> attributes = new LinkedHashMap<>();
  private final List<Element> children = new ArrayList<>();
  private @Nullable SequencedMap<String, Element> configured;

  /// @param line where it stands in its file, from 1; 0 where it was made here
  /// @param column where its `<` stands in that line, from 1; 0 where it was made here
  public Element(String name, int line, int column) {
    this.name = name;
    this.line = line;
    this.column = column;
  }

  public Element(String name, int line) {
    this(name, line, 0);
  }

  public Element(String name) {
    this(name, 0);
  }

  public String name() {
    return name;
  }

  public boolean is(String wanted) {
    return name.equals(wanted);
  }

  public int line() {
    return line;
  }

  public int column() {
    return column;
  }

  public @Nullable String get(String attribute) {
    return attributes.get(attribute);
  }

  public String get(String attribute, String otherwise) {
    String value = attributes.get(attribute);
    return value == null ? otherwise : value;
  }

  /// The attribute `id`, or the empty string.
  public String id() {
    return get("id", "");
  }

  /// Sets the attribute; null takes it away.
  ///
  /// @return this
  public Element set(String attribute, @Nullable String value) {
    if (value == null) {
      attributes.remove(attribute);
    } else {
      attributes.put(attribute, value);
    }
    return this;
  }

  public SequencedMap<String, String> attributes() {
    return Collections.unmodifiableSequencedMap(attributes);
  }

  public List<Element> children() {
    return Collections.unmodifiableList(children);
  }

  /// The children of that name, in order.
  public List<Element> children(String childName) {
    List<Element> found = new ArrayList<>();
    for (Element child : children) {
      if (child.name.equals(childName)) {
        found.add(child);
      }
    }
    return found;
  }

  /// The first child of that name, or null.
  public @Nullable Element child(String childName) {
    for (Element child : children) {
      if (child.name.equals(childName)) {
        return child;
      }
    }
    return null;
  }

  /// The first child of that name and id, or null.
  public @Nullable Element child(String childName, String id) {
    for (Element child : children) {
      if (child.name.equals(childName) && id.equals(child.get("id"))) {
        return child;
      }
    }
    return null;
  }

  /// The element with that id below `configuration`, or null; asked of the root. Nodes and
  /// references are not looked for. The index is made once: ids in the configuration must not
  /// change later.
  @Nullable Element configured(String id) {
    if (configured == null) {
      configured = new LinkedHashMap<>();
      Element configuration = child("configuration");
      if (configuration != null) {
        index(configuration, configured);
      }
    }
    return configured.get(id);
  }

  private static void index(Element element, SequencedMap<String, Element> into) {
    String id = element.get("id");
    if (id != null && !element.is("node") && !element.name.endsWith("_ref")) {
      into.putIfAbsent(id, element);
    }
    element.children.forEach(c -> index(c, into));
  }

  /// @return the child
  public Element add(Element child) {
    children.add(child);
    return child;
  }

  public void addFirst(Element child) {
    children.addFirst(child);
  }

  /// Puts what the function gives in the place of each child.
  void replaceEach(UnaryOperator<Element> other) {
    children.replaceAll(other);
  }

  void removeIf(Predicate<Element> unwanted) {
    children.removeIf(unwanted);
  }

  /// Puts the children of those that are unwanted in their place.
  void unwrap(Predicate<Element> unwanted) {
    if (children.stream().anyMatch(unwanted)) {
      List<Element> old = new ArrayList<>(children);
      children.clear();
      old.forEach(c -> children.addAll(unwanted.test(c) ? c.children : List.of(c)));
    }
  }

  /// An element of another name with the same attributes and children, where this one stands.
  Element renamed(String newName) {
    Element other = new Element(newName, line, column);
    other.attributes.putAll(attributes);
    other.children.addAll(children);
    return other;
  }

  /// Renames the attribute in its place, unless there is one of the new name: then it goes.
  void rename(String attribute, String newName) {
    if (!attributes.containsKey(attribute)) {
      return;
    }
    SequencedMap<String, String> old = new LinkedHashMap<>(attributes);
    attributes.clear();
    old.forEach(
        (name, value) -> {
          if (!name.equals(attribute)) {
            attributes.put(name, value);
          } else if (!old.containsKey(newName)) {
            attributes.put(newName, value);
          }
        });
  }

  public void remove(Element child) {
    children.remove(child);
  }

  public void removeAll(String childName) {
    children.removeIf(c -> c.name.equals(childName));
  }

  /// A copy of it and of all below it.
  public Element copy() {
    Element copy = new Element(name, line, column);
    copy.attributes.putAll(attributes);
    children.forEach(c -> copy.children.add(c.copy()));
    return copy;
  }

  /// As errors name it: `<primitive id=vip>`.
  @Override
  public String toString() {
    String id = get("id");
    return "<"
        + name
        + (id == null ? "" : " id=" + id.substring(0, Math.min(80, id.length())))
        + ">";
  }
}
