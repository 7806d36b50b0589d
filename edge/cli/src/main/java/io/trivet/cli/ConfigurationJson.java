package io.trivet.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.trivet.cluster.expand.Configuration;
import io.trivet.cluster.expand.Constraint;
import io.trivet.cluster.expand.Resource;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.function.Function;

/// A [Configuration] as JSON, with Pacemaker's names for what Pacemaker has.
final class ConfigurationJson {
  private ConfigurationJson() {}

  static JsonObject of(Configuration configuration) {
    JsonObject json = new JsonObject();
    json.addProperty("cluster", configuration.cluster());
    json.add("nodes", array(configuration.nodes(), ConfigurationJson::node));
    json.add("properties", array(configuration.properties(), ConfigurationJson::property));
    json.add("resources", array(configuration.resources(), ConfigurationJson::resource));
    json.add("constraints", array(configuration.constraints(), ConfigurationJson::constraint));
    return json;
  }

  private static <T> JsonArray array(List<T> items, Function<T, JsonObject> each) {
    JsonArray array = new JsonArray();
    items.forEach(item -> array.add(each.apply(item)));
    return array;
  }

  private static JsonObject node(Configuration.Node node) {
    JsonObject json = new JsonObject();
    json.addProperty("name", node.name());
    json.addProperty("address", node.address().toString());
    json.addProperty("witness", node.witness());
    return json;
  }

  private static JsonObject property(Configuration.Property property) {
    JsonObject json = new JsonObject();
    json.addProperty("name", property.name());
    json.addProperty("value", property.value());
    json.addProperty("reason", property.reason());
    return json;
  }

  private static JsonObject element(String kind, String id) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", kind);
    json.addProperty("id", id);
    return json;
  }

  private static JsonObject resource(Resource resource) {
    JsonObject json =
        switch (resource) {
          case Resource.Primitive p -> {
            JsonObject primitive = element("primitive", p.id());
            primitive.addProperty("agent", p.agent().toString());
            primitive.add("parameters", pairs(p.parameters()));
            primitive.add("meta", pairs(p.meta()));
            yield primitive;
          }
          case Resource.Group g -> {
            JsonObject group = element("group", g.id());
            group.add("members", array(g.members(), ConfigurationJson::resource));
            yield group;
          }
          case Resource.Clone c -> {
            JsonObject clone = element("clone", c.id());
            clone.addProperty("clone-max", c.max());
            clone.addProperty("clone-min", c.min());
            clone.addProperty("interleave", c.interleave());
            clone.addProperty("promotable", c.promotable());
            clone.add("resource", resource(c.of()));
            yield clone;
          }
        };
    json.addProperty("reason", resource.reason());
    return json;
  }

  private static JsonObject pairs(SortedMap<String, String> pairs) {
    JsonObject json = new JsonObject();
    pairs.forEach(json::addProperty);
    return json;
  }

  private static JsonObject constraint(Constraint constraint) {
    JsonObject json =
        switch (constraint) {
          case Constraint.Order o -> {
            JsonObject order = element("order", o.id());
            order.addProperty("first", o.first());
            order.addProperty("first-action", word(o.firstAction()));
            order.addProperty("then", o.then());
            order.addProperty("then-action", word(o.thenAction()));
            order.addProperty("order-kind", word(o.kind()));
            order.addProperty("symmetrical", o.symmetrical());
            yield order;
          }
          case Constraint.Colocation c -> {
            JsonObject colocation = element("colocation", c.id());
            colocation.addProperty("rsc", c.resource());
            colocation.addProperty("rsc-role", word(c.role()));
            colocation.addProperty("with-rsc", c.with());
            colocation.addProperty("with-rsc-role", word(c.withRole()));
            colocation.addProperty("score", c.score().toString());
            yield colocation;
          }
          case Constraint.Location l -> {
            JsonObject location = element("location", l.id());
            location.addProperty("rsc", l.resource());
            location.addProperty("role", word(l.role()));
            location.addProperty("node", l.node());
            location.addProperty("score", l.score().toString());
            yield location;
          }
        };
    json.addProperty("reason", constraint.reason());
    return json;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
