package io.trivet.lab.observe;

import io.trivet.lab.host.LabException;
import io.trivet.lab.node.Node;
import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which controller answers for an address, seen at each one's own port of the switch.
public final class HolderWatch implements AutoCloseable {
  private final NetworkNamespace network;
  private final List<PortWatch> ports = new ArrayList<>();
  private final WatchThreads threads = new WatchThreads();
  private volatile boolean closed;

  private HolderWatch(NetworkNamespace network) {
    this.network = network;
  }

  /// @param switchNamespace the namespace of the switch, as a file
  /// @param address IPv4
  public static HolderWatch start(Path switchNamespace, String address) throws LabException {
    try {
      HolderWatch watch = new HolderWatch(NetworkNamespace.at(switchNamespace));
      for (Node node : Node.CONTROLLERS) {
        PortWatch port =
            new PortWatch(
                watch.network,
                node,
                (Inet4Address) InetAddress.getByName(address),
                (Inet4Address) InetAddress.getByName(Node.OBSERVER));
        watch.ports.add(port);
        watch.threads.start("watch-" + address + "-" + node.name(), port::watch);
      }
      watch.threads.start("ask-" + address, watch::ask);
      return watch;
    } catch (LinuxException | UnknownHostException e) {
      throw new LabException("cannot watch the switch: " + e.getMessage(), e);
    }
  }

  /// When each controller answered.
  public Map<String, Answers> holders() {
    Map<String, Answers> holders = new LinkedHashMap<>();
    ports.forEach(port -> holders.put(port.node().name(), port.answers()));
    return holders;
  }

  @Override
  public void close() throws LabException {
    closed = true;
    ports.forEach(PortWatch::close);
    try {
      threads.join();
    } finally {
      network.close();
    }
  }

  private void ask() {
    long next = System.nanoTime();
    for (int sequence = 0; !closed; sequence++) {
      for (PortWatch port : ports) {
        port.ask(sequence);
      }
      next = Observer.sleepUntil(next + Observer.PROBE_NANOS);
    }
  }
}
