package io.trivet.scheduler.importing;

import io.trivet.cluster.file.KnownApi;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.importing.Agents.Kind;
import io.trivet.scheduler.rules.Booleans;
import io.trivet.scheduler.rules.NvPairs;
import io.trivet.scheduler.rules.RuleContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Makes a cluster file of a CIB's configuration. What a cluster file has no words for is not
/// guessed at: there is a remark for it. What Trivet does by itself (the order of its own parts,
/// the intervals of checks) is said once for each resource.
public final class CibImport {
  private static final List<String> SETS =
      List.of("meta_attributes", "instance_attributes", "utilization", "operations");

  /// Attributes of clones that say what Trivet does anyway.
  private static final List<String> USUAL_META =
      List.of(
          "clone-max",
          "clone-node-max",
          "interleave",
          "notify",
          "ordered",
          "promotable",
          "promoted-max",
          "promoted-node-max");

  private final Element cib;
  private final RuleContext now;
  private final Parts parts = new Parts();
  private final List<Remark> remarks = new ArrayList<>();

  private CibImport(Element cib, long now) {
    this.cib = cib;
    this.now = RuleContext.at(now).within(cib);
  }

  /// @param cib as [io.trivet.scheduler.cib.CibReader] gives it
  /// @param addresses of controllers by name, as far as they are known
  /// @param now seconds since 1970, for rules
  public static Imported of(Element cib, SequencedMap<String, String> addresses, long now) {
    CibImport made = new CibImport(cib, now);
    Element configuration = cib.child("configuration");
    if (configuration != null) {
      made.nodes(configuration, addresses);
      section(configuration, "resources").forEach(made::resource);
      new ImportedConstraints(made.parts, made.remarks).read(section(configuration, "constraints"));
      made.options(configuration);
      made.leftOver(configuration);
    }
    made.remarks.sort(Comparator.comparingInt(Remark::line));
    return new Imported(made.parts.yaml(), made.remarks);
  }

  private static List<Element> section(Element configuration, String name) {
    Element section = configuration.child(name);
    return section == null ? List.of() : section.children();
  }

  private void say(Element element, String what) {
    remarks.add(Remark.of(element, what));
  }

  private void nodes(Element configuration, SequencedMap<String, String> addresses) {
    int members = 0;
    for (Element node : section(configuration, "nodes")) {
      if (!node.is("node")) {
        continue;
      }
      String type = node.get("type", "member");
      if (!type.equals("member") && !type.equals("normal")) {
        say(node, "a node of type " + type + " is not a controller and is left out");
        continue;
      }
      members++;
      String uname = node.get("uname", node.id());
      String name = uname.toLowerCase(Locale.ROOT);
      if (name.indexOf('.') > 0) {
        name = name.substring(0, name.indexOf('.'));
      }
      if (!name.equals(uname)) {
        say(node, uname + " is called " + name + " in the cluster file");
      }
      String address = addresses.getOrDefault(uname, addresses.getOrDefault(name, ""));
      parts.controllers.put(name, address);
      if (address.isEmpty()) {
        say(
            node,
            "its address is not in a CIB; write it in, or give --address " + uname + "=ADDRESS");
      }
      nodeAttributes(node, name);
    }
    if (members < 3) {
      remarks.add(
          new Remark(
              0,
              "",
              "the CIB has "
                  + (members == 1 ? "1 node" : members + " nodes")
                  + "; a quorum needs 3 controllers, one of which may be a witness"));
    }
  }

  private void nodeAttributes(Element node, String name) {
    for (Element set : node.children()) {
      for (Element pair : set.children("nvpair")) {
        boolean standby = pair.get("name", "").equals("standby");
        if (standby && Booleans.parse(pair.get("value"), false)) {
          say(pair, name + " is in standby; do that with: trivet node standby " + name);
        } else if (!standby) {
          say(pair, "node attribute " + said(pair) + " is left out");
        }
      }
    }
  }

  private static String said(Element pair) {
    return pair.get("name", "") + "=" + pair.get("value", "");
  }

  private void resource(Element resource) {
    switch (resource.name()) {
      case "primitive" -> primitive(resource, false, List.of(resource.id()));
      case "clone" -> {
        for (Element child : resource.children()) {
          if (child.is("primitive")) {
            primitive(child, true, List.of(resource.id(), child.id()));
          } else if (child.is("group")) {
            group(child, true, List.of(resource.id(), child.id()));
          }
        }
        settings(resource, USUAL_META);
      }
      case "group" -> group(resource, false, List.of(resource.id()));
      case "bundle" -> bundle(resource);
      case "template" -> {
        // Is read where it is used.
      }
      default -> say(resource, "is not known and is left out");
    }
  }

