package io.trivet.cluster.state;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What the compact constructors of this package check and copy.
final class Check {
  private Check() {}

  /// Refuses a blank name: an empty string in a map key would be invisible to an operator.
  static String name(String what, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException(what + " must not be empty");
    }
    return value;
  }

  /// Refuses null, which a deserialiser passes where a field is missing, with the name of the
  /// field.
  static <T> T given(String what, T value) {
    if (value == null) {
      throw new IllegalArgumentException(what + " is missing");
    }
    return value;
  }

  /// Refuses a negative number.
  static long notNegative(String what, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(what + " is negative: " + value);
    }
    return value;
  }

  /// Names in the order given, each once.
  static List<String> names(String what, List<String> values) {
    List<String> copy = List.copyOf(values);
    for (int i = 0; i < copy.size(); i++) {
      name(what, copy.get(i));
      if (copy.indexOf(copy.get(i)) != i) {
        throw new IllegalArgumentException(what + " " + copy.get(i) + " is named twice");
      }
    }
    return copy;
  }

  /// An unmodifiable copy in the order of the keys.
  static <V> NavigableMap<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableNavigableMap(new TreeMap<>(map));
  }
}
