package io.trivet.cli;

/// Colours, where a terminal shows them (ECMA-48, Select Graphic Rendition); nothing elsewhere.
///
/// @param on whether to colour
record Paint(boolean on) {
  String red(String text) {
    return sgr("31;1", text);
  }

  String green(String text) {
    return sgr("32", text);
  }

  String yellow(String text) {
    return sgr("33", text);
  }

  String bold(String text) {
    return sgr("1", text);
  }

  String dim(String text) {
    return sgr("2", text);
  }

  private String sgr(String code, String text) {
    return on && !text.isBlank() ? "\033[" + code + "m" + text + "\033[0m" : text;
  }
}
