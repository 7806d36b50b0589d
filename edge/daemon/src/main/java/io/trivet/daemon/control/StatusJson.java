package io.trivet.daemon.control;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.file.Controller;
import io.trivet.cluster.file.Vip;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.NodeState;
import io.trivet.cluster.state.Presence;
import io.trivet.cluster.state.Recovery;
import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.RunState;
import io.trivet.scheduler.Problem;
import io.trivet.services.controller.ServiceSet;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The status as the control socket tells it: the same object for people's commands and for
/// programs.
public final class StatusJson {
  /// Older reports are shown as such, and are a problem. Each daemon confirms its own every second.
  static final long OLD_MILLIS = 5_000;

  private final Knowledge knowledge;

  /// What a controller knows.
  ///
  /// @param services null before the first cluster file
  /// @param reportAges how old the reports of the others are, in milliseconds
  /// @param ownReports what this controller sees of itself, fresher than the state
  /// @param quorum whether a majority worked together a moment ago
  /// @param ageMillis how old the knowledge of the other controllers is; 0 with quorum
  /// @param before true when the daemon was in touch with no majority since it started, `ageMillis`
  ///   ago: what it knows of the others is older, and nobody knows by how much
  public record Knowledge(
      String self,
      ClusterState state,
      @Nullable ServiceSet services,
      Map<String, Report> ownReports,
      ToLongFunction<String> reportAges,
      @Nullable String leader,
      boolean quorum,
      long ageMillis,
      boolean before,
      List<Problem> problems) {}

  public StatusJson(Knowledge knowledge) {
    this.knowledge = knowledge;
  }

  public JsonObject json() {
    JsonObject status = new JsonObject();
    ServiceSet services = knowledge.services();
    status.addProperty("cluster", services == null ? "" : services.file().name());
    status.addProperty("mode", services == null ? "" : services.file().mode().word());
    status.addProperty(
        "healthy",
        knowledge.quorum()
            && services != null
            && knowledge.problems().isEmpty()
            && services.file().controllers().stream().noneMatch(this::old));
    status.addProperty("quorum", knowledge.quorum());
    status.addProperty("leader", knowledge.quorum() ? knowledge.leader() : null);
    status.addProperty("self", knowledge.self());
    status.addProperty("knowledgeAgeMillis", knowledge.ageMillis());
    status.addProperty("knowledgeFromBeforeStart", !knowledge.quorum() && knowledge.before());
    status.add("controllers", new JsonArray());
    status.add("vips", new JsonArray());
    status.add("services", new JsonArray());
    if (services != null) {
      services
          .file()
          .controllers()
          .forEach(c -> status.getAsJsonArray("controllers").add(controller(c)));
      services.file().vips().forEach(v -> status.getAsJsonArray("vips").add(vip(v)));
      services(services).forEach(status.getAsJsonArray("services")::add);
    }
    status.add("acceptedLosses", acceptedLosses());
    status.add("problems", problems());
    return status;
  }

  private JsonObject controller(Controller controller) {
    NodeState node = knowledge.state().node(controller.name());
    JsonObject json = new JsonObject();
    json.addProperty("name", controller.name());
    json.addProperty("address", controller.address().toString());
    json.addProperty("presence", presence(controller.name(), node).name());
    json.addProperty("standby", node.standby());
    json.addProperty("witness", controller.witness());
    json.addProperty("leader", knowledge.quorum() && controller.name().equals(knowledge.leader()));
    json.addProperty("sinceMillis", node.sinceMillis());
    json.addProperty("reportAgeMillis", ageMillis(controller.name()));
    return json;
  }

  private long ageMillis(String node) {
    return node.equals(knowledge.self()) ? 0 : knowledge.reportAges().applyAsLong(node);
  }

  /// Without a quorum all that is known of others is old, and is said to be. One that is gone
  /// reports nothing; a witness has nothing to report.
  private boolean old(Controller controller) {
    return knowledge.quorum()
        && presence(controller.name(), knowledge.state().node(controller.name()))
            == Presence.PRESENT
        && ageMillis(controller.name()) >= OLD_MILLIS;
  }

