package io.trivet.scheduler;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The configuration as planning needs it: what runs where, after what, beside what.
///
/// @param nodes controllers in the order of the cluster file, witnesses included
/// @param services resources other than VIPs, first things first
/// @param vips resources of which one member at a time answers
record Layout(List<String> nodes, List<Service> services, List<Vip> vips) {
  Layout {
    nodes = List.copyOf(nodes);
    services = firstThingsFirst(services);
    vips = List.copyOf(vips);
  }

  /// @param everywhere true if it runs on all of its members, false if on one at a time
  /// @param members where it may run
  /// @param after what must be started before it
  /// @param preferences node → score; counts where there is a choice
  record Service(
      String id,
      boolean everywhere,
      List<String> members,
      List<After> after,
      NavigableMap<String, Integer> preferences) {
    Service {
      members = List.copyOf(members);
      after = List.copyOf(after);
      preferences = Collections.unmodifiableNavigableMap(new TreeMap<>(preferences));
    }
  }

  /// A mandatory order.
  ///
  /// @param first the resource that comes first
  /// @param sameNode true if it must be started on the same node, false if one instance anywhere is
  ///   enough
  record After(String first, boolean sameNode) {}

  /// @param members where it may be
  /// @param beside what must be started on a node that holds it
  /// @param after what must be started anywhere before it is assigned for the first time
  /// @param preferences node → score; a higher one is chosen first when the VIP has to go somewhere
  ///   anyway
  record Vip(
      String id,
      List<String> members,
      List<String> beside,
      List<String> after,
      NavigableMap<String, Integer> preferences) {
    Vip {
      members = List.copyOf(members);
      beside = List.copyOf(beside);
      after = List.copyOf(after);
      preferences = Collections.unmodifiableNavigableMap(new TreeMap<>(preferences));
    }
  }

  @Nullable Service service(String id) {
    return services.stream().filter(s -> s.id.equals(id)).findFirst().orElse(null);
  }

  /// How many members make a quorum.
  int majority() {
    return nodes.size() / 2 + 1;
  }

  /// Each service after all that it comes after. What is in a circle comes last, in the order
  /// given: it waits for ever, and the plan says for what.
  private static List<Service> firstThingsFirst(List<Service> given) {
    List<Service> left = new ArrayList<>(given);
    LinkedHashSet<String> placed = new LinkedHashSet<>();
    List<Service> ordered = new ArrayList<>();
    boolean moved = true;
    while (moved) {
      moved = false;
      for (Service service : List.copyOf(left)) {
        boolean ready =
            service.after.stream()
                .allMatch(
                    a ->
                        placed.contains(a.first)
                            || left.stream().noneMatch(s -> s.id.equals(a.first)));
        if (ready) {
          left.remove(service);
          placed.add(service.id);
          ordered.add(service);
          moved = true;
        }
      }
    }
    ordered.addAll(left);
    return List.copyOf(ordered);
  }
}
