package io.trivet.scheduler.rules;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `type` of an expression: how an attribute's value is compared. Values that are not of the type
/// are compared as strings.
enum ValueType {
  STRING,
  INTEGER,
  NUMBER,
  VERSION;

  /// The type that is asked for. If none is: for comparisons of size a number, whole if neither
  /// value has a point; else a string.
  ///
  /// @return null for a name that is no type
  static @Nullable ValueType of(
      @Nullable String name, String operation, @Nullable String a, @Nullable String b) {
    if (name == null) {
      return switch (operation) {
        case "lt", "lte", "gt", "gte" -> hasPoint(a) || hasPoint(b) ? NUMBER : INTEGER;
        default -> STRING;
      };
    }
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "string" -> STRING;
      case "integer" -> INTEGER;
      case "number" -> NUMBER;
      case "version" -> VERSION;
      default -> null;
    };
  }

  private static boolean hasPoint(@Nullable String value) {
    return value != null && value.indexOf('.') >= 0;
  }

  /// As a comparator; what is absent is less than all else.
  int compare(@Nullable String a, @Nullable String b) {
    if (a == null || b == null) {
      return a == null ? (b == null ? 0 : -1) : 1;
    }
    return switch (this) {
      case STRING -> a.compareToIgnoreCase(b);
      case INTEGER -> {
        Long x = whole(a);
        Long y = whole(b);
        yield x == null || y == null ? a.compareToIgnoreCase(b) : Long.compare(x, y);
      }
      case NUMBER -> {
        Double x = number(a);
        Double y = number(b);
        yield x == null || y == null ? a.compareToIgnoreCase(b) : compareNumbers(x, y);
      }
      case VERSION -> compareVersions(a, b);
    };
  }

  private static int compareNumbers(double x, double y) {
    return x < y ? -1 : x > y ? 1 : 0;
  }

  /// The whole number that the text begins with: what follows the digits does not count.
  private static @Nullable Long whole(String text) {
    String t = text.strip();
    int end = numberEnd(t, 0);
    return end < 0 || end > 18 ? null : (Long) Long.parseLong(t.substring(0, end));
  }

  private static int numberEnd(String t, int from) {
    int i = from;
    if (i < t.length() && (t.charAt(i) == '-' || t.charAt(i) == '+')) {
      i++;
    }
    int digits = i;
    while (i < t.length() && t.charAt(i) >= '0' && t.charAt(i) <= '9') {
      i++;
    }
    return i == digits ? -1 : i;
  }

  private static @Nullable Double number(String text) {
    String t = text.strip();
    if (!t.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?")) {
      return null;
    }
    return Double.valueOf(t);
  }

  /// Parts between points, each by its value; a version with more parts is the greater one.
  private static int compareVersions(String a, String b) {
    String[] x = a.split("\\.", -1);
    String[] y = b.split("\\.", -1);
    for (int i = 0; i < Math.max(x.length, y.length); i++) {
      int order = Long.compare(part(x, i), part(y, i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static long part(String[] parts, int i) {
    Long value = i < parts.length ? whole(parts[i]) : null;
    return value == null ? 0 : value;
  }
}
