package io.trivet.services.unit;

/// Reads the status code out of an HTTP status line (RFC 9112 section 4).
public final class HttpStatus {
  private HttpStatus() {}

  /// The status code in text such as `HTTP/1.1 300 Multiple Choices`, `HTTP 300` or `300`; 0 if
  /// there is none.
  public static int of(String line) {
    String rest = line.strip();
    if (rest.startsWith("HTTP/") || rest.startsWith("HTTP ")) {
      int space = rest.indexOf(' ');
      rest = space < 0 ? "" : rest.substring(space + 1).stripLeading();
    }
    if (rest.length() < 3 || rest.length() > 3 && rest.charAt(3) != ' ') {
      return 0;
    }
    int code = 0;
    for (int i = 0; i < 3; i++) {
      char c = rest.charAt(i);
      if (c < '0' || c > '9') {
        return 0;
      }
      code = code * 10 + (c - '0');
    }
    return code >= 100 && code <= 599 ? code : 0;
  }

  /// True if the line is an answer that only a working server gives: any status below 500.
  public static boolean isOfUse(String line) {
    int code = of(line);
    return code > 0 && code < 500;
  }
}
