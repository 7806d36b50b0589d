package io.trivet.daemon.vip;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.file.Vip;
import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.Prefix;
import io.trivet.linux.Sysctl;
import io.trivet.linux.nftables.AddressGuard;
import io.trivet.linux.route.RouteSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;

/// A controller in a namespace without a name, joined by two cables (`eth0`, `eth1`) to another
/// machine (`p0`, `p1`). VIPs get namespaces of which the names are this process's own.
final class OneController implements AutoCloseable {
  static final String OWN = "10.99.0.1";
  static final String OWN6 = "fd99::1";
  static final String OTHER = "10.99.0.2";
  static final String OTHER6 = "fd99::2";

  final NetworkNamespace host;
  final NetworkNamespace other;
  final RouteSocket route;
  final RouteSocket otherRoute;
  final MemoryRegister register = new MemoryRegister();
  VipHost vips;

  /// A register that is gone with the test.
  static final class MemoryRegister implements PlaceRegister {
    private SortedMap<String, Integer> all = new TreeMap<>();

    @Override
    public SortedMap<String, Integer> all() {
      return new TreeMap<>(all);
    }

    @Override
    public void keep(SortedMap<String, Integer> numbers) {
      all = new TreeMap<>(numbers);
    }
  }

  OneController() throws IOException {
    try {
      host = NetworkNamespace.createUnnamed();
      other = NetworkNamespace.createUnnamed();
      route = RouteSocket.open(host);
      otherRoute = RouteSocket.open(other);
      route.setUp("lo");
      otherRoute.setUp("lo");
      try (AddressGuard guard = AddressGuard.open(host, "probe")) {
        guard.remove();
      }
    } catch (LinuxException e) {
      Assumptions.abort("needs root, network namespaces and nf_tables: " + e.getMessage());
      throw e;
    }
    for (NetworkNamespace each : List.of(host, other)) {
      Sysctl.write(each, "net.ipv6.conf.default.accept_dad", "0");
      Sysctl.write(each, "net.ipv6.conf.all.accept_dad", "0");
    }
    cable("eth0", "p0", OWN + "/24", OTHER + "/24", OWN6 + "/64", OTHER6 + "/64");
    cable("eth1", "p1", "10.98.0.1/24", "10.98.0.2/24", "fd98::1/64", "fd98::2/64");
    vips = host();
  }

  /// A host that knows this controller by both of its addresses, as a daemon that starts makes it.
  VipHost host() throws IOException {
    return host(OWN, OWN6);
  }

  /// The same for a controller that is known by other addresses.
  VipHost host(String... own) throws IOException {
    return new VipHost(register, List.of(own).stream().map(IpAddress::of).toList(), host.again());
  }

  private void cable(
      String here, String there, String own, String others, String own6, String others6)
      throws LinuxException {
    route.createVeth(here, there, other);
    route.setUp(here);
    otherRoute.setUp(there);
    int link = route.indexOf(here);
    int otherLink = otherRoute.indexOf(there);
    route.ensureAddress(link, Prefix.parse(own));
    route.ensureAddress(link, Prefix.parse(own6));
    otherRoute.ensureAddress(otherLink, Prefix.parse(others));
    otherRoute.ensureAddress(otherLink, Prefix.parse(others6));
    awaitTrue(
        here + " has carrier",
        () ->
            route.link(here).orElseThrow().usable()
                && otherRoute.link(there).orElseThrow().usable());
  }

  /// The name of a namespace that no other process takes.
  static String namespace(String suffix) {
    return "trivet-test-" + ProcessHandle.current().pid() + "-" + suffix;
  }

  static Vip vip(String name, String interfaceName, String namespace, String... addresses) {
    return new Vip(
        name,
        List.of(addresses).stream().map(IpPrefix::of).toList(),
        interfaceName,
        namespace,
        List.of());
  }

  @FunctionalInterface
  interface Condition {
    boolean holds() throws IOException;
  }

  /// Looks again and again, for at most 10 s.
  static void awaitTrue(String what, Condition condition) throws LinuxException {
    long end = System.nanoTime() + 10_000_000_000L;
    try {
      while (!condition.holds()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("not within 10 s: " + what);
        }
        Thread.onSpinWait();
      }
    } catch (LinuxException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether a connection from one namespace to an address is accepted by a listener in another.
  static boolean connects(
      NetworkNamespace from, NetworkNamespace to, String listenOn, String address, int millis)
      throws IOException {
    try (ServerSocketChannel server = inside(to, ServerSocketChannel::open);
        SocketChannel client = inside(from, SocketChannel::open)) {
      server.bind(new InetSocketAddress(InetAddress.ofLiteral(listenOn), 0));
      int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
      client.socket().connect(new InetSocketAddress(InetAddress.ofLiteral(address), port), millis);
      return true;
    } catch (SocketTimeoutException | java.net.ConnectException e) {
      return false;
    } catch (java.net.NoRouteToHostException e) {
      return false;
    }
  }

  interface Opening<T> {
    T open() throws IOException;
  }

  static <T> T inside(NetworkNamespace namespace, Opening<T> opening) throws LinuxException {
    return namespace.run(
        () -> {
          try {
            return opening.open();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /// Whether a link of that namespace has this address.
  static boolean hasAddress(RouteSocket where, String address) throws LinuxException {
    return where.addresses().stream()
        .anyMatch(a -> a.prefix().address().equals(InetAddress.ofLiteral(address)));
  }

  @Override
  public void close() throws IOException {
    vips.reconfigure(List.of());
    vips.close();
    route.close();
    otherRoute.close();
    host.close();
    other.close();
  }
}
