package io.trivet.scheduler.fuzz;

import io.trivet.scheduler.cib.CibWriter;
import io.trivet.scheduler.cib.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Makes a wrong CIB of a right one; the same seed makes the same one.
final class Mutation {
  private static final List<String> VALUES =
      List.of(
          "",
          " ",
          "0",
          "-1",
          "1",
          "7",
          "2147483648",
          "99999999999999999999",
          "-99999999999999999999",
          "1.5",
          "INFINITY",
          "-INFINITY",
          "true",
          "false",
          "yes",
          "#default",
          "Promoted",
          "Master",
          "Stopped",
          "Started",
          "start",
          "stop",
          "promote",
          "monitor",
          "PT99999999999H",
          "P",
          "10s",
          "-5min",
          "2026-99-99",
          "*",
          "%1",
          "(",
          "a:0",
          ":",
          "&<>\"'\t\n",
          "\u00e4\u20ac\ud83d\ude00",
          "0:0;0:0:0:0",
          ";;;:::");

  private final Random chance;
  private final List<Element> elements = new ArrayList<>();
  private final List<Element> parents = new ArrayList<>();

  private Mutation(Random chance) {
    this.chance = chance;
  }

  /// @param cib is changed
  /// @return XML, one in ten times not even well-formed
  static String of(Element cib, long seed) {
    Mutation mutation = new Mutation(new Random(seed));
    int changes = 1 + mutation.chance.nextInt(8);
    for (int i = 0; i < changes; i++) {
      mutation.elements.clear();
      mutation.parents.clear();
      mutation.collect(cib, cib);
      mutation.change();
    }
    String xml = CibWriter.write(cib);
    return mutation.chance.nextInt(10) == 0 ? mutation.broken(xml) : xml;
  }

  private void collect(Element element, Element parent) {
    elements.add(element);
    parents.add(parent);
    element.children().forEach(c -> collect(c, element));
  }

  private int any() {
    return chance.nextInt(elements.size());
  }

  private void change() {
    int at = any();
    Element element = elements.get(at);
    switch (chance.nextInt(13)) {
      case 0 -> parents.get(at).remove(element);
      case 1 -> parents.get(at).add(freshIds(element.copy()));
      case 2 -> move(element, at);
      case 3 -> rename(element);
      case 4 -> without(element);
      case 5 -> swap(element, elements.get(any()));
      case 6 -> borrow(element, elements.get(any()));
      case 7, 8, 9, 10 -> rewire(element);
      case 11 -> value(elements.getFirst());
      default -> value(element);
    }
  }

  /// A copy has ids of its own, so that it is looked at further than its ids.
  private Element freshIds(Element element) {
    String id = element.get("id");
    if (id != null && chance.nextInt(4) > 0) {
      element.set("id", id + "-" + chance.nextInt(1000));
    }
    element.children().forEach(this::freshIds);
    return element;
  }

  private void move(Element element, int at) {
    Element target = elements.get(any());
    if (!within(element, target)) {
      parents.get(at).remove(element);
      target.add(element);
    }
  }

  private static boolean within(Element element, Element target) {
    return element == target || element.children().stream().anyMatch(c -> within(c, target));
  }

  /// Attributes and children stay, in an element of another's name.
  private void rename(Element element) {
    Element other = new Element(elements.get(any()).name());
    element.attributes().forEach(other::set);
    element.children().forEach(other::add);
    parents.get(elements.indexOf(element)).remove(element);
    parents.get(elements.indexOf(element)).add(other);
  }

  private String attribute(Element element) {
    List<String> names = List.copyOf(element.attributes().sequencedKeySet());
    return names.isEmpty() ? "id" : names.get(chance.nextInt(names.size()));
  }

  private void without(Element element) {
    element.set(attribute(element), null);
  }

  private void swap(Element a, Element b) {
    String name = attribute(a);
    String other = attribute(b);
    String value = a.get(name);
    a.set(name, b.get(other));
    b.set(other, value);
  }

  /// Takes an attribute with its value from another element.
  private void borrow(Element element, Element other) {
    String name = attribute(other);
    element.set(name, other.get(name));
  }

  /// Gives an attribute the value that it has in another element: another resource, node, role or
  /// result, so that what comes of it is still understood.
  private void rewire(Element element) {
    String name = attribute(element);
    if (name.equals("id")) {
      value(element);
      return;
    }
    int start = any();
    for (int i = 0; i < elements.size(); i++) {
      Element other = elements.get((start + i) % elements.size());
      if (other != element && other.get(name) != null) {
        element.set(name, other.get(name));
        return;
      }
    }
  }

  private void value(Element element) {
    element.set(attribute(element), VALUES.get(chance.nextInt(VALUES.size())));
  }

  private String broken(String xml) {
    int at = chance.nextInt(xml.length());
    return switch (chance.nextInt(3)) {
      case 0 -> xml.substring(0, at);
      case 1 -> xml.substring(0, at) + "<!&\u0000".charAt(chance.nextInt(4)) + xml.substring(at);
      default ->
          xml.substring(0, at) + xml.substring(Math.min(xml.length(), at + 1 + chance.nextInt(40)));
    };
  }
}
