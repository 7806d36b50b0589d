package io.trivet.scheduler.rules;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.IsoFields;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Dates and times as ISO 8601 writes them and a CIB uses them: calendar (`2026-07-31`), ordinal
/// (`2026-212`) and week dates (`2026-W31-5`), with or without a time and an offset, hyphens and
/// colons optional. Where no offset is given, it is UTC.
public final class Iso8601 {
  private static final Pattern TEXT =
      Pattern.compile(
          "(?<year>\\d{4})(?:-?W(?<week>\\d{2})(?:-?(?<weekday>\\d))?"
              + "|-?(?<ordinal>\\d{3})(?!\\d)"
              + "|-?(?<month>\\d{2})(?:-?(?<day>\\d{2}))?)?"
              + "(?:(?:T|\\s+)(?<hour>\\d{1,2})(?::?(?<minute>\\d{2})(?::?(?<second>\\d{2})(?:[.,]\\d+)?)?)?)?"
              + "\\s*(?<offset>Z|[+-]\\d{2}(?::?\\d{2})?)?");

  private Iso8601() {}

  /// Seconds since 1970, or null where it is no date.
  public static @Nullable Long seconds(@Nullable String text) {
    if (text == null) {
      return null;
    }
    Matcher m = TEXT.matcher(text.strip());
    if (!m.matches()) {
      return null;
    }
    try {
      LocalDate date = date(m);
      int hour = number(m, "hour", 0);
      int minute = number(m, "minute", 0);
      int second = number(m, "second", 0);
      boolean endOfDay = hour == 24 && minute == 0 && second == 0;
      LocalDateTime time =
          endOfDay
              ? date.plusDays(1).atStartOfDay()
              : date.atTime(LocalTime.of(hour, minute, second));
      return time.toEpochSecond(offset(m.group("offset")));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static LocalDate date(Matcher m) {
    int year = number(m, "year", 0);
    if (m.group("week") != null) {
      int week = number(m, "week", 1);
      LocalDate first = LocalDate.of(year, 1, 4);
      if (week < 1 || week > first.range(IsoFields.WEEK_OF_WEEK_BASED_YEAR).getMaximum()) {
        throw new DateTimeException("no such week");
      }
      int weekday = number(m, "weekday", 1);
      return first
          .minusDays(first.getDayOfWeek().getValue() - 1L)
          .plusWeeks(week - 1L)
          .plusDays(java.time.DayOfWeek.of(weekday).getValue() - 1L);
    }
    if (m.group("ordinal") != null) {
      return LocalDate.ofYearDay(year, number(m, "ordinal", 1));
    }
    return LocalDate.of(year, number(m, "month", 1), number(m, "day", 1));
  }

  private static ZoneOffset offset(@Nullable String text) {
    return text == null ? ZoneOffset.UTC : ZoneOffset.of(text);
  }

  private static int number(Matcher m, String group, int otherwise) {
    String digits = m.group(group);
    return digits == null ? otherwise : Integer.parseInt(digits);
  }
}
