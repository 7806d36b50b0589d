package io.trivet.lab.node;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `trivet status --json` says, as far as the lab needs it.
///
/// @param healthy nothing is wrong anywhere
/// @param vips the VIPs and who holds them
/// @param problems what is wrong, in the daemon's words
public record ClusterStatus(boolean healthy, List<HeldVip> vips, List<String> problems) {

  /// A VIP.
  ///
  /// @param holder the controller that answers for it, if one does
  public record HeldVip(String name, Optional<String> holder) {}

  public ClusterStatus {
    vips = List.copyOf(vips);
    problems = List.copyOf(problems);
  }

  /// Reads the JSON of `trivet status --json`.
  ///
  /// @return empty when it is no such JSON
  public static Optional<ClusterStatus> parse(String json) {
    try {
      JsonObject status = JsonParser.parseString(json).getAsJsonObject();
      List<HeldVip> vips = new ArrayList<>();
      for (JsonElement each : status.getAsJsonArray("vips")) {
        JsonObject vip = each.getAsJsonObject();
        JsonElement holder = vip.get("holder");
        vips.add(
            new HeldVip(
                vip.get("name").getAsString(),
                holder == null || holder.isJsonNull()
                    ? Optional.empty()
                    : Optional.of(holder.getAsString())));
      }
      List<String> problems = new ArrayList<>();
      for (JsonElement each : status.getAsJsonArray("problems")) {
        problems.add(each.getAsJsonObject().get("what").getAsString());
      }
      return Optional.of(new ClusterStatus(status.get("healthy").getAsBoolean(), vips, problems));
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /// The first VIP of the cluster file: the one that drills aim at.
  public Optional<HeldVip> vip() {
    return vips.stream().findFirst();
  }

  /// Who holds that VIP.
  public Optional<String> holder() {
    return vip().flatMap(HeldVip::holder);
  }
}
