package io.trivet.scheduler.cib;

/// Writes a CIB as XML, two spaces a level.
public final class CibWriter {
  private CibWriter() {}

  public static String write(Element element) {
    StringBuilder text = new StringBuilder();
    write(element, 0, text);
    return text.toString();
  }

  private static void write(Element element, int depth, StringBuilder text) {
    text.repeat("  ", depth).append('<').append(element.name());
    element
        .attributes()
        .forEach(
            (name, value) -> {
              text.append(' ').append(name).append("=\"");
              escape(value, text);
              text.append('"');
            });
    if (element.children().isEmpty()) {
      text.append("/>\n");
      return;
    }
    text.append(">\n");
    element.children().forEach(c -> write(c, depth + 1, text));
    text.repeat("  ", depth).append("</").append(element.name()).append(">\n");
  }

  /// Appends the text as it stands in an attribute.
  public static void escape(String value, StringBuilder text) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '&' -> text.append("&amp;");
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '"' -> text.append("&quot;");
        case '\n', '\r', '\t' -> text.append("&#").append((int) c).append(';');
        default -> text.append(c);
      }
    }
  }
}
