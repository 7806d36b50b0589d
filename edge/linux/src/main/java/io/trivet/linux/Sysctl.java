package io.trivet.linux;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Kernel parameters of a network namespace (`/proc/sys/net`, sysctl(8)).
public final class Sysctl {
  private static final Path ROOT = Path.of("/proc/sys");

  private Sysctl() {}

  /// Sets a parameter, without touching it when it has that value already.
  ///
  /// @param name with dots (`net.ipv4.ip_forward`), or with slashes where a link's name has a dot
  /// @throws ErrnoException ENOENT when this kernel has no such parameter
  public static void write(NetworkNamespace namespace, String name, String value)
      throws LinuxException {
    Path path = pathOf(name);
    namespace.run(
        () -> {
          try {
            if (!Files.readString(path).strip().equals(value)) {
              Files.writeString(path, value);
            }
            return null;
          } catch (IOException e) {
            throw refused("set " + name + "=" + value + " in " + namespace, e);
          }
        });
  }

  /// The value of a parameter, without the end of line.
  public static String read(NetworkNamespace namespace, String name) throws LinuxException {
    Path path = pathOf(name);
    return namespace.run(
        () -> {
          try {
            return Files.readString(path).strip();
          } catch (IOException e) {
            throw refused("read " + name + " in " + namespace, e);
          }
        });
  }

  /// The values of several parameters, in one visit of the namespace. Those that this kernel does
  /// not have are left out: one without IPv6, or of a link that is gone.
  public static SortedMap<String, String> read(NetworkNamespace namespace, Collection<String> names)
      throws LinuxException {
    SortedMap<String, Path> paths = new TreeMap<>();
    names.forEach(name -> paths.put(name, pathOf(name)));
    return namespace.run(
        () -> {
          SortedMap<String, String> values = new TreeMap<>();
          for (Map.Entry<String, Path> path : paths.entrySet()) {
            try {
              value(path.getValue()).ifPresent(value -> values.put(path.getKey(), value));
            } catch (IOException e) {
              throw refused("read " + path.getKey() + " in " + namespace, e);
            }
          }
          return values;
        });
  }

  private static Optional<String> value(Path path) throws IOException {
    try {
      return Optional.of(Files.readString(path).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Path pathOf(String name) {
    Path path = ROOT.resolve(name.contains("/") ? name : name.replace('.', '/')).normalize();
    if (!path.startsWith(ROOT.resolve("net"))) {
      throw new IllegalArgumentException("not a parameter of a network namespace: " + name);
    }
    return path;
  }

  private static ErrnoException refused(String asked, IOException e) {
    Errno errno =
        switch (e) {
          case NoSuchFileException missing -> Errno.ENOENT;
          case AccessDeniedException denied -> Errno.EACCES;
          default -> Errno.EINVAL;
        };
    return new ErrnoException(errno, asked, String.valueOf(e.getMessage()));
  }
}
