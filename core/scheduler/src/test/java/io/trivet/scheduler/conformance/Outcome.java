package io.trivet.scheduler.conformance;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What came out of a case beside what should have.
final class Outcome {
  /// @param wanted the recorded text
  /// @param found Trivet's
  record Texts(String wanted, String found) {}

  final Case of;
  final Map<Part, Texts> texts = new EnumMap<>(Part.class);
  final Set<Part> same = EnumSet.noneOf(Part.class);
  @Nullable Throwable error;

  Outcome(Case of) {
    this.of = of;
  }

  void compare(Part part, String wanted, String found) {
    texts.put(part, new Texts(wanted, found));
    if (wanted.equals(found)) {
      same.add(part);
    }
  }

  /// As many parts are the same as are compared.
  boolean complete() {
    return same.size() == Part.values().length;
  }
}
