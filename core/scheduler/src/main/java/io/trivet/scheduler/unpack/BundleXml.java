package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Resource.Bundle;
import io.trivet.scheduler.rules.Booleans;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is written in a bundle, and the configuration of the resources that follow from it. Their
/// parameters are exactly Pacemaker's, since a difference would restart containers.
final class BundleXml {
  private static final String DEFAULT_PORT = "3121";
  private static final String KEY = "/etc/pacemaker/authkey";
  private static final String LOGS = "/var/log";
  private static final String HOST_LOGS = "/var/log/pacemaker/bundles";

  /// @param perReplica true if each replica has a folder of its own below the source
  private record Mount(
      String source, String target, @Nullable String options, boolean perReplica) {}

  private record Port(String source, String target) {}

  final String technology;
  final String image;
  final int promotedMax;
  final int replicas;
  final int perHost;

  private final Element container;
  private final Element network;
  private final List<Mount> mounts = new ArrayList<>();
  private final List<Port> ports = new ArrayList<>();
  private final StringBuilder hosts = new StringBuilder();
  private @Nullable String lastAddress;

  private BundleXml(Element bundle, Element container) {
    this.container = container;
    technology = container.name();
    image = container.get("image", "");
    promotedMax = number(container.get("promoted-max"), 0, 0);
    replicas = number(container.get("replicas"), promotedMax > 0 ? promotedMax : 1, 1);
    perHost = number(container.get("replicas-per-host"), 1, 1);
    Element given = bundle.child("network");
    network = given == null ? new Element("network") : given;
    network.children("port-mapping").forEach(this::port);
    Element storage = bundle.child("storage");
    if (storage != null) {
      storage.children("storage-mapping").forEach(this::mount);
    }
  }

  /// Null where no container is described.
  static @Nullable BundleXml read(Element bundle) {
    for (String technology : new String[] {"docker", "rkt", "podman"}) {
      Element container = bundle.child(technology);
      if (container != null) {
        return new BundleXml(bundle, container);
      }
    }
    return null;
  }

  private static int number(@Nullable String text, int otherwise, int least) {
    if (text == null || !text.strip().matches("\\+?\\d{1,9}")) {
      return text == null ? otherwise : least;
    }
    return Math.max(least, Integer.parseInt(text.strip()));
  }

  private void port(Element mapping) {
    String source = mapping.get("port");
    String target = source == null ? null : mapping.get("internal-port");
    if (source == null) {
      source = mapping.get("range");
    }
    if (source != null && !source.isEmpty()) {
      ports.add(new Port(source, target == null ? source : target));
    }
  }

  private void mount(Element mapping) {
    String source = mapping.get("source-dir");
    String root = mapping.get("source-dir-root");
    String target = mapping.get("target-dir");
    if (source == null) {
      source = root;
    }
    if (source != null && target != null) {
      mounts.add(
          new Mount(source, target, mapping.get("options"), mapping.get("source-dir") == null));
    }
  }

  /// True if a connection into the container is possible.
  boolean reachable() {
    return network.get("ip-range-start") != null || network.get("control-port") != null;
  }

  /// Where the containers are connected to.
  String port() {
    return network.get("control-port", DEFAULT_PORT);
  }

  /// What a container with a connection needs besides: the key, a place for logs, the port.
  void addImplied() {
    boolean logs = mounts.stream().noneMatch(m -> m.target.equals(LOGS));
    mounts.add(new Mount(KEY, KEY, null, false));
    if (logs) {
      mounts.add(new Mount(HOST_LOGS, LOGS, null, true));
    }
    ports.add(new Port(port(), port()));
  }

  /// The address of the next replica; null where they have none.
  @Nullable String nextAddress(int offset) {
    String start = network.get("ip-range-start");
    if (start == null) {
      return null;
    }
    String address = lastAddress == null ? start : following(lastAddress);
    lastAddress = address;
    if (!technology.equals("rkt") && Booleans.parse(network.get("add-host"), true)) {
      hosts.append(" --add-host=@-").append(offset).append(':').append(address);
    } else if (technology.equals("rkt")) {
      hosts.append(" --hosts-entry=").append(address).append("=@-").append(offset);
    }
    return address;
  }

  private static @Nullable String following(String address) {
    String[] parts = address.split("\\.", -1);
    if (parts.length != 4 || !address.matches("[0-9.]+") || address.contains("..")) {
      return null;
    }
    int third = number(parts[2], 0, 0);
    int fourth = number(parts[3], 0, 0);
    if (third > 253) {
      return null;
    }
    if (fourth > 253) {
      third++;
      fourth = 1;
    } else {
      fourth++;
    }
    return parts[0] + "." + parts[1] + "." + third + "." + fourth;
  }

