package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which of two operations of the history is the newer one. On one node the executor numbers them
/// (`call-id`); between nodes, time has to do; an operation that is pending has no number yet, so
/// the numbers of the transitions are compared.
public final class HistoryOrder {
  private HistoryOrder() {}

  /// The operations of one resource on one node, oldest first.
  public static List<Element> sorted(Element history) {
    List<Element> ops = new ArrayList<>(history.children("lrm_rsc_op").reversed());
    return mergeSort(ops);
  }

  /// The order is none that every sort could bear: it need not be transitive.
  private static List<Element> mergeSort(List<Element> ops) {
    if (ops.size() < 2) {
      return ops;
    }
    int middle = ops.size() / 2;
    List<Element> left = mergeSort(ops.subList(0, middle));
    List<Element> right = mergeSort(ops.subList(middle, ops.size()));
    List<Element> merged = new ArrayList<>(ops.size());
    int i = 0;
    int j = 0;
    while (i < left.size() && j < right.size()) {
      merged.add(compare(left.get(i), right.get(j), true) <= 0 ? left.get(i++) : right.get(j++));
    }
    merged.addAll(left.subList(i, left.size()));
    merged.addAll(right.subList(j, right.size()));
    return merged;
  }

  /// Greater than 0 if the first is newer, less than 0 if the second is, 0 if nobody knows.
  ///
  /// @param sameNode true if both are of one node; asked only where they do not say it
  static int compare(Element a, Element b, boolean sameNode) {
    String nodeA = a.get("on_node");
    String nodeB = b.get("on_node");
    boolean same = nodeA == null || nodeB == null ? sameNode : nodeA.equalsIgnoreCase(nodeB);
    if (same && a.id().equals(b.id())) {
      return 0;
    }
    int callA = HistoryEntry.number(a.get("call-id"), -1);
    int callB = HistoryEntry.number(b.get("call-id"), -1);
    if (callA == -1 && callB == -1) {
      return 0;
    }
    if (same && callA >= 0 && callA < callB) {
      return -1;
    }
    if (same && callB >= 0 && callA > callB) {
      return 1;
    }
    if (callA >= 0 && callB >= 0 && (!same || callA == callB)) {
      return byTime(HistoryEntry.lastChange(a), HistoryEntry.lastChange(b));
    }
    return byTransition(a, b, callA, callB);
  }

  private static int byTime(long a, long b) {
    if (a >= 0 && a < b) {
      return -1;
    }
    return b >= 0 && a > b ? 1 : 0;
  }

  private static int byTransition(Element a, Element b, int callA, int callB) {
    Transition first = Transition.of(a);
    Transition second = Transition.of(b);
    if (first == null || second == null) {
      return 0;
    }
    if (!first.uuid.equalsIgnoreCase(second.uuid) || first.id == second.id) {
      // Of two controllers: the pending one is what was left by the former.
      if (callB == -1) {
        return -1;
      }
      return callA == -1 ? 1 : 0;
    }
    if ((first.id >= 0 && first.id < second.id) || second.id == -1) {
      return -1;
    }
    return (second.id >= 0 && first.id > second.id) || first.id == -1 ? 1 : 0;
  }

  /// `STATUS:RC;ACTION:TRANSITION:EXPECTED:UUID`.
  private record Transition(int id, String uuid) {
    static @Nullable Transition of(Element op) {
      String magic = op.get("transition-magic");
      int semicolon = magic == null ? -1 : magic.indexOf(';');
      if (magic == null || semicolon < 0) {
        return null;
      }
      String[] parts = magic.substring(semicolon + 1).split(":", 4);
      if (parts.length < 4 || !parts[1].matches("-?\\d{1,9}")) {
        return null;
      }
      return new Transition(Integer.parseInt(parts[1]), parts[3]);
    }
  }
}
