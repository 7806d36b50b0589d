package io.trivet.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "runbook",
    mixinStandardHelpOptions = true,
    description =
        "The page of an event that needs attention: what it means, how to see that it is so, what to do, how to see that it worked. Without a name, which pages there are.")
final class RunbookCommand implements Callable<Integer> {
  /// A row of the list in README.md: `| [name](name.md) | sentence |`.
  private static final Pattern ROW =
      Pattern.compile("\\| \\[([a-z-]+)]\\([a-z-]+\\.md\\) \\| (.+) \\|");

  private final Surroundings surroundings;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "As trivet events shows it, such as controller-gone.")
  private @Nullable String name;

  RunbookCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws Refused {
    List<String[]> pages =
        page("README")
            .lines()
            .map(ROW::matcher)
            .filter(m -> m.matches())
            .map(m -> new String[] {m.group(1), m.group(2)})
            .toList();
    if (name == null) {
      int width = pages.stream().mapToInt(p -> p[0].length()).max().orElse(0);
      for (String[] page : pages) {
        surroundings.out().println(page[0] + " ".repeat(width - page[0].length()) + "  " + page[1]);
      }
      return 0;
    }
    if (pages.stream().noneMatch(p -> p[0].equals(name))) {
      List<String> names = pages.stream().map(p -> p[0]).toList();
      throw new Refused(
          "there is no runbook \"" + name + "\"", "there are: " + String.join(", ", names), 2);
    }
    surroundings.out().print(page(name).replace("**", "").replace("`", ""));
    surroundings.out().flush();
    return 0;
  }

  private static String page(String name) {
    try (InputStream in = RunbookCommand.class.getResourceAsStream("runbooks/" + name + ".md")) {
      if (in == null) {
        throw new IllegalStateException(
            "runbooks/" + name + ".md is missing in the jar: the build is broken.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
