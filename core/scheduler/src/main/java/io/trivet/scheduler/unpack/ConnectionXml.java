package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import org.jspecify.annotations.Nullable;

/// Configuration of the connection to a guest node or into a bundle's container, as if somebody had
/// written it.
final class ConnectionXml {
  @Nullable String address;
  @Nullable String port;
  @Nullable String connectTimeout;
  @Nullable String allowMigrate;
  @Nullable String managed;

  Element build(String name, String container) {
    Element connection = primitive(name, "pacemaker", "remote");
    Element meta = connection.add(new Element("meta_attributes"));
    meta.set("id", name + "-meta_attributes");
    pair(meta, "internal_rsc", "true");
    pair(meta, "container", container);
    pair(meta, "allow-migrate", allowMigrate);
    pair(meta, "is-managed", managed);
    if (address != null || port != null) {
      Element attributes = connection.add(new Element("instance_attributes"));
      attributes.set("id", name + "-instance_attributes");
      pair(attributes, "addr", address);
      pair(attributes, "port", port);
    }
    Element operations = connection.add(new Element("operations"));
    operation(operations, name, "monitor", "30s", "30s");
    if (connectTimeout != null) {
      operation(operations, name, "start", "0", connectTimeout);
    }
    return connection;
  }

  static Element primitive(String id, String provider, String type) {
    return new Element("primitive")
        .set("id", id)
        .set("class", "ocf")
        .set("provider", provider)
        .set("type", type);
  }

  /// Adds a name-value pair, unless the value is null.
  static void pair(Element set, String name, @Nullable String value) {
    if (value != null) {
      set.add(new Element("nvpair"))
          .set("id", set.id() + "-" + name)
          .set("name", name)
          .set("value", value);
    }
  }

  static void operation(
      Element operations, String resource, String task, String interval, @Nullable String timeout) {
    operations
        .add(new Element("op"))
        .set("id", resource + "-" + task + "-" + interval)
        .set("interval", interval)
        .set("name", task)
        .set("timeout", timeout);
  }
}
