package io.trivet.scheduler.text;

import java.util.List;

/// Text for an operator: a heading, and items below it at their depth.
final class Lines {
  private final StringBuilder text = new StringBuilder();

  Lines line(String line) {
    text.append(line).append('\n');
    return this;
  }

  /// An item of a list.
  ///
  /// @param depth 1 for items right below a heading
  Lines item(int depth, String item) {
    text.repeat("  ", depth).append("* ").append(item).append('\n');
    return this;
  }

  /// An item `LABEL: [ name name ]`; nothing where there are no names.
  Lines names(int depth, String label, List<String> names) {
    return names.isEmpty() ? this : item(depth, label + ": [ " + String.join(" ", names) + " ]");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
