package io.trivet.daemon.vip;

import io.trivet.cluster.file.Vip;
import io.trivet.cluster.kernel.KernelLimits;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which number each namespace and each VIP's routing table has. A number stays with what it was
/// given to for as long as that exists: the names and addresses in the kernel come from it, so a
/// VIP that leaves the cluster file changes nothing for the others. Immutable.
///
/// @param numbers `namespace NAME` → number of the place; `table NAME VIP` → number of the routing
///   table
record PlaceNumbers(SortedMap<String, Integer> numbers) {
  static final PlaceNumbers NONE = new PlaceNumbers(new TreeMap<>());

  private static final String NAMESPACE = "namespace ";
  private static final String TABLE = "table ";

  PlaceNumbers {
    numbers = new TreeMap<>(numbers);
    numbers.keySet().removeIf(key -> !isKey(key));
    numbers = Collections.unmodifiableSortedMap(numbers);
  }

  /// Whether an entry of the register is one of these numbers.
  static boolean isKey(String key) {
    return key.startsWith(NAMESPACE) || key.startsWith(TABLE);
  }

  /// These numbers, and the lowest free ones for what has none yet.
  ///
  /// @throws IllegalArgumentException when there are more than [KernelLimits] allows
  PlaceNumbers covering(List<Vip> vips) {
    TreeMap<String, Integer> all = new TreeMap<>(numbers);
    for (Vip vip : vips) {
      String namespace = vip.namespace();
      if (namespace != null) {
        give(all, namespaceKey(namespace), NAMESPACE, 0, KernelLimits.MOST_NAMESPACES);
        give(
            all,
            tableKey(namespace, vip.name()),
            tableKey(namespace, ""),
            KernelLimits.FIRST_TABLE,
            KernelLimits.MOST_VIPS_IN_NAMESPACE);
      }
    }
    return new PlaceNumbers(all);
  }

  /// Only the numbers of what these VIPs need.
  PlaceNumbers only(List<Vip> vips) {
    TreeSet<String> needed = new TreeSet<>();
    for (Vip vip : vips) {
      String namespace = vip.namespace();
      if (namespace != null) {
        needed.add(namespaceKey(namespace));
        needed.add(tableKey(namespace, vip.name()));
      }
    }
    TreeMap<String, Integer> kept = new TreeMap<>(numbers);
    kept.keySet().retainAll(needed);
    return new PlaceNumbers(kept);
  }

  /// The namespaces that have a number.
  SortedSet<String> namespaces() {
    TreeSet<String> names = new TreeSet<>();
    for (String key : numbers.keySet()) {
      if (key.startsWith(NAMESPACE)) {
        names.add(key.substring(NAMESPACE.length()));
      }
    }
    return names;
  }

  int ofNamespace(String namespace) {
    return known(namespaceKey(namespace));
  }

  int ofTable(String namespace, String vip) {
    return known(tableKey(namespace, vip));
  }

  private int known(String key) {
    Integer number = numbers.get(key);
    if (number == null) {
      throw new IllegalArgumentException("no number was given to " + key);
    }
    return number;
  }

  private static void give(
      TreeMap<String, Integer> all, String key, String kind, int first, int most) {
    if (all.containsKey(key)) {
      return;
    }
    TreeSet<Integer> taken = new TreeSet<>();
    all.forEach(
        (other, number) -> {
          if (other.startsWith(kind)) {
            taken.add(number);
          }
        });
    int free = first;
    while (taken.contains(free)) {
      free++;
    }
    if (free >= first + most) {
      throw new IllegalArgumentException("more than " + most + " numbers of " + kind.strip());
    }
    all.put(key, free);
  }

  private static String namespaceKey(String namespace) {
    return NAMESPACE + namespace;
  }

  private static String tableKey(String namespace, String vip) {
    return TABLE + namespace + " " + vip;
  }
}
