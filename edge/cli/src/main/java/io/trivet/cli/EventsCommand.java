package io.trivet.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "events",
    mixinStandardHelpOptions = true,
    description =
        "The timeline: what happened, what was decided and why. Each kind of event has a name; what needs attention has a page of that name: trivet runbook NAME.")
final class EventsCommand implements Callable<Integer> {
  private static final long SECONDS = 5;
  private static final Pattern SPAN = Pattern.compile("([0-9]{1,6})(s|m|min|h|d)");

  private final Surroundings surroundings;

  @Option(
      names = {"-f", "--follow"},
      description = "And then what happens from now on, until Ctrl-C.")
  private boolean follow;

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      description =
          "Only what is younger: 30s, 10m, 2h, 1d, or a local time like 2026-11-23T04:05.")
  private @Nullable String since;

  @Option(names = "--json", description = "As JSON, one event a line.")
  private boolean json;

  EventsCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Refused {
    JsonObject request = new JsonObject();
    request.addProperty("command", "events");
    request.addProperty("follow", follow);
    if (since != null) {
      request.addProperty(
          "sinceMillis",
          sinceMillis(since, surroundings.nowMillis().getAsLong(), ZoneId.systemDefault()));
    }
    EventsText text = new EventsText(surroundings.paint(), ZoneId.systemDefault());
    Gson gson = new GsonBuilder().disableHtmlEscaping().create();
    if (follow) {
      surroundings.daemon().follow(request, event -> show(event, text, gson));
      return 0;
    }
    JsonObject answer = surroundings.daemon().ask(request, SECONDS);
    Json.objects(answer, "events").forEach(event -> show(event, text, gson));
    return 0;
  }

  /// @return false when nobody reads any more
  private boolean show(JsonObject event, EventsText text, Gson gson) {
    surroundings.out().println(json ? gson.toJson(event) : text.of(event));
    return !surroundings.out().checkError();
  }

  /// @return wall time in milliseconds
  static long sinceMillis(String since, long nowMillis, ZoneId zone) throws Refused {
    Matcher span = SPAN.matcher(since);
    if (span.matches()) {
      long count = Long.parseLong(span.group(1));
      Duration back =
          switch (span.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "h" -> Duration.ofHours(count);
            case "d" -> Duration.ofDays(count);
            default -> Duration.ofMinutes(count);
          };
      return nowMillis - back.toMillis();
    }
    try {
      return LocalDateTime.parse(since.replace(' ', 'T')).atZone(zone).toInstant().toEpochMilli();
    } catch (DateTimeException e) {
      throw new Refused(
          "--since " + since + " is no time",
          "say 30s, 10m, 2h, 1d, or a local time like 2026-11-23T04:05",
          2);
    }
  }
}
