package io.trivet.cli;

import com.google.gson.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the daemon says about the cluster; the same as `trivet status --json`.
///
/// @param cluster its name; empty before it has a cluster file
/// @param mode its mode
/// @param healthy nothing is wrong
/// @param quorum a majority of the members is in touch with the one that was asked
/// @param leader who leads, where that is known
/// @param self who was asked
/// @param knowledgeAgeMillis how old the knowledge of the other controllers is
/// @param knowledgeFromBeforeStart true if it is older: the daemon was in touch with no majority
///   since it started, `knowledgeAgeMillis` ago
/// @param controllers the members
/// @param vips the VIPs
/// @param services the services
/// @param acceptedLosses what operators gave up for recoveries that are under way
/// @param problems what is wrong
record Status(
    String cluster,
    String mode,
    boolean healthy,
    boolean quorum,
    @Nullable String leader,
    String self,
    long knowledgeAgeMillis,
    boolean knowledgeFromBeforeStart,
    List<Controller> controllers,
    List<Vip> vips,
    List<Service> services,
    List<AcceptedLoss> acceptedLosses,
    List<Problem> problems) {

  record Controller(
      String name,
      String address,
      String presence,
      boolean standby,
      boolean witness,
      boolean leader,
      long sinceMillis,
      long reportAgeMillis) {}

  record Vip(
      String name,
      String address,
      @Nullable String holder,
      boolean answering,
      List<String> heirs,
      String reason) {}

  record Service(String resource, String agent, List<OnNode> nodes) {}

  record OnNode(String node, String state, String detail) {}

  record AcceptedLoss(String resource, String node, String loss, String by, long atMillis) {}

  record Problem(String what, String advice) {}

  static Status of(JsonObject json) {
    return new Status(
        Json.text(json, "cluster", ""),
        Json.text(json, "mode", ""),
        Json.flag(json, "healthy"),
        Json.flag(json, "quorum"),
        Json.textOrNull(json, "leader"),
        Json.text(json, "self", ""),
        Json.number(json, "knowledgeAgeMillis", 0),
        Json.flag(json, "knowledgeFromBeforeStart"),
        Json.objects(json, "controllers").stream().map(Status::controller).toList(),
        Json.objects(json, "vips").stream().map(Status::vip).toList(),
        Json.objects(json, "services").stream().map(Status::service).toList(),
        Json.objects(json, "acceptedLosses").stream().map(Status::acceptedLoss).toList(),
        Json.objects(json, "problems").stream()
            .map(p -> new Problem(Json.text(p, "what", ""), Json.text(p, "do", "")))
            .toList());
  }

  private static AcceptedLoss acceptedLoss(JsonObject json) {
    return new AcceptedLoss(
        Json.text(json, "resource", "?"),
        Json.text(json, "node", "?"),
        Json.text(json, "loss", ""),
        Json.text(json, "by", "somebody"),
        Json.number(json, "atMillis", 0));
  }

  private static Controller controller(JsonObject json) {
    return new Controller(
        Json.text(json, "name", "?"),
        Json.text(json, "address", ""),
        Json.text(json, "presence", "UNKNOWN"),
        Json.flag(json, "standby"),
        Json.flag(json, "witness"),
        Json.flag(json, "leader"),
        Json.number(json, "sinceMillis", 0),
        Json.number(json, "reportAgeMillis", 0));
  }

  private static Vip vip(JsonObject json) {
    return new Vip(
        Json.text(json, "name", "?"),
        Json.text(json, "address", ""),
        Json.textOrNull(json, "holder"),
        Json.flag(json, "answering"),
        Json.texts(json, "heirs"),
        Json.text(json, "reason", ""));
  }

  private static Service service(JsonObject json) {
    List<OnNode> nodes =
        Json.objects(json, "nodes").stream()
            .map(
                n ->
                    new OnNode(
                        Json.text(n, "node", ""),
                        Json.text(n, "state", "UNKNOWN"),
                        Json.text(n, "detail", "")))
            .toList();
    return new Service(Json.text(json, "resource", "?"), Json.text(json, "agent", ""), nodes);
  }
}