  /// @param ids of all that stands for it in constraints
  private void primitive(Element primitive, boolean clone, List<String> ids) {
    Element template = template(primitive);
    String standard = attribute(primitive, template, "class");
    String type = attribute(primitive, template, "type");
    switch (Agents.kind(standard, type)) {
      case VIP -> vip(primitive, template, clone, ids);
      case DATABASE -> {
        parts.database = true;
        own(primitive, "database", ids);
      }
      case BROKER -> {
        parts.broker = true;
        own(primitive, "broker", ids);
      }
      case LOAD_BALANCER -> {
        parts.loadBalancer = true;
        own(primitive, "load-balancer", ids);
      }
      case CACHE -> {
        parts.cache = true;
        own(primitive, "cache", ids);
      }
      case UNIT -> {
        unit(primitive, type, clone, ids);
        settings(primitive, List.of());
      }
      case FENCING ->
          say(
              primitive,
              "a fence device ("
                  + type
                  + ") is left out: a cluster file has none; a VIP needs none, since its lease ends by itself");
      case REMOTE -> say(primitive, "the connection to a remote node is left out");
      case OTHER ->
          say(
              primitive,
              "the agent "
                  + standard
                  + ":"
                  + type
                  + " has no counterpart; Trivet runs systemd units: give it one, and name it under units");
    }
  }

  private @Nullable Element template(Element primitive) {
    String id = primitive.get("template");
    Element configuration = cib.child("configuration");
    Element resources = configuration == null ? null : configuration.child("resources");
    return id == null || resources == null ? null : resources.child("template", id);
  }

  private static String attribute(Element primitive, @Nullable Element template, String name) {
    String inherited = template == null ? "" : template.get(name, "");
    return primitive.get(name, inherited);
  }

  private void vip(Element primitive, @Nullable Element template, boolean clone, List<String> ids) {
    SequencedMap<String, String> values =
        NvPairs.unpack(primitive, "instance_attributes", now, cib);
    if (template != null) {
      NvPairs.addTo(values, template, "instance_attributes", now, cib);
    }
    String ip = values.getOrDefault("ip", values.getOrDefault("ipv6addr", ""));
    if (clone || ip.isEmpty()) {
      say(primitive, clone ? "a cloned address is left out" : "has no address and is left out");
      return;
    }
    String prefix = Netmask.length(values.getOrDefault("cidr_netmask", values.get("netmask")));
    if (prefix.isEmpty() && ip.indexOf('/') < 0) {
      say(primitive, "the length of its network's prefix is not in the CIB; write it behind " + ip);
    }
    String nic = values.get("nic");
    if (nic == null) {
      say(primitive, "its interface is not in the CIB; write it in");
    } else if (nic.indexOf(':') > 0) {
      nic = nic.substring(0, nic.indexOf(':'));
    }
    String name = name(primitive, ids.getFirst());
    parts.vips.add(new Parts.Vip(name, prefix.isEmpty() ? ip : ip + "/" + prefix, nic));
    ids.forEach(id -> parts.partOf.put(id, name));
    for (String parameter : values.sequencedKeySet()) {
      if (!List.of("ip", "ipv6addr", "cidr_netmask", "netmask", "nic").contains(parameter)) {
        say(primitive, "its parameter " + parameter + "=" + values.get(parameter) + " is left out");
      }
    }
    settings(primitive, List.of(), "instance_attributes");
  }

  /// One of the parts that Trivet has ways of its own for.
  private void own(Element primitive, String part, List<String> ids) {
    ids.forEach(id -> parts.partOf.put(id, part));
    settings(primitive, USUAL_META);
  }

  private void unit(Element primitive, String type, boolean clone, List<String> ids) {
    KnownApi api = Agents.api(type);
    KnownApi worked = Agents.worksFor(type);
    KnownApi known = api == null ? worked : api;
    String unit = type.endsWith(".service") ? type.substring(0, type.length() - 8) : type;
    if (known == null || !clone) {
      add(primitive, List.of(unit), clone, ids);
      return;
    }
    Parts.Api before = parts.apis.getOrDefault(known, new Parts.Api(known, "", List.of()));
    List<String> workers = new ArrayList<>(before.workers());
    if (api == null) {
      workers.add(unit);
    }
    parts.apis.put(known, new Parts.Api(known, api == null ? before.unit() : unit, workers));
    ids.forEach(id -> parts.partOf.put(id, known.word()));
  }

  private void add(Element element, List<String> units, boolean clone, List<String> ids) {
    String name = name(element, ids.getLast());
    parts.units.put(name, new Parts.Unit(name, units, clone, new LinkedHashSet<>()));
    ids.forEach(id -> parts.partOf.put(id, name));
  }

