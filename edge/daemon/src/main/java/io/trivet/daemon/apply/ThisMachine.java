package io.trivet.daemon.apply;

import io.trivet.cluster.IpAddress;
import io.trivet.daemon.systemd.Systemd;
import io.trivet.daemon.systemd.SystemdException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.route.InterfaceAddress;
import io.trivet.linux.route.Link;
import io.trivet.linux.route.RouteSocket;
import io.trivet.services.controller.MachineFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The controller that this daemon runs on.
public final class ThisMachine {
  private final Systemd systemd;

  public ThisMachine(Systemd systemd) {
    this.systemd = systemd;
  }

  /// What is so on it now. May block while systemd does not answer.
  ///
  /// @param units whose state is wanted
  public MachineFacts facts(Set<String> units) throws IOException {
    SortedMap<String, Boolean> interfaces = new TreeMap<>();
    SortedMap<String, String> addresses = new TreeMap<>();
    try (NetworkNamespace here = NetworkNamespace.current();
        RouteSocket route = RouteSocket.open(here)) {
      Map<Integer, String> names = new TreeMap<>();
      for (Link link : route.links()) {
        names.put(link.index(), link.name());
        interfaces.put(link.name(), takesV6(link.name()));
      }
      for (InterfaceAddress address : route.addresses()) {
        String text = address.prefix().address().getHostAddress().replaceFirst("%.*", "");
        addresses.put(
            IpAddress.of(text).toString(),
            names.getOrDefault(address.linkIndex(), "number " + address.linkIndex()));
      }
    }
    return new MachineFacts(interfaces, addresses, states(units));
  }

  private SortedMap<String, String> states(Set<String> units) throws IOException {
    SortedMap<String, String> states = new TreeMap<>();
    for (String unit : units) {
      try {
        states.put(unit, systemd.loadState(unit));
      } catch (SystemdException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
    return states;
  }

  private static boolean takesV6(String interfaceName) throws IOException {
    Path setting = Path.of("/proc/sys/net/ipv6/conf", interfaceName, "disable_ipv6");
    try {
      return Files.readString(setting).strip().equals("0");
    } catch (NoSuchFileException e) {
      return false; // a kernel without IPv6
    }
  }
}
