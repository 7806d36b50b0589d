package io.trivet.linux;

import io.trivet.linux.route.RouteSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;

/// Two namespaces without names, joined by a cable: `s0` in the server, `c0` in the client. Gone
/// when closed or when the test's process ends.
public final class TwoHosts implements AutoCloseable {
  public static final InetAddress SERVER = InetAddress.ofLiteral("10.99.0.1");
  public static final InetAddress CLIENT = InetAddress.ofLiteral("10.99.0.2");
  public static final InetAddress VIP = InetAddress.ofLiteral("10.99.0.100");
  public static final InetAddress SERVER6 = InetAddress.ofLiteral("fd99::1");
  public static final InetAddress CLIENT6 = InetAddress.ofLiteral("fd99::2");
  public static final InetAddress VIP6 = InetAddress.ofLiteral("fd99::100");

  public final NetworkNamespace server;
  public final NetworkNamespace client;
  public final RouteSocket serverRoute;
  public final RouteSocket clientRoute;

  /// Skips the test where the machine cannot do it.
  public static void assumePossible() {
    try (NetworkNamespace probe = NetworkNamespace.createUnnamed();
        RouteSocket route = RouteSocket.open(probe)) {
      route.setUp("lo");
    } catch (LinuxException e) {
      Assumptions.abort("needs root and network namespaces: " + e.getMessage());
    }
  }

  public TwoHosts() throws LinuxException {
    assumePossible();
    server = NetworkNamespace.createUnnamed();
    client = NetworkNamespace.createUnnamed();
    serverRoute = RouteSocket.open(server);
    clientRoute = RouteSocket.open(client);
    for (NetworkNamespace host : new NetworkNamespace[] {server, client}) {
      Sysctl.write(host, "net.ipv6.conf.default.accept_dad", "0");
    }
    serverRoute.createVeth("s0", "c0", client);
    serverRoute.setUp("lo");
    clientRoute.setUp("lo");
    serverRoute.setUp("s0");
    clientRoute.setUp("c0");
    awaitUsable(serverRoute, "s0");
    awaitUsable(clientRoute, "c0");
    int s0 = serverRoute.indexOf("s0");
    int c0 = clientRoute.indexOf("c0");
    serverRoute.ensureAddress(s0, new Prefix(SERVER, 24));
    serverRoute.ensureAddress(s0, new Prefix(SERVER6, 64));
    clientRoute.ensureAddress(c0, new Prefix(CLIENT, 24));
    clientRoute.ensureAddress(c0, new Prefix(CLIENT6, 64));
  }

  /// The kernel's link watch may take a second to let the first frame through.
  private static void awaitUsable(RouteSocket route, String link) throws LinuxException {
    long end = System.nanoTime() + 5_000_000_000L;
    while (!route.link(link).orElseThrow().usable()) {
      if (System.nanoTime() > end) {
        throw new AssertionError(link + " did not come up within 5 s");
      }
      Thread.onSpinWait();
    }
  }

  /// Gives the server both VIPs.
  public void addVips() throws LinuxException {
    int s0 = serverRoute.indexOf("s0");
    serverRoute.ensureAddress(s0, Prefix.host(VIP));
    serverRoute.ensureAddress(s0, Prefix.host(VIP6));
  }

  public MacAddress serverMac() throws LinuxException {
    return Objects.requireNonNull(serverRoute.link("s0").orElseThrow().mac());
  }

  public MacAddress clientMac() throws LinuxException {
    return Objects.requireNonNull(clientRoute.link("c0").orElseThrow().mac());
  }

  /// Makes Java sockets inside a namespace.
  @FunctionalInterface
  public interface Opening<T> {
    T open() throws IOException;
  }

  public static <T> T inside(NetworkNamespace namespace, Opening<T> opening) throws LinuxException {
    return namespace.run(
        () -> {
          try {
            return opening.open();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  public ServerSocketChannel listener() throws LinuxException {
    return inside(server, ServerSocketChannel::open);
  }

  public SocketChannel clientSocket() throws LinuxException {
    return inside(client, SocketChannel::open);
  }

  public DatagramChannel datagrams(NetworkNamespace namespace) throws LinuxException {
    return inside(namespace, DatagramChannel::open);
  }

  @Override
  public void close() {
    serverRoute.close();
    clientRoute.close();
    server.close();
    client.close();
  }
}
