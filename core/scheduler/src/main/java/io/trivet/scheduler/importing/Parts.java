package io.trivet.scheduler.importing;

import io.trivet.cluster.file.KnownApi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// The parts of a cluster file as they are found in a CIB, and the file that they make.
final class Parts {
  /// A VIP; what is null is not in the CIB.
  record Vip(String name, String address, @Nullable String networkInterface) {}

  /// An API that Trivet knows, with units of other names than Trivet's.
  record Api(KnownApi known, String unit, List<String> workers) {}

  /// Other systemd units.
  record Unit(String name, List<String> units, boolean everywhere, SequencedSet<String> after) {}

  String cluster = "";

  /// Name → address; the empty string where it is not known.
  final SequencedMap<String, String> controllers = new LinkedHashMap<>();

  final List<Vip> vips = new ArrayList<>();
  boolean database;
  boolean broker;
  boolean loadBalancer;
  boolean cache;
  final SequencedMap<KnownApi, Api> apis = new LinkedHashMap<>();
  final SequencedMap<String, Unit> units = new LinkedHashMap<>();

  /// Name of a part by the id of each resource that it was made of.
  final SequencedMap<String, String> partOf = new LinkedHashMap<>();

  String yaml() {
    StringBuilder text = new StringBuilder("trivet: 1\n");
    line(text, 0, "name", cluster, "the CIB names none");
    text.append("\ncontrollers:\n");
    controllers.forEach(
        (name, address) -> line(text, 1, name, address, "no CIB knows its address"));
    if (!vips.isEmpty()) {
      text.append("\nvips:\n");
      for (Vip vip : vips) {
        text.append("  ").append(vip.name).append(":\n");
        line(text, 2, "address", quoted(vip.address), "");
        String named = vip.networkInterface == null ? "" : quoted(vip.networkInterface);
        line(text, 2, "interface", named, "the one in the VIP's network");
      }
    }
    if (database || broker || loadBalancer || cache) {
      text.append('\n');
    }
    text.append(database ? "database: mariadb\n" : "");
    text.append(broker ? "broker: rabbitmq\n" : "");
    text.append(loadBalancer ? "load-balancer: haproxy\n" : "");
    text.append(cache ? "cache: memcached\n" : "");
    if (!apis.isEmpty()) {
      text.append("\napis:\n");
      apis.values().forEach(a -> api(text, a));
    }
    if (!units.isEmpty()) {
      text.append("\nunits:\n");
      inOrder().forEach(u -> unit(text, u));
    }
    return text.toString();
  }

  private static void line(
      StringBuilder text, int depth, String key, String value, String missing) {
    text.repeat("  ", depth).append(key).append(':');
    text.append(value.isEmpty() ? "   # " + missing : " " + value).append('\n');
  }

  private static String quoted(String value) {
    boolean plain = value.matches("[A-Za-z0-9][A-Za-z0-9._/-]*");
    return plain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static void api(StringBuilder text, Api api) {
    text.append("  ").append(api.known.word()).append(": {");
    List<String> settings = new ArrayList<>();
    if (!api.unit.isEmpty() && !api.unit.equals(api.known.unit())) {
      settings.add("unit: " + quoted(api.unit));
    }
    if (!api.workers.isEmpty()) {
      settings.add("workers: " + list(api.workers));
    }
    text.append(settings.isEmpty() ? "" : " " + String.join(", ", settings) + " ").append("}\n");
  }

  private static void unit(StringBuilder text, Unit unit) {
    String units =
        unit.units.equals(List.of(unit.name))
            ? ""
            : ", unit: "
                + (unit.units.size() == 1 ? quoted(unit.units.getFirst()) : list(unit.units));
    String after = unit.after.isEmpty() ? "" : ", after: " + list(List.copyOf(unit.after));
    text.append("  ")
        .append(unit.name)
        .append(": { kind: ")
        .append(unit.everywhere ? "clone" : "singleton")
        .append(units)
        .append(after)
        .append(" }\n");
  }

  private static String list(List<String> items) {
    return "[" + String.join(", ", items.stream().map(Parts::quoted).toList()) + "]";
  }

  /// Each unit after those that it names; in a circle, as they come.
  private List<Unit> inOrder() {
    SequencedSet<Unit> ordered = new LinkedHashSet<>();
    units.values().forEach(u -> add(u, ordered, new LinkedHashSet<>()));
    return List.copyOf(ordered);
  }

  private void add(Unit unit, SequencedSet<Unit> ordered, SequencedSet<String> above) {
    if (ordered.contains(unit) || !above.add(unit.name)) {
      return;
    }
    for (String name : unit.after) {
      Unit earlier = units.get(name);
      if (earlier != null) {
        add(earlier, ordered, above);
      }
    }
    ordered.add(unit);
  }

  /// Lets the unit start after the part, unless that part starts after the unit already.
  ///
  /// @return false if it does
  boolean order(Unit unit, String part) {
    if (unit.name.equals(part) || reaches(part, unit.name, new LinkedHashSet<>())) {
      return false;
    }
    unit.after.add(part);
    return true;
  }

  private boolean reaches(String from, String to, SequencedSet<String> seen) {
    Unit unit = units.get(from);
    if (unit == null || !seen.add(from)) {
      return false;
    }
    return unit.after.contains(to) || unit.after.stream().anyMatch(a -> reaches(a, to, seen));
  }
}
