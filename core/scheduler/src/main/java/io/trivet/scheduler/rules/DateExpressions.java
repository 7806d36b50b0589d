package io.trivet.scheduler.rules;

import io.trivet.scheduler.cib.Element;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `date_expression`, `date_spec` and `duration` ("Pacemaker Explained", Rules: Date/Time
/// Expressions). Times are UTC.
final class DateExpressions {
  private static final Pattern RANGE =
      Pattern.compile("\\s*(\\d{1,9})\\s*(?:(-)\\s*(\\d{1,9})?\\s*)?");

  private DateExpressions() {}

  /// True if the time is what the expression asks for. What cannot be understood does not pass.
  static boolean passes(Element expression, long now) {
    return switch (expression.get("operation", "in_range").toLowerCase(Locale.ROOT)) {
      case "in_range", "in-range" -> inRange(expression, now);
      case "gt" -> {
        Long start = Iso8601.seconds(expression.get("start"));
        yield start != null && now > start;
      }
      case "lt" -> {
        Long end = Iso8601.seconds(expression.get("end"));
        yield end != null && now < end;
      }
      case "date_spec" -> {
        Element spec = expression.child("date_spec");
        yield spec != null && matches(spec, now);
      }
      default -> false;
    };
  }

  private static boolean inRange(Element expression, long now) {
    String from = expression.get("start");
    String to = expression.get("end");
    Long start = Iso8601.seconds(from);
    Long end = Iso8601.seconds(to);
    if ((from != null && start == null) || (to != null && end == null)) {
      return false;
    }
    Element duration = expression.child("duration");
    if (end == null && start != null && duration != null) {
      end = plus(start, duration);
      if (end == null) {
        return false;
      }
    }
    if (start == null && end == null) {
      return false;
    }
    return (start == null || now >= start) && (end == null || now <= end);
  }

  /// The time that long after, by the calendar; null where a part is no number.
  private static @Nullable Long plus(long start, Element duration) {
    long[] parts = new long[7];
    String[] names = {"years", "months", "weeks", "days", "hours", "minutes", "seconds"};
    for (int i = 0; i < names.length; i++) {
      String text = duration.get(names[i], "0").strip();
      if (!text.matches("[+-]?\\d{1,9}")) {
        return null;
      }
      parts[i] = Long.parseLong(text);
    }
    try {
      return time(start)
          .plusYears(parts[0])
          .plusMonths(parts[1])
          .plusWeeks(parts[2])
          .plusDays(parts[3])
          .plusHours(parts[4])
          .plusMinutes(parts[5])
          .plusSeconds(parts[6])
          .toEpochSecond(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static boolean matches(Element spec, long now) {
    LocalDateTime time = time(now);
    return in(spec.get("seconds"), time.getSecond())
        && in(spec.get("minutes"), time.getMinute())
        && in(spec.get("hours"), time.getHour())
        && in(spec.get("monthdays"), time.getDayOfMonth())
        && in(spec.get("weekdays"), time.getDayOfWeek().getValue())
        && in(spec.get("yeardays"), time.getDayOfYear())
        && in(spec.get("yearsdays"), time.getDayOfYear())
        && in(spec.get("weeks"), time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR))
        && in(spec.get("months"), time.getMonthValue())
        && in(spec.get("years"), time.get(ChronoField.YEAR))
        && in(spec.get("weekyears"), time.get(IsoFields.WEEK_BASED_YEAR));
  }

  /// True if the number is what was asked for: nothing, `N`, `N-M` or `N-`.
  private static boolean in(@Nullable String wanted, int number) {
    if (wanted == null) {
      return true;
    }
    Matcher range = RANGE.matcher(wanted);
    if (!range.matches()) {
      return false;
    }
    int low = Integer.parseInt(range.group(1));
    String high = range.group(3);
    if (range.group(2) == null) {
      return number == low;
    }
    return number >= low && (high == null || number <= Integer.parseInt(high));
  }

  private static LocalDateTime time(long seconds) {
    return LocalDateTime.ofInstant(Instant.ofEpochSecond(seconds), ZoneOffset.UTC);
  }
}
