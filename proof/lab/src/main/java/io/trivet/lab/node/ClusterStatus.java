package io.trivet.lab.node;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What `trivet status --json` says, as far as the lab needs it.
///
/// @param healthy nothing is wrong anywhere
/// @param vips the VIPs and who holds them
/// @param writer the controller with the database's writer, as the load balancers say
/// @param problems what is wrong, in the daemon's words
public record ClusterStatus(
    boolean healthy, List<HeldVip> vips, Optional<String> writer, List<String> problems) {
  private static final Pattern WRITER = Pattern.compile("writer ([^,]+)(,.*)?");

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
      return Optional.of(
          new ClusterStatus(status.get("healthy").getAsBoolean(), vips, writer(status), problems));
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /// The load balancer of every controller says which database its clients reach.
  private static Optional<String> writer(JsonObject status) {
    JsonArray resources = status.getAsJsonArray("services");
    if (resources == null) {
      return Optional.empty();
    }
    return resources.asList().stream()
        .flatMap(resource -> resource.getAsJsonObject().getAsJsonArray("nodes").asList().stream())
        .map(node -> WRITER.matcher(node.getAsJsonObject().get("detail").getAsString()))
        .filter(Matcher::matches)
        .map(found -> found.group(1))
        .findFirst();
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
