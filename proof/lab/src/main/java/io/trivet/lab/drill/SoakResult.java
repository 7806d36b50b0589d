package io.trivet.lab.drill;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.trivet.lab.host.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// What happened while nothing was broken and both processors were busy. Every move is a false one.
///
/// @param at when it ended, ISO 8601
/// @param machine what it was measured on
/// @param minutes how long
/// @param movesSeen how often the controller that answers for the VIP changed, seen from outside
/// @param movesTold how many moves `trivet events` tells of in that time
/// @param outageMs the longest gap in answers through the VIP
/// @param twoHoldersMs time in which two controllers answered
/// @param apiMs the longest time without a token
/// @param tokens how many were issued
/// @param busyPercent how busy the machine's processors were, on average
/// @param observerBlindMs longest time in which the observer itself did not ask
public record SoakResult(
    String at,
    String machine,
    long minutes,
    long movesSeen,
    long movesTold,
    long outageMs,
    long twoHoldersMs,
    long apiMs,
    long tokens,
    long busyPercent,
    long observerBlindMs) {
  private static final String FILE = "soak.json";
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /// For people, and for the page of measurements.
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "%d minutes with the processors %d %% busy (token requests from the client, a compiler on the"
            + " machine): **%d false moves** seen from outside, %d told by `trivet events`; longest gap"
            + " %d ms (the observer itself paused for up to %d ms), two holders %d ms, longest time"
            + " without a token %d ms, %d tokens issued.",
        minutes,
        busyPercent,
        movesSeen,
        movesTold,
        outageMs,
        observerBlindMs,
        twoHoldersMs,
        apiMs,
        tokens);
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
      throw new LabException("cannot keep the soak in " + folder + ": " + e.getMessage(), e);
    }
  }

  /// What was kept, if anything.
  public static Optional<SoakResult> load(Path folder) throws LabException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(GSON.fromJson(Files.readString(file), SoakResult.class));
    } catch (IOException | JsonParseException e) {
      throw new LabException(file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