  /// The clone of what runs in the containers.
  Element cloneOf(String bundle, Element primitive) {
    Element clone = new Element("clone", primitive.line());
    clone.set("id", bundle + (promotedMax > 0 ? "-master" : "-clone"));
    Element meta = clone.add(new Element("meta_attributes"));
    meta.set("id", bundle + "-clone-meta");
    ConnectionXml.pair(meta, "ordered", "true");
    ConnectionXml.pair(meta, "clone-max", Integer.toString(replicas));
    ConnectionXml.pair(meta, "clone-node-max", Integer.toString(perHost));
    ConnectionXml.pair(meta, "globally-unique", Boolean.toString(perHost > 1));
    if (promotedMax > 0) {
      ConnectionXml.pair(meta, "promotable", "true");
      ConnectionXml.pair(meta, "promoted-max", Integer.toString(promotedMax));
    }
    clone.add(primitive);
    return clone;
  }

  Element ip(String bundle, Bundle.Replica replica) {
    Element ip =
        ConnectionXml.primitive(id(bundle + "-ip-" + replica.address), "heartbeat", "IPaddr2");
    Element attributes = ip.add(new Element("instance_attributes"));
    attributes.set("id", bundle + "-attributes-" + replica.offset);
    ConnectionXml.pair(attributes, "ip", replica.address);
    ConnectionXml.pair(attributes, "nic", network.get("host-interface"));
    ConnectionXml.pair(attributes, "cidr_netmask", network.get("host-netmask", "32"));
    monitor(ip);
    return ip;
  }

  Element container(String bundle, Bundle.Replica replica) {
    Element primitive =
        ConnectionXml.primitive(
            id(bundle + "-" + technology + "-" + replica.offset), "heartbeat", technology);
    Element attributes = primitive.add(new Element("instance_attributes"));
    attributes.set("id", bundle + "-attributes-" + replica.offset);
    ConnectionXml.pair(attributes, "image", image);
    ConnectionXml.pair(attributes, "allow_pull", "true");
    ConnectionXml.pair(attributes, "force_kill", "false");
    ConnectionXml.pair(attributes, "reuse", "false");
    ConnectionXml.pair(attributes, "run_opts", options(bundle, replica));
    ConnectionXml.pair(attributes, "mount_points", folders(bundle, replica));
    String command = container.get("run-command");
    ConnectionXml.pair(
        attributes,
        "run_cmd",
        command == null && replica.child != null ? "/usr/sbin/pacemaker-remoted" : command);
    ConnectionXml.pair(attributes, "monitor_cmd", "/bin/true");
    monitor(primitive);
    return primitive;
  }

  private static void monitor(Element primitive) {
    Element operations = primitive.add(new Element("operations"));
    ConnectionXml.operation(operations, primitive.id(), "monitor", "60s", null);
  }

  private String options(String bundle, Bundle.Replica replica) {
    boolean rkt = technology.equals("rkt");
    String environment = rkt ? " --environment=" : " -e ";
    StringBuilder options = new StringBuilder();
    if (technology.equals("docker")) {
      options.append(" --restart=no");
    }
    if (network.get("ip-range-start") != null) {
      options
          .append(rkt ? " --hostname=" : " -h ")
          .append(bundle)
          .append('-')
          .append(replica.offset);
    }
    options.append(environment).append("PCMK_stderr=1");
    String net = container.get("network");
    if (net != null) {
      options.append(" --net=").append(net);
    }
    options.append(environment).append("PCMK_remote_port=").append(port());
    int volume = 0;
    for (Mount mount : mounts) {
      options.append(rkt ? rkt(mount, bundle, replica, volume++) : volume(mount, bundle, replica));
    }
    ports.forEach(p -> options.append(publish(p, replica.address, net, rkt)));
    String given = container.get("options");
    if (given != null) {
      options.append(' ').append(given);
    }
    return options.append(' ').append(hosts.toString().replace("@", bundle)).toString();
  }

  private static String volume(Mount mount, String bundle, Bundle.Replica replica) {
    String options = mount.options == null ? "" : ":" + mount.options;
    return " -v " + source(mount, bundle, replica) + ":" + mount.target + options;
  }

  private static String rkt(Mount mount, String bundle, Bundle.Replica replica, int volume) {
    String options = mount.options == null ? "" : "," + mount.options;
    return " --volume vol"
        + volume
        + ",kind=host,source="
        + source(mount, bundle, replica)
        + options
        + " --mount volume=vol"
        + volume
        + ",target="
        + mount.target;
  }

  private static String publish(
      Port port, @Nullable String address, @Nullable String net, boolean rkt) {
    if (address != null) {
      return rkt
          ? " --port=" + port.target + ":" + address + ":" + port.source
          : " -p " + address + ":" + port.source + ":" + port.target;
    }
    if ("host".equals(net)) {
      return "";
    }
    return rkt
        ? " --port=" + port.target + ":" + port.source
        : " -p " + port.source + ":" + port.target;
  }

  private String folders(String bundle, Bundle.Replica replica) {
    List<String> folders = new ArrayList<>();
    for (Mount mount : mounts) {
      if (mount.perReplica) {
        folders.add(source(mount, bundle, replica));
      }
    }
    return String.join(",", folders);
  }

  private static String source(Mount mount, String bundle, Bundle.Replica replica) {
    return mount.perReplica ? mount.source + "/" + bundle + "-" + replica.offset : mount.source;
  }

  /// Colons of IPv6 addresses are no part of an id.
  private static String id(String id) {
    return id.replace(':', '.');
  }
}
