package io.trivet.cluster.file;

import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.UnitLease;
import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.kernel.KernelLimits;
import io.trivet.cluster.lease.LeaseCodec;
import io.trivet.cluster.lease.LeaseMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// How much of everything a cluster file may have. Each limit is one of a part below, which would
/// refuse the file only once it is in force; here it is refused with its line before that. Those of
/// the kernel are in [KernelLimits].
public final class Limits {
  /// A VIP names its holder and its heirs, and any controller may be one of them.
  public static final int CONTROLLERS = VipAssignment.MAX_HEIRS + 1;

  /// What a message between the leases can name: VIPs, and units that the network fences.
  public static final int VIPS = LeaseMessage.MAX_VIPS;

  /// Resources, VIPs excepted, times controllers: what one entry of the replicated log can order at
  /// once, 512 KiB at about 300 bytes for an order, with room for the VIPs.
  public static final int INSTANCES = 1_200;

  /// Characters of the file. In the log each may take six bytes, and an entry has at most 512 KiB.
  public static final int CHARACTERS = 64 * 1024;

  /// The links between namespaces and the host have their addresses here (`VipPlace`).
  static final IpPrefix OWN_V6 = IpPrefix.of("fd74:7269:7665::/48");

  /// An epoch, a flag for the holder, the number of heirs, a flag, a number: what a VIP costs in a
  /// message beside its names.
  private static final int BYTES_BESIDE_NAMES = 8 + 1 + 1 + 1 + 8;

  private static final int BYTES_OF_HEAD = 256;

  private Limits() {}

  /// Checks what takes the whole file to see.
  ///
  /// @param vips where the VIPs begin
  /// @param controllers where the controllers begin
  static void check(ClusterFile file, Yaml.Place vips, Yaml.Place controllers, Findings findings) {
    namespaces(file, vips, findings);
    message(file, vips, findings);
    instances(file, controllers, findings);
  }

  private static void namespaces(ClusterFile file, Yaml.Place at, Findings findings) {
    Map<String, List<Vip>> places = new LinkedHashMap<>();
    for (Vip vip : file.vips()) {
      String namespace = Objects.requireNonNullElse(vip.namespace(), "");
      places.computeIfAbsent(namespace, _ -> new ArrayList<>()).add(vip);
    }
    long named = places.keySet().stream().filter(name -> !name.isEmpty()).count();
    most(named, KernelLimits.MOST_NAMESPACES, "network namespaces for VIPs", at, findings);
    places.forEach(
        (namespace, inside) -> {
          String where = namespace.isEmpty() ? "on the host" : "in namespace " + namespace;
          long addresses = inside.stream().mapToLong(vip -> vip.addresses().size()).sum();
          most(
              addresses,
              KernelLimits.MOST_ADDRESSES_IN_PLACE,
              "addresses of VIPs " + where,
              at,
              findings);
          if (!namespace.isEmpty()) {
            most(inside.size(), KernelLimits.MOST_VIPS_IN_NAMESPACE, "VIPs " + where, at, findings);
          }
        });
  }

  /// A controller asks for all leases that it may hold, of VIPs and of units, and says which it let
  /// go, in one message.
  private static void message(ClusterFile file, Yaml.Place at, Findings findings) {
    List<String> leases = new ArrayList<>();
    file.vips().forEach(vip -> leases.add(vip.leaseName()));
    file.units().stream()
        .filter(unit -> unit.fence() == PlainUnit.Fence.NETWORK)
        .forEach(unit -> leases.add(UnitLease.of(unit.name())));
    String what = leases(file.vips().size(), leases.size() - file.vips().size());
    if (leases.size() > VIPS) {
      if (file.vips().size() <= VIPS) { // else it was said
        findings.error(at, "the file has " + what, "at most " + VIPS + " of both together");
      }
      return;
    }
    long members = file.controllers().stream().mapToLong(c -> 1 + c.name().length()).sum();
    long bytes = BYTES_OF_HEAD;
    for (String lease : leases) {
      bytes += 2 * (1 + lease.length() + members + BYTES_BESIDE_NAMES);
    }
    if (bytes > LeaseCodec.MAX_BYTES) {
      findings.error(
          at,
          what
              + " with "
              + file.controllers().size()
              + " controllers make messages of "
              + bytes
              + " bytes",
          "messages of at most "
              + LeaseCodec.MAX_BYTES
              + " bytes: fewer VIPs (one may have "
              + KernelLimits.MOST_ADDRESSES_OF_VIP
              + " addresses), or shorter names");
    }
  }

  private static String leases(int vips, int units) {
    return vips + " VIPs" + (units == 0 ? "" : " and " + units + " units fenced by the network");
  }

  private static void instances(ClusterFile file, Yaml.Place at, Findings findings) {
    long balancers =
        file.vips().stream()
            .map(vip -> Objects.requireNonNullElse(vip.namespace(), ""))
            .distinct()
            .count();
    long resources = 3 + balancers; // database, broker, cache
    resources += file.apis().stream().mapToLong(api -> 1L + api.workers().size()).sum();
    resources += file.units().stream().mapToLong(unit -> unit.units().size()).sum();
    long instances = resources * file.workers().size();
    if (instances > INSTANCES) {
      findings.error(
          at,
          resources
              + " resources on "
              + file.workers().size()
              + " controllers are "
              + instances
              + " instances",
          "at most " + INSTANCES);
    }
  }

  private static void most(long found, int most, String of, Yaml.Place at, Findings findings) {
    if (found > most) {
      findings.error(at, "the file has " + found + " " + of, "at most " + most);
    }
  }
}
