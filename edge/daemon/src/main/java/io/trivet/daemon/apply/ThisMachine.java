package io.trivet.daemon.apply;

import io.trivet.cluster.IpAddress;
import io.trivet.daemon.systemd.Systemd;
import io.trivet.daemon.systemd.SystemdException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.route.InterfaceAddress;
import io.trivet.linux.route.Link;
import io.trivet.linux.route.RouteSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The controller that this daemon runs on.
public final class ThisMachine implements MachineFacts {
  private final Systemd systemd;

  public ThisMachine(Systemd systemd) {
    this.systemd = systemd;
  }

  private interface Question<T> {
    T ask(RouteSocket route) throws IOException;
  }

  private static <T> T ask(Question<T> question) throws IOException {
    try (NetworkNamespace here = NetworkNamespace.current();
        RouteSocket route = RouteSocket.open(here)) {
      return question.ask(route);
    }
  }

  @Override
  public boolean hasInterface(String name) throws IOException {
    return ask(route -> route.link(name).isPresent());
  }

  @Override
  public boolean takesV6(String interfaceName) throws IOException {
    Path setting = Path.of("/proc/sys/net/ipv6/conf", interfaceName, "disable_ipv6");
    try {
      return Files.readString(setting).strip().equals("0");
    } catch (NoSuchFileException e) {
      return false; // a kernel without IPv6
    }
  }

  @Override
  public @Nullable String interfaceOf(IpAddress address) throws IOException {
    InetAddress wanted = InetAddress.ofLiteral(address.toString());
    Optional<String> found =
        ask(
            route -> {
              for (InterfaceAddress there : route.addresses()) {
                if (there.prefix().address().equals(wanted)) {
                  return Optional.of(
                      route.links().stream()
                          .filter(link -> link.index() == there.linkIndex())
                          .map(Link::name)
                          .findFirst()
                          .orElse("an interface"));
                }
              }
              return Optional.empty();
            });
    return found.orElse(null);
  }

  @Override
  public String loadState(String unit) throws IOException {
    try {
      return systemd.loadState(unit);
    } catch (SystemdException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