  private Presence presence(String name, NodeState node) {
    return name.equals(knowledge.self()) ? Presence.PRESENT : node.presence();
  }

  private JsonObject vip(Vip vip) {
    VipAssignment assignment = knowledge.state().vips().get(vip.name());
    String answering = answering(vip.name());
    String assigned = assignment == null ? null : assignment.holder();
    JsonObject json = new JsonObject();
    json.addProperty("name", vip.name());
    json.addProperty(
        "address",
        vip.addresses().stream().map(IpPrefix::toString).collect(Collectors.joining(" ")));
    String holder = answering == null ? assigned : answering;
    if (holder == null) {
      json.add("holder", JsonNull.INSTANCE);
    } else {
      json.addProperty("holder", holder);
    }
    json.addProperty("answering", answering != null);
    JsonArray heirs = new JsonArray();
    if (assignment != null) {
      assignment.heirs().forEach(heirs::add);
    }
    json.add("heirs", heirs);
    return json;
  }

  private @Nullable String answering(String vip) {
    return knowledge.state().roster().nodes().stream()
        .filter(node -> run(vip, node) == RunState.STARTED)
        .findFirst()
        .orElse(null);
  }

  private List<JsonObject> services(ServiceSet services) {
    return knowledge.state().roster().resources().stream()
        .filter(resource -> !knowledge.state().roster().vips().contains(resource))
        .map(resource -> service(services, resource))
        .toList();
  }

  private JsonObject service(ServiceSet services, String resource) {
    JsonObject json = new JsonObject();
    json.addProperty("resource", resource);
    json.addProperty("agent", services.agentType(resource));
    JsonArray nodes = new JsonArray();
    for (Controller controller : services.file().workers()) {
      JsonObject node = new JsonObject();
      Report report = report(resource, controller.name());
      node.addProperty("node", controller.name());
      node.addProperty("state", run(resource, controller.name()).name());
      node.addProperty("detail", report == null ? "" : report.detail());
      nodes.add(node);
    }
    json.add("nodes", nodes);
    return json;
  }

  private RunState run(String resource, String node) {
    if (!node.equals(knowledge.self()) && !knowledge.state().node(node).present()) {
      return RunState.UNKNOWN;
    }
    Report report = report(resource, node);
    return report == null ? RunState.UNKNOWN : report.run();
  }

  private @Nullable Report report(String resource, String node) {
    Report own = node.equals(knowledge.self()) ? knowledge.ownReports().get(resource) : null;
    return own == null ? knowledge.state().report(resource, node) : own;
  }

  private JsonArray problems() {
    JsonArray problems = new JsonArray();
    knowledge.problems().forEach(p -> problems.add(problem(p.text(), p.advice())));
    ServiceSet services = knowledge.services();
    if (services != null) {
      services.file().controllers().stream()
          .filter(this::old)
          .forEach(
              c ->
                  problems.add(
                      problem(
                          "What "
                              + c.name()
                              + " reported is "
                              + ageMillis(c.name()) / 1_000
                              + " s old: trivetd there makes no progress, or is not heard here.",
                          "It may be wrong by now. See on "
                              + c.name()
                              + ": systemctl status trivetd; it is started anew by itself when it"
                              + " hangs.")));
    }
    return problems;
  }

  private JsonArray acceptedLosses() {
    JsonArray all = new JsonArray();
    knowledge
        .state()
        .acceptedLosses()
        .forEach(
            (resource, accepted) -> {
              JsonObject json = new JsonObject();
              json.addProperty("resource", resource);
              json.addProperty("node", accepted.node());
              JsonArray lost = new JsonArray();
              accepted.lost().forEach(lost::add);
              json.add("lost", lost);
              json.addProperty("loss", Recovery.loss(accepted.lost()));
              json.addProperty("by", accepted.by());
              json.addProperty("atMillis", accepted.atMillis());
              all.add(json);
            });
    return all;
  }

  private static JsonObject problem(String what, String then) {
    JsonObject json = new JsonObject();
    json.addProperty("what", what);
    json.addProperty("do", then);
    return json;
  }
}
