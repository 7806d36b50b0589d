package io.trivet.lab.drill;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.trivet.lab.host.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What Trivet's processes cost while nothing happened.
///
/// @param at when it ended, ISO 8601
/// @param machine what it was measured on
/// @param seconds how long
public record IdleResult(String at, String machine, long seconds, List<Daemon> daemons) {
  private static final String FILE = "idle.json";
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /// All of one controller.
  ///
  /// @param processorPercent of one processor, with its child processes
  /// @param memoryMib memory at the end, as proportional share (PSS)
  public record Daemon(String node, double processorPercent, long memoryMib) {}

  public IdleResult {
    daemons = List.copyOf(daemons);
  }

  /// For people, and for the page of measurements.
  public String sentence() {
    List<String> each = new ArrayList<>();
    for (Daemon daemon : daemons) {
      each.add(
          String.format(
              Locale.ROOT,
              "%s %.2f %% of one processor and %d MiB (PSS, all processes)",
              daemon.node(),
              daemon.processorPercent(),
              daemon.memoryMib()));
    }
    return "Over " + seconds + " s in which nothing happened: " + String.join(", ", each) + ".";
  }

  /// Its JSON.
  public String json() {
    return GSON.toJson(this);
  }

  /// Keeps it.
  public void save(Path folder) throws LabException {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(FILE), json() + "\n");
    } catch (IOException e) {
      throw new LabException("cannot keep the measurement in " + folder + ": " + e.getMessage(), e);
    }
  }

  /// What was kept, if anything.
  public static Optional<IdleResult> load(Path folder) throws LabException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(GSON.fromJson(Files.readString(file), IdleResult.class));
    } catch (IOException | JsonParseException e) {
      throw new LabException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
