package io.trivet.services.controller;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is so on a controller at one moment.
///
/// @param interfaces names, and of each whether it takes IPv6 addresses
/// @param addresses of the controller's own network namespace, each as
///   [io.trivet.cluster.IpAddress] writes it, and the interface that has it
/// @param units systemd's word for whether it could start each of those that were asked for:
///   `loaded` if it could, else `not-found`, `masked`, `bad-setting` and the like
public record MachineFacts(
    SortedMap<String, Boolean> interfaces,
    SortedMap<String, String> addresses,
    SortedMap<String, String> units) {
  public MachineFacts {
    interfaces = copy(interfaces);
    addresses = copy(addresses);
    units = copy(units);
  }

  private static <V> SortedMap<String, V> copy(Map<String, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }
}
