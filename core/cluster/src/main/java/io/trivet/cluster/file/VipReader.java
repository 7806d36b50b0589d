package io.trivet.cluster.file;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.kernel.KernelLimits;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the VIPs of the cluster file.
final class VipReader {
  private static final List<String> KEYS = List.of("address", "interface", "namespace", "routes");

  private final Findings findings;
  private final Values values;
  private final WholeFile whole;
  private final List<String> names = new ArrayList<>();

  VipReader(Findings findings, Values values, WholeFile whole) {
    this.findings = findings;
    this.values = values;
    this.whole = whole;
  }

  List<Vip> vips(Section top, List<Controller> controllers) {
    List<Vip> vips = new ArrayList<>();
    Yaml value = top.value("vips");
    Yaml.Mapping mapping =
        value == null
            ? null
            : values.mapping(
                value,
                "\"vips\"",
                "names with settings: `public: { address: 10.77.0.100/24, interface: eth0 }`");
    if (mapping == null) {
      return vips;
    }
    if (mapping.entries().isEmpty()) {
      findings.error(mapping.at(), "\"vips\" is empty", "at least one VIP, or no \"vips\"");
    }
    for (Yaml.Entry entry : Section.ofNames(mapping, "\"vips\"", findings).entries()) {
      Vip vip = vip(entry, controllers);
      if (vip != null) {
        vips.add(vip);
      }
    }
    if (mapping.entries().size() > Limits.VIPS) {
      findings.error(
          top.placeOf("vips"),
          "the file has " + mapping.entries().size() + " VIPs",
          "at most " + Limits.VIPS + " (one may have several addresses)");
    }
    return vips;
  }

  /// The names of all VIPs in the file, also of those with a problem: a reference to one of these
  /// is right.
  List<String> names() {
    return List.copyOf(names);
  }

  private @Nullable Vip vip(Yaml.Entry entry, List<Controller> controllers) {
    String name = values.resourceName(entry.key(), "a VIP's name");
    String subject = "VIP " + entry.key().kind();
    if (name != null) {
      names.add(name);
      whole.resource(name, subject, entry.key().at());
    }
    Yaml.Mapping mapping =
        values.mapping(entry.value(), subject, "settings: " + String.join(", ", KEYS));
    if (mapping == null) {
      return null;
    }
    Section section = Section.of(mapping, subject, KEYS, findings);
    List<IpPrefix> addresses = addresses(section, subject);
    Yaml interfaceValue = section.required("interface", "interface: eth0");
    String interfaceName =
        interfaceValue == null
            ? null
            : values.interfaceName(interfaceValue, "the interface of " + subject);
    Yaml namespaceValue = section.value("namespace");
    String namespace =
        namespaceValue == null
            ? null
            : values.namespace(namespaceValue, "the namespace of " + subject);
    if (namespaceValue != null && namespace != null) {
      whole.namespace(namespace, subject, namespaceValue.at());
    }
    List<Route> routes = routes(section, subject, addresses, namespace);
    for (IpPrefix address : addresses) {
      whole.vipNetwork(address, subject, section.placeOf("address"), controllers, routes);
    }
    if (name == null || interfaceName == null || addresses.isEmpty()) {
      return null;
    }
    return new Vip(name, addresses, interfaceName, namespace, routes);
  }

  private List<IpPrefix> addresses(Section section, String subject) {
    List<IpPrefix> addresses = new ArrayList<>();
    Yaml value = section.required("address", "address: 10.77.0.100/24");
    if (value == null) {
      return addresses;
    }
    for (Yaml item : values.oneOrMore(value, "the address of " + subject)) {
      IpPrefix address = values.interfaceAddress(item, "the address of " + subject);
      if (address != null) {
        addresses.add(address);
        whole.vipAddress(address, subject, item.at());
      }
    }
    if (addresses.size() > KernelLimits.MOST_ADDRESSES_OF_VIP) {
      findings.error(
          section.placeOf("address"),
          subject + " has " + addresses.size() + " addresses",
          "at most " + KernelLimits.MOST_ADDRESSES_OF_VIP + "; more of them in another VIP");
    }
    return addresses;
  }

  private List<Route> routes(
      Section section, String subject, List<IpPrefix> addresses, @Nullable String namespace) {
    List<Route> routes = new ArrayList<>();
    Yaml value = section.value("routes");
    if (value == null) {
      return routes;
    }
    if (section.value("namespace") == null) {
      findings.error(
          section.placeOf("routes"),
          "routes of " + subject + " without a namespace would change the host's own routing",
          "a \"namespace\" beside the routes; routes of the host belong to the host's network configuration");
    }
    if (!(value instanceof Yaml.Sequence list)) {
      findings.error(
          value.at(),
          "\"routes\" of " + subject + " is " + value.kind(),
          "a list: `- { to: default, via: 10.77.0.1 }`");
      return routes;
    }
    for (Yaml item : list.items()) {
      Route route = route(item, subject, addresses);
      if (route != null) {
        routes.add(route);
        whole.route(route, namespace, subject, item.at());
      }
    }
    return routes;
  }

  private @Nullable Route route(Yaml item, String subject, List<IpPrefix> addresses) {
    Yaml.Mapping mapping =
        values.mapping(item, "a route of " + subject, "`{ to: default, via: 10.77.0.1 }`");
    if (mapping == null) {
      return null;
    }
    Section section = Section.of(mapping, "a route of " + subject, List.of("to", "via"), findings);
    Yaml viaValue = section.required("via", "via: 10.77.0.1");
    Yaml toValue = section.required("to", "to: default");
    IpAddress via =
        viaValue == null ? null : values.address(viaValue, "the next hop of a route of " + subject);
    IpPrefix to =
        toValue == null
            ? null
            : values.destination(
                toValue,
                "the destination of a route of " + subject,
                via == null ? null : via.family());
    if (viaValue == null || via == null || to == null) {
      return null;
    }
    if (to.address().family() != via.family()) {
      findings.error(
          viaValue.at(),
          "the route to " + to + " of " + subject + " has a next hop of the other family, " + via,
          "a next hop of its own family");
      return null;
    }
    if (addresses.stream().anyMatch(a -> a.address().equals(via))) {
      findings.error(
          viaValue.at(),
          "the next hop " + via + " of " + subject + " is the VIP itself",
          "the address of a router");
      return null;
    }
    if (!addresses.isEmpty() && addresses.stream().noneMatch(a -> a.contains(via))) {
      String networks =
          String.join(", ", addresses.stream().map(a -> a.network().toString()).toList());
      findings.error(
          viaValue.at(),
          "the next hop " + via + " is in no network of " + subject,
          "an address in " + networks);
      return null;
    }
    return new Route(to, via);
  }
}
