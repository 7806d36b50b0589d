package io.trivet.sim;

import io.trivet.cluster.VipAssignment;
import java.util.ArrayList;
import java.util.List;

/// What one node's cluster file says of the VIPs: each VIP's addresses may go to a VIP of another
/// name, which is another lease of the same addresses. Nodes learn of that at different times.
final class Definitions {
  private static final char MARK = '@';

  private final List<String> vips;
  private final int[] generation;

  Definitions(List<String> vips) {
    this.vips = vips;
    generation = new int[vips.size()];
  }

  /// The name of the lease of these addresses, on this node.
  String name(int vip) {
    String first = vips.get(vip);
    return generation[vip] == 0 ? first : first + MARK + generation[vip];
  }

  List<String> all() {
    List<String> all = new ArrayList<>();
    for (int vip = 0; vip < generation.length; vip++) {
      all.add(name(vip));
    }
    return all;
  }

  int generation(int vip) {
    return generation[vip];
  }

  void become(int vip, int next) {
    generation[vip] = next;
  }

  /// Whose addresses a lease is about, whatever its generation.
  int index(String name) {
    int mark = name.indexOf(MARK);
    return vips.indexOf(mark < 0 ? name : name.substring(0, mark));
  }

  /// Whether this node knows the lease under this name now.
  boolean current(String name) {
    int vip = index(name);
    return vip < 0 || name(vip).equals(name);
  }

  /// What the log says of a VIP, under the name that this node knows it by.
  VipAssignment named(VipAssignment said) {
    int vip = index(said.vip());
    return vip < 0 ? said : new VipAssignment(name(vip), said.epoch(), said.holder(), said.heirs());
  }
}
