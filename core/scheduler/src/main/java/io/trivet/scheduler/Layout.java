package io.trivet.scheduler;

import java.util.List;

/// The configuration as the words and the policies of a plan need it: what there is, and where it
/// may be at all. Where it shall be, and after what, is decided by
/// [io.trivet.scheduler.live.Decided].
///
/// @param nodes controllers in the order of the cluster file, witnesses included
/// @param services resources other than VIPs, in the order of the expansion
/// @param vips resources of which one member at a time answers
record Layout(List<String> nodes, List<Service> services, List<Vip> vips) {
  Layout {
    nodes = List.copyOf(nodes);
    services = List.copyOf(services);
    vips = List.copyOf(vips);
  }

  /// @param everywhere true if it runs on all of its members, false if on one at a time
  /// @param members where it may run
  /// @param leased true if it is heard only where its lease is held: then the lease of another
  ///   controller proves what otherwise only power could
  record Service(String id, boolean everywhere, List<String> members, boolean leased) {
    Service {
      members = List.copyOf(members);
    }
  }

  /// @param members where it may be
  /// @param beside what must be started on a node that holds it
  record Vip(String id, List<String> members, List<String> beside) {
    Vip {
      members = List.copyOf(members);
      beside = List.copyOf(beside);
    }
  }

  /// How many members make a quorum.
  int majority() {
    return nodes.size() / 2 + 1;
  }
}
