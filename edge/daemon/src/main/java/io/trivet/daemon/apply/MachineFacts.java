package io.trivet.daemon.apply;

import io.trivet.cluster.IpAddress;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// What is so on this controller. Calls may block for some milliseconds.
public interface MachineFacts {
  boolean hasInterface(String name) throws IOException;

  /// Whether an interface that is there takes IPv6 addresses.
  boolean takesV6(String interfaceName) throws IOException;

  /// The interface of the controller's own namespace that has the address; null when none has.
  @Nullable String interfaceOf(IpAddress address) throws IOException;

  /// systemd's word for whether it could start a unit, `loaded` if it could.
  String loadState(String unit) throws IOException;
}
