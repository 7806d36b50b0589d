package io.trivet.services.unit;

import io.trivet.cluster.UnitFence;
import java.util.TreeMap;

/// Reads what `systemctl show` says of a unit: whether the kernel can silence it.
final class FenceProbe {
  static final String PROPERTIES =
      "LoadState,Slice,PrivateNetwork,NetworkNamespacePath,TriggeredBy,Delegate,Type";

  private FenceProbe() {}

  /// Why the unit cannot be silenced, a clause; empty if it can.
  static String unfit(int exitCode, String stdout, String resource) {
    if (exitCode != 0) {
      return "systemctl does not tell its properties";
    }
    TreeMap<String, String> properties = new TreeMap<>();
    for (String line : stdout.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        properties.put(line.substring(0, equals), line.substring(equals + 1).strip());
      }
    }
    if (properties.getOrDefault("LoadState", "").equals("not-found")) {
      return ""; // the report says that it is not installed
    }
    if (properties.getOrDefault("PrivateNetwork", "no").equals("yes")
        || !properties.getOrDefault("NetworkNamespacePath", "").isEmpty()) {
      return "it runs in a network namespace of its own (PrivateNetwork, NetworkNamespacePath), where nothing guards it";
    }
    for (String by : properties.getOrDefault("TriggeredBy", "").split(" ", -1)) {
      if (by.endsWith(".socket")) {
        return by + " opens its sockets, which then are not its own; disable that socket unit";
      }
    }
    String slice = properties.getOrDefault("Slice", "");
    return slice.equals(UnitFence.slice(resource))
        ? ""
        : "systemd puts it into the slice "
            + slice
            + "; another drop-in file says so (systemctl cat shows it)";
  }
}
