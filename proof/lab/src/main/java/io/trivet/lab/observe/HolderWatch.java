package io.trivet.lab.observe;

import io.trivet.lab.host.LabException;
import io.trivet.lab.node.Node;
import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.process.CurrentThread;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Which controller answers for an address that is not Trivet's, as [Observer] sees it for the VIP:
/// at each one's own port of the switch.
public final class HolderWatch implements AutoCloseable {
  private final NetworkNamespace network;
  private final List<PortWatch> ports = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
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
        watch.thread("watch-" + address + "-" + node.name(), port::watch);
      }
      watch.thread("ask-" + address, watch::ask);
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
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(2));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
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

  private void thread(String name, Runnable body) {
    threads.add(
        Thread.ofPlatform()
            .name(name)
            .daemon()
            .start(
                () -> {
                  CurrentThread.roundRobin(Observer.PRIORITY);
                  body.run();
                }));
  }
}
