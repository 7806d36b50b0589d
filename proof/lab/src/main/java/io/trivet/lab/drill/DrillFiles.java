package io.trivet.lab.drill;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.trivet.lab.host.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Measured drills as files, one for each fault and timing: the newest measurement of it.
public final class DrillFiles {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private final Path folder;

  public DrillFiles(Path folder) {
    this.folder = folder;
  }

  /// The JSON of a result: `runs`, what they are of, and `summary` with the percentiles.
  public static String json(DrillResult result) {
    JsonObject object = GSON.toJsonTree(result).getAsJsonObject();
    if (!result.runs().isEmpty()) {
      object.add("summary", GSON.toJsonTree(result.summary()));
    }
    return GSON.toJson(object);
  }

  /// Keeps a result.
  public void save(DrillResult result) throws LabException {
    try {
      Files.createDirectories(folder);
      Files.writeString(file(result.fault(), result.timing()), json(result) + "\n");
    } catch (IOException e) {
      throw new LabException("cannot keep the drill in " + folder + ": " + e.getMessage(), e);
    }
  }

  private Path file(String fault, String timing) {
    return folder.resolve(fault + (timing.equals("fast") ? "" : "-" + timing) + ".json");
  }

  /// What was kept with a timing, in the order of the faults.
  public List<DrillResult> load(String timing) throws LabException {
    List<DrillResult> results = new ArrayList<>();
    for (Fault fault : Fault.values()) {
      Path file = file(fault.word(), timing);
      if (!Files.exists(file)) {
        continue;
      }
      try {
        DrillResult result = GSON.fromJson(Files.readString(file), DrillResult.class);
        if (result != null && !result.runs().isEmpty()) {
          results.add(result);
        }
      } catch (IOException | JsonParseException e) {
        throw new LabException(file + " cannot be read: " + e.getMessage(), e);
      }
    }
    return results;
  }
}
