package io.trivet.lab.overload;

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
import org.jspecify.annotations.Nullable;

/// What happened on a machine that was far too busy, from the moment in which the power of all
/// controllers came back. Nothing was broken after that: each move is a false one.
///
/// @param at when it ended, ISO 8601
/// @param machine what it was measured on
/// @param timing the profile of Trivet's leases
/// @param minutes how long
/// @param trivet how Trivet's VIP was held
/// @param falseGone how often a controller that had come back was called gone
/// @param writerChanges how often the database's writer changed because its controller was called
///   gone
/// @param healthyAfterMs from power on to the first "healthy"; -1 when it never was
/// @param keepalived how keepalived's address was held; null when it was left out
/// @param observerBlindMs longest time in which the observer itself did not ask
public record OverloadResult(
    String at,
    String machine,
    String timing,
    long minutes,
    Address trivet,
    long falseGone,
    long writerChanges,
    long healthyAfterMs,
    @Nullable Address keepalived,
    long observerBlindMs) {
  /// The profiles, in the order in which they are told.
  public static final List<String> TIMINGS = List.of("fast", "standard", "patient");

  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /// How one address was held.
  ///
  /// @param firstMs from power on to the first answer; -1 when there was none
  /// @param moves how often the controller that answers changed after it
  /// @param gapMs the longest time without an answer after it
  /// @param twoMs time in which two controllers answered
  public record Address(long firstMs, long moves, long gapMs, long twoMs) {}

  /// Whether the goals were met: no false move and no false "gone", but with `fast`, of which fewer
  /// moves than keepalived's are demanded; never two holders; and the VIP came back by itself. When
  /// the cluster is healthy is told, and no goal: eighteen others want the two processors, too.
  public boolean met() {
    Address rival = keepalived;
    boolean quiet = trivet.moves() == 0 && falseGone == 0;
    boolean better = rival != null && trivet.moves() <= rival.moves();
    return trivet.firstMs() >= 0
        && trivet.twoMs() == 0
        && (timing.equals("fast") ? quiet || better : quiet)
        && writerChanges == 0;
  }

  /// For people: one line of the table of [#HEAD].
  public String row() {
    Address rival = keepalived;
    return String.format(
        Locale.ROOT,
        "| %s | %d | %d | %d | %d | %d | %d | %d | %s | %s | %s | %s | %s |",
        timing,
        minutes,
        trivet.moves(),
        falseGone,
        writerChanges,
        trivet.gapMs(),
        trivet.twoMs(),
        observerBlindMs,
        healthyAfterMs < 0 ? "no" : String.format(Locale.ROOT, "%.0f s", healthyAfterMs / 1000.0),
        rival == null ? "" : Long.toString(rival.moves()),
        rival == null ? "" : Long.toString(rival.gapMs()),
        rival == null ? "" : Long.toString(rival.twoMs()),
        met() ? "yes" : "**no**");
  }

  /// The head of a table of [#row].
  public static final String HEAD =
      "| timing | minutes | false moves | false \"gone\" | writer changes by it | longest gap (ms) | two holders (ms) |"
          + " observer blind (ms) | healthy | keepalived: moves | longest gap (ms) | two holders (ms) | met |\n"
          + "|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";

  /// Its JSON.
  public String json() {
    return GSON.toJson(this);
  }

  /// Keeps it.
  public void save(Path folder) throws LabException {
    try {
      Files.createDirectories(folder);
      Files.writeString(file(folder, timing), json() + "\n");
    } catch (IOException e) {
      throw new LabException("cannot keep the measurement in " + folder + ": " + e.getMessage(), e);
    }
  }

  /// What was kept, one for each profile.
  public static List<OverloadResult> load(Path folder) throws LabException {
    List<OverloadResult> kept = new ArrayList<>();
    for (String timing : TIMINGS) {
      Path file = file(folder, timing);
      if (!Files.exists(file)) {
        continue;
      }
      try {
        OverloadResult result = GSON.fromJson(Files.readString(file), OverloadResult.class);
        if (result != null) {
          kept.add(result);
        }
      } catch (IOException | JsonParseException e) {
        throw new LabException(file + " cannot be read: " + e.getMessage(), e);
      }
    }
    return kept;
  }

  private static Path file(Path folder, String timing) {
    return folder.resolve("overload-" + timing + ".json");
  }
}
