package io.trivet.daemon.systemd;

import java.io.Serial;

/// An error that systemd, or the bus in its place, answered: whoever asked was heard.
final class BusError extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final String name;

  /// @param name on the bus, such as `org.freedesktop.systemd1.UnitMasked`
  /// @param words for people, from whoever answered
  BusError(String name, String words) {
    super(words);
    this.name = name;
  }

  String name() {
    return name;
  }

  String words() {
    String words = getMessage();
    return words == null || words.isEmpty() ? name : words;
  }
}
