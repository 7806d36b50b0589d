package io.trivet.lab.image;

import io.trivet.lab.host.Command;
import io.trivet.lab.host.Console;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.LabHome;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Builds the image of a node once. It grows under a temporary name and gets its own name when it
/// is complete, so an interrupted build leaves nothing that looks like an image.
public final class ImageBuilder {
  private static final String UNFINISHED = ".building";

  /// Settings of the machine's apt that say how to reach the archive, not what to install.
  private static final Pattern REACHING =
      Pattern.compile(
          "Acquire::(Check-Valid-Until|Check-Date|Retries|(http|https|ftp)::.*) \".*\";");

  private final LabHome home;
  private final Console console;

  public ImageBuilder(LabHome home, Console console) {
    this.home = home;
    this.console = console;
  }

  /// The image's folder, if it was built.
  public static boolean built(LabHome home, ImageRecipe recipe) {
    return Files.isDirectory(folder(home, recipe));
  }

  public static Path folder(LabHome home, ImageRecipe recipe) {
    return home.images().resolve(recipe.name());
  }

  /// Builds the image unless it is there.
  ///
  /// @return its folder
  public Path build(ImageRecipe recipe) throws LabException {
    Path image = folder(home, recipe);
    if (Files.isDirectory(image)) {
      return image;
    }
    Path unfinished = home.images().resolve(UNFINISHED);
    Path log = home.logs().resolve("image.log");
    try {
      remove(unfinished);
      Path settings = home.images().resolve("apt.conf");
      Files.writeString(settings, aptSettings());
      Path preseed = home.images().resolve("preseed");
      Files.writeString(preseed, recipe.preseed());
      console.say(
          "Making the image of a node, once (about two minutes, 1 GB): "
              + recipe.packages().size()
              + " packages and what they need, from this machine's own package sources.");
      install(command(recipe, unfinished, settings, preseed), log);
      Command.of("sh", "-c", recipe.configure(), "configure-image", unfinished.toString()).check();
      Files.deleteIfExists(settings);
      Files.deleteIfExists(preseed);
      Files.move(unfinished, image, StandardCopyOption.ATOMIC_MOVE);
      return image;
    } catch (IOException e) {
      throw new LabException(
          "cannot make the image in " + home.images() + ": " + e.getMessage(), e);
    }
  }

  /// Removes a folder with all that is in it, and what an interrupted build may have mounted there.
  static void remove(Path folder) throws LabException {
    if (Files.exists(folder)) {
      Command.of("rm", "-rf", "--one-file-system", folder.toString()).timeoutSeconds(300).check();
    }
  }

  private List<String> command(ImageRecipe recipe, Path target, Path settings, Path preseed)
      throws LabException {
    List<String> command = new ArrayList<>();
    // Its mounts end with it, also when it is killed.
    command.addAll(List.of("unshare", "--mount", "--propagation=private"));
    command.addAll(List.of("mmdebstrap", "--mode=root", "--variant=minbase", "--verbose"));
    command.addAll(List.of("--format=directory", "--aptopt=" + settings));
    for (String option :
        List.of(
            "force-unsafe-io",
            "path-exclude=/usr/share/man/*",
            "path-exclude=/usr/share/info/*",
            "path-exclude=/usr/share/locale/*",
            "path-exclude=/usr/share/doc/*",
            "path-include=/usr/share/doc/*/copyright")) {
      command.add("--dpkgopt=" + option);
    }
    command.add("--essential-hook=copy-in " + preseed + " /tmp");
    command.add(
        "--essential-hook=chroot \"$1\" debconf-set-selections /tmp/" + preseed.getFileName());
    command.add("--include=" + String.join(",", recipe.packages()));
    command.addAll(List.of(recipe.suite(), target.toString()));
    command.addAll(sources(recipe.suite()));
    return command;
  }

  private void install(List<String> command, Path log) throws LabException, IOException {
    long start = System.nanoTime();
    BuildProgress progress = new BuildProgress();
    Process process =
        new Command(command)
            .variable("DEBIAN_FRONTEND", "noninteractive")
            .builder()
            .redirectErrorStream(true)
            .start();
    Thread killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    int shown = -1;
    try (BufferedReader output = process.inputReader();
        BufferedWriter copy = Files.newBufferedWriter(log)) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        copy.write(line);
        copy.newLine();
        progress.line(line);
        shown = console.progress(progress.what(), progress.percent(), shown, start);
      }
      int exitCode = process.waitFor();
      console.endProgress();
      if (exitCode != 0) {
        throw new LabException(
            "the image could not be built (mmdebstrap ended with "
                + exitCode
                + "):\n"
                + lastErrors(log)
                + "\nAll of its output: "
                + log);
      }
      console.progress("image complete", 100, -1, start);
      console.say("");
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    } finally {
      Runtime.getRuntime().removeShutdownHook(killer);
    }
  }

  private static String lastErrors(Path log) throws IOException {
    List<String> lines = Files.readAllLines(log);
    List<String> errors =
        lines.stream().filter(line -> line.startsWith("E: ") || line.startsWith("Err:")).toList();
    List<String> shown = errors.isEmpty() ? lines : errors;
    return String.join("\n", shown.subList(Math.max(0, shown.size() - 5), shown.size()));
  }

  private static String aptSettings() throws LabException {
    StringBuilder settings = new StringBuilder();
    Command.of("apt-config", "dump")
        .check()
        .lines()
        .filter(line -> REACHING.matcher(line).matches())
        .forEach(line -> settings.append(line).append('\n'));
    return settings.toString();
  }

  /// The machine's own package sources for that release. None: mmdebstrap knows Debian's.
  private static List<String> sources(String suite) {
    Pattern ofSuite = Pattern.compile("(?m)^(Suites:|deb )(.*\\s)?" + suite + "(-\\S+)?(\\s.*)?$");
    List<String> found = new ArrayList<>();
    List<Path> candidates = new ArrayList<>(List.of(Path.of("/etc/apt/sources.list")));
    try (Stream<Path> more = Files.list(Path.of("/etc/apt/sources.list.d"))) {
      more.sorted()
          .filter(file -> file.toString().endsWith(".list") || file.toString().endsWith(".sources"))
          .forEach(candidates::add);
    } catch (IOException e) {
      // no such folder: no such sources
    }
    for (Path candidate : candidates) {
      try {
        if (ofSuite.matcher(Files.readString(candidate)).find()) {
          found.add(candidate.toString());
        }
      } catch (IOException e) {
        // not there or not readable: not a source
      }
    }
    return found;
  }
}
