package io.trivet.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description =
        "Says whether the cluster works: quorum, leader, controllers, VIPs and their holders, each service on each controller, what is wrong, what to do. On any controller, also without quorum.")
final class StatusCommand implements Callable<Integer> {
  private static final long SECONDS = 5;
  private static final long WATCH_MILLIS = 1_000;
  private static final String CLEAR = "\033[H\033[2J\033[3J";

  private final Surroundings surroundings;

  @Option(
      names = {"-w", "--watch"},
      description = "Again every second, until Ctrl-C.")
  private boolean watch;

  @Option(names = "--json", description = "As JSON, for programs; with --watch one object a line.")
  private boolean json;

  StatusCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Refused {
    if (!watch) {
      surroundings.out().print(shown(ask()));
      return 0;
    }
    do {
      String text;
      try {
        text = shown(ask());
      } catch (Refused refused) {
        // The daemon may come back: a watcher wants to see that too.
        text = "";
        refused.tell(surroundings);
      }
      surroundings.out().print((surroundings.terminal() && !json ? CLEAR : "") + text);
      surroundings.out().flush();
    } while (surroundings.pause().test(WATCH_MILLIS));
    return 0;
  }

  private JsonObject ask() throws Refused {
    JsonObject request = new JsonObject();
    request.addProperty("command", "status");
    JsonObject answer = surroundings.daemon().ask(request, SECONDS);
    answer.remove("ok");
    return answer;
  }

  private String shown(JsonObject answer) {
    if (json) {
      Gson gson =
          watch
              ? new GsonBuilder().serializeNulls().disableHtmlEscaping().create()
              : new GsonBuilder()
                  .serializeNulls()
                  .disableHtmlEscaping()
                  .setPrettyPrinting()
                  .create();
      return gson.toJson(answer) + "\n";
    }
    return StatusText.of(
        Status.of(answer), surroundings.paint(), surroundings.nowMillis().getAsLong());
  }
}
