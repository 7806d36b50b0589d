package io.trivet.scheduler.rules;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Lengths of time as a CIB writes them: a number with a unit (`20`, `20s`, `5min`, `100ms`, `1h`;
/// without one it is seconds), or an ISO 8601 duration (`PT1M30S`), where a month has 30 days and a
/// year 365; the `T` may be left out where it makes no difference.
public final class Durations {
  private static final String SPACE = " \t\n\u000B\f\r";
  private static final Pattern ISO =
      Pattern.compile(
          "P(?:(\\d+)Y)?(?:(\\d+)M)?(?:(\\d+)W)?(?:(\\d+)D)?"
              + "T?(?:(\\d+)H)?(?:(\\d+)M)?(?:(\\d+)S)?");
  private static final long DAY = 86_400_000;
  private static final long[] ISO_MILLIS = {
    365 * DAY, 30 * DAY, 7 * DAY, DAY, 3_600_000, 60_000, 1_000
  };

  private Durations() {}

  /// Milliseconds, or null where it is no length of time. Lengths too large to count are the
  /// largest one.
  public static @Nullable Long millis(@Nullable String text) {
    if (text == null) {
      return null;
    }
    String t = text.strip();
    if (!t.startsWith("P")) {
      return simple(t);
    }
    Matcher iso = ISO.matcher(t);
    return iso.matches() && !t.endsWith("T") && t.length() > 1 ? iso(iso) : null;
  }

  /// Milliseconds, or `otherwise` where there is none or it is no length of time.
  public static long millis(@Nullable String text, long otherwise) {
    Long millis = millis(text);
    return millis == null ? otherwise : millis;
  }

  /// A number, perhaps space, and a unit.
  private static @Nullable Long simple(String text) {
    int from = text.startsWith("+") ? 1 : 0;
    int end = from;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    if (end == from) {
      return null;
    }
    long number = number(text.substring(from, end));
    int unit = end;
    while (unit < text.length() && SPACE.indexOf(text.charAt(unit)) >= 0) {
      unit++;
    }
    return switch (text.substring(unit).toLowerCase(Locale.ROOT)) {
      case "", "s", "sec" -> times(number, 1_000);
      case "ms", "msec" -> number;
      case "us", "usec" -> number / 1_000;
      case "m", "min" -> times(number, 60_000);
      case "h", "hr" -> times(number, 3_600_000);
      default -> null;
    };
  }

  private static long iso(Matcher iso) {
    long sum = 0;
    for (int i = 0; i < ISO_MILLIS.length; i++) {
      String digits = iso.group(i + 1);
      if (digits != null) {
        long part = times(number(digits), ISO_MILLIS[i]);
        sum = sum > Long.MAX_VALUE - part ? Long.MAX_VALUE : sum + part;
      }
    }
    return sum;
  }

  private static long number(String digits) {
    return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  private static long times(long number, long unit) {
    return number > Long.MAX_VALUE / unit ? Long.MAX_VALUE : number * unit;
  }
}