  /// A group of units is one part; in any other group, each member is one.
  private void group(Element group, boolean clone, List<String> ids) {
    List<Element> members = group.children("primitive");
    List<String> units = new ArrayList<>();
    for (Element member : members) {
      Element template = template(member);
      String type = attribute(member, template, "type");
      if (Agents.kind(attribute(member, template, "class"), type) == Kind.UNIT) {
        units.add(type);
      }
    }
    if (!members.isEmpty() && units.size() == members.size()) {
      add(group, units, clone, ids);
      members.forEach(m -> parts.partOf.put(m.id(), String.valueOf(parts.partOf.get(group.id()))));
      members.forEach(m -> settings(m, List.of()));
    } else {
      members.forEach(m -> primitive(m, clone, List.of(m.id())));
      say(group, "its members are parts of their own; that they stay together is left out");
    }
    settings(group, List.of());
  }

  private void bundle(Element bundle) {
    Element inner = bundle.child("primitive");
    Element container = null;
    for (String technology : List.of("podman", "docker", "rkt")) {
      container = container == null ? bundle.child(technology) : container;
    }
    String image = container == null ? "" : container.get("image", "");
    String inside =
        inner == null
            ? image.replaceAll(".*/|:.*|centos-binary-|openstack-", "")
            : inner.get("type", "");
    List<String> ids = inner == null ? List.of(bundle.id()) : List.of(bundle.id(), inner.id());
    switch (Agents.kind("ocf", inside)) {
      case DATABASE -> {
        parts.database = true;
        own(bundle, "database", ids);
      }
      case BROKER -> {
        parts.broker = true;
        own(bundle, "broker", ids);
      }
      case LOAD_BALANCER -> {
        parts.loadBalancer = true;
        own(bundle, "load-balancer", ids);
      }
      case CACHE -> {
        parts.cache = true;
        own(bundle, "cache", ids);
      }
      case VIP, UNIT, FENCING, REMOTE, OTHER -> {
        say(bundle, "containers (" + image + ") are left out; Trivet runs systemd units");
        return;
      }
    }
    say(bundle, "runs in containers (" + image + "); Trivet runs it as a systemd unit of the host");
    if (inner != null) {
      settings(inner, USUAL_META);
    }
  }

  private String name(Element element, String id) {
    String name = Names31.of(id);
    for (int i = 2; parts.units.containsKey(name) || parts.partOf.containsValue(name); i++) {
      name = Names31.of(id.substring(0, Math.min(id.length(), 27)) + "-" + i);
    }
    if (!name.equals(id)) {
      say(element, id + " is called " + name + " in the cluster file");
    }
    return name;
  }

  /// Remarks on what is configured for the resource beside what it is.
  private void settings(Element resource, List<String> usual, String... done) {
    for (Element set : resource.children()) {
      if (!SETS.contains(set.name()) || List.of(done).contains(set.name())) {
        continue;
      }
      if (set.is("operations")) {
        if (!set.children("op").isEmpty()) {
          say(
              set,
              "the operations of "
                  + resource.id()
                  + " are left out; Trivet has intervals and timeouts of its own");
        }
        continue;
      }
      for (Element pair : set.children("nvpair")) {
        String name = pair.get("name", "");
        boolean started =
            name.equals("target-role") && !"stopped".equalsIgnoreCase(pair.get("value"));
        boolean anonymous =
            name.equals("globally-unique") && !Booleans.parse(pair.get("value"), false);
        if (!usual.contains(name) && !started && !anonymous) {
          String what = set.is("instance_attributes") ? "parameter " : "";
          say(pair, what + said(pair) + " of " + resource.id() + " is left out");
        }
      }
    }
  }

  private void options(Element configuration) {
    for (Element set : section(configuration, "crm_config")) {
      for (Element pair : set.children("nvpair")) {
        switch (pair.get("name", "")) {
          case "cluster-name" -> parts.cluster = ClusterNames.of(pair.get("value", ""));
          case "dc-version", "cluster-infrastructure", "have-watchdog", "last-lrm-refresh" -> {
            // Facts, not wishes.
          }
          default -> say(pair, "cluster option " + said(pair) + " is left out");
        }
      }
    }
  }

  private void leftOver(Element configuration) {
    for (String section : List.of("rsc_defaults", "op_defaults")) {
      for (Element set : section(configuration, section)) {
        set.children("nvpair").forEach(p -> say(p, "the default " + said(p) + " is left out"));
      }
    }
    for (String section : List.of("fencing-topology", "tags", "acls", "alerts")) {
      section(configuration, section)
          .forEach(e -> say(e, "has no place in a cluster file and is left out"));
    }
  }
}
