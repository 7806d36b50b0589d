package io.trivet.services.galera;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the cluster file says about the database.
///
/// @param cluster name of the cluster
/// @param members the controllers that have a copy, in the order of the cluster file
/// @param port where each of them listens for SQL
/// @param options further settings of the server, by the operator
/// @param brokerPorts connections of the broker: when a controller is gone, the broker's own agent
///   decides about them
public record GaleraSettings(
    String cluster,
    List<Member> members,
    int port,
    NavigableMap<String, String> options,
    List<Integer> brokerPorts) {
  /// Where members talk to each other (Galera's default).
  public static final int REPLICATION_PORT = 4567;

  /// A controller with a copy.
  ///
  /// @param name name of the controller
  /// @param address where it is reached; IPv6 without brackets
  public record Member(String name, String address) {
    String bracketed() {
      return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
    }
  }

  public GaleraSettings {
    members = List.copyOf(members);
    options = Collections.unmodifiableNavigableMap(new TreeMap<>(options));
    brokerPorts = List.copyOf(brokerPorts);
  }

  /// The member of that name, or null.
  public @Nullable Member member(String name) {
    return members.stream().filter(m -> m.name().equals(name)).findFirst().orElse(null);
  }

  /// Names of all members but this one.
  List<Member> others(String name) {
    return members.stream().filter(m -> !m.name().equals(name)).toList();
  }

  /// Members to copy from. The writer is not among them where there is another one: a donor takes
  /// no writes meanwhile, and of those named Galera takes any that can send what is missing. The
  /// list ends with a comma in the server's option, so the writer still is the last resort.
  List<String> donors(String name, @Nullable String writer) {
    List<String> all = others(name).stream().map(Member::name).toList();
    List<String> others = all.stream().filter(m -> !m.equals(writer)).toList();
    return others.isEmpty() ? all : others;
  }

  /// Names for the addresses in `wsrep_incoming_addresses`; an address that nobody has stays as it
  /// is. In the order of the cluster file.
  List<String> names(String incoming) {
    List<String> found = new ArrayList<>();
    List<String> strange = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    for (String entry : incoming.split(",", -1)) {
      if (!entry.isBlank()) {
        addresses.add(entry.strip());
      }
    }
    for (Member member : members) {
      String prefix = member.bracketed() + ":";
      if (addresses.removeIf(a -> a.startsWith(prefix) || a.equals(member.address()))) {
        found.add(member.name());
      }
    }
    for (String address : addresses) {
      // A member that is just joining has no address yet.
      if (!address.startsWith("AUTO")) {
        strange.add(address);
      }
    }
    found.addAll(strange);
    return found;
  }
}
