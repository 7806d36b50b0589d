package io.trivet.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.trivet.scheduler.text.PlanView;
import java.util.List;
import java.util.function.Function;

/// A [PlanView] as JSON.
final class PlanJson {
  private PlanJson() {}

  /// @param file name of the input
  /// @param now seconds since 1970, the time that counted as now
  /// @param scores a line for each; empty where they were not asked for
  static JsonObject of(String file, long now, PlanView view, List<String> scores) {
    JsonObject json = new JsonObject();
    json.addProperty("file", file);
    json.addProperty("now", now);
    json.add("nodes", array(view.nodes(), PlanJson::node));
    json.add("resources", array(view.resources(), PlanJson::resource));
    json.add("fencing", array(view.fencing(), PlanJson::fencing));
    json.add("changes", array(view.changes(), PlanJson::change));
    json.add("actions", array(view.actions(), PlanJson::action));
    if (!scores.isEmpty()) {
      json.add("scores", texts(scores));
    }
    return json;
  }

  private static <T> JsonArray array(List<T> items, Function<T, JsonObject> each) {
    JsonArray array = new JsonArray();
    items.forEach(item -> array.add(each.apply(item)));
    return array;
  }

  private static JsonArray texts(List<String> items) {
    JsonArray array = new JsonArray();
    items.forEach(array::add);
    return array;
  }

  private static JsonObject node(PlanView.NodeView node) {
    JsonObject json = new JsonObject();
    json.addProperty("name", node.name());
    json.addProperty("kind", node.kind());
    json.addProperty("online", node.online());
    json.addProperty("unclean", node.unclean());
    json.addProperty("pending", node.pending());
    json.addProperty("standby", node.standby());
    json.addProperty("maintenance", node.maintenance());
    json.addProperty("dc", node.dc());
    return json;
  }

  private static JsonObject resource(PlanView.ResourceView resource) {
    JsonObject json = new JsonObject();
    json.addProperty("id", resource.id());
    json.addProperty("agent", resource.agent());
    json.addProperty("role", resource.role());
    json.add("nodes", texts(resource.nodes()));
    json.addProperty("managed", resource.managed());
    json.addProperty("failed", resource.failed());
    json.addProperty("nextRole", resource.nextRole());
    json.addProperty("nextNode", resource.nextNode());
    return json;
  }

  private static JsonObject fencing(PlanView.FencingView fencing) {
    JsonObject json = new JsonObject();
    json.addProperty("node", fencing.node());
    json.addProperty("action", fencing.action());
    json.addProperty("reason", fencing.reason());
    return json;
  }

  private static JsonObject change(PlanView.ChangeView change) {
    JsonObject json = new JsonObject();
    json.addProperty("change", change.change());
    json.addProperty("resource", change.resource());
    json.addProperty("from", change.from());
    json.addProperty("to", change.to());
    json.addProperty("blocked", change.blocked());
    json.addProperty("reason", change.reason());
    return json;
  }

  private static JsonObject action(PlanView.ActionView action) {
    JsonObject json = new JsonObject();
    json.addProperty("id", action.id());
    json.addProperty("key", action.key());
    json.addProperty("task", action.task());
    json.addProperty("resource", action.resource());
    json.addProperty("node", action.node());
    json.addProperty("pseudo", action.pseudo());
    json.addProperty("reason", action.reason());
    return json;
  }
}
