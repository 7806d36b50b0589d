package io.trivet.linux;

import io.trivet.linux.ffi.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A network namespace, kept alive by an open file descriptor until [#close].
///
/// Sockets stay in the namespace where they were made, so a class of this module that opens a
/// socket takes a namespace and needs it only then. Code that must run inside goes through [#run],
/// which uses one dedicated platform thread for the whole process: no other thread ever leaves its
/// namespace.
public final class NetworkNamespace implements AutoCloseable {
  /// Where `ip netns` keeps named namespaces (ip-netns(8)).
  public static final Path DIRECTORY = Path.of("/run/netns");

  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int O_CREAT_EXCL = 0x40 | 0x80;
  private static final long MS_BIND = 0x1000;
  private static final long MS_REC = 0x4000;
  private static final long MS_SHARED = 1 << 20;
  private static final int MNT_DETACH = 2;

  private final String description;
  private final int fd;
  private boolean closed;

  private NetworkNamespace(String description, int fd) {
    this.description = description;
    this.fd = fd;
  }

  /// The namespace of the calling thread: for every thread but the dedicated one, that of the
  /// process.
  public static NetworkNamespace current() throws LinuxException {
    return open("/proc/thread-self/ns/net", "the current network namespace");
  }

  /// The same namespace, with a descriptor of its own.
  public NetworkNamespace again() throws LinuxException {
    return open("/proc/self/fd/" + fd(), description);
  }

  /// An existing namespace by its name in `/run/netns`.
  ///
  /// @throws ErrnoException ENOENT when there is none of that name
  public static NetworkNamespace named(String name) throws LinuxException {
    return open(pathOf(name).toString(), "network namespace " + name);
  }

  /// The namespace that is mounted on a file, as `unshare --net=FILE` does it (unshare(1)).
  ///
  /// @throws ErrnoException ENOENT when there is no such file
  public static NetworkNamespace at(Path file) throws LinuxException {
    return open(file.toString(), "the network namespace at " + file);
  }

  /// The namespace of a process.
  public static NetworkNamespace ofProcess(long pid) throws LinuxException {
    return open("/proc/" + pid + "/ns/net", "the network namespace of process " + pid);
  }

  /// Makes a namespace and its name as `ip netns add` does: a bind mount in `/run/netns`, which is
  /// made a shared mount so that other mount namespaces see it. Its loopback link is still down.
  ///
  /// @throws ErrnoException EEXIST when the name is taken
  public static NetworkNamespace create(String name) throws LinuxException {
    Path path = pathOf(name);
    prepareDirectory();
    String asked = "create network namespace " + name;
    int file =
        ErrnoException.check(Libc.open(path.toString(), O_RDONLY_CLOEXEC | O_CREAT_EXCL, 0), asked);
    Libc.close(file);
    try {
      NamespaceThread.inNew(
          () -> {
            int mounted = Libc.mount("/proc/thread-self/ns/net", path.toString(), "none", MS_BIND);
            return ErrnoException.check(mounted, asked + ": mount it on " + path);
          });
    } catch (LinuxException e) {
      removeFile(path);
      throw e;
    }
    return named(name);
  }

  /// Makes a namespace without a name: it ends when nothing is left in it and this object is
  /// closed. Its loopback link is still down.
  public static NetworkNamespace createUnnamed() throws LinuxException {
    return NamespaceThread.inNew(
        () -> open("/proc/thread-self/ns/net", "an unnamed network namespace"));
  }

  /// Opens the namespace of that name, or makes it when there is none.
  public static NetworkNamespace ensure(String name) throws LinuxException {
    return exists(name) ? named(name) : create(name);
  }

  /// Whether the name is one of a mounted namespace. A file without a mount, as a crash between two
  /// steps of [#create] leaves it, is removed and does not count.
  public static boolean exists(String name) {
    Path path = pathOf(name);
    if (!Files.exists(path)) {
      return false;
    }
    try (NetworkNamespace found = named(name)) {
      found.run(() -> null);
      return true;
    } catch (ErrnoException e) {
      if (e.errno().equals(Errno.EINVAL)) {
        removeFile(path);
      }
      return false;
    } catch (LinuxException e) {
      return false;
    }
  }

  /// Takes the name away as `ip netns delete` does. The namespace itself lives on while a process,
  /// a socket or an open [NetworkNamespace] is in it. A name that does not exist is no error.
  public static void delete(String name) throws LinuxException {
    Path path = pathOf(name);
    int result = Libc.umount2(path.toString(), MNT_DETACH);
    if (result < 0 && result != -Errno.EINVAL.value() && result != -Errno.ENOENT.value()) {
      throw new ErrnoException(new Errno(-result), "delete network namespace " + name);
    }
    removeFile(path);
  }

  /// Whether the name in `/run/netns` stands for this namespace.
  public boolean isNamed(String name) {
    try {
      return Files.getAttribute(pathOf(name), "unix:ino")
          .equals(Files.getAttribute(Path.of("/proc/self/fd/" + fd()), "unix:ino"));
    } catch (IOException e) {
      return false;
    }
  }

  /// Gives this namespace the name, in the place of what has it: a namespace lives on without its
  /// name, and programs that are started later find it by the name.
  public void giveName(String name) throws LinuxException {
    delete(name);
    prepareDirectory();
    String path = pathOf(name).toString();
    String asked = "give " + description + " its name back";
    Libc.close(ErrnoException.check(Libc.open(path, O_RDONLY_CLOEXEC | O_CREAT_EXCL, 0), asked));
    ErrnoException.check(Libc.mount("/proc/self/fd/" + fd(), path, "none", MS_BIND), asked);
  }

  /// The names in `/run/netns`, sorted.
  public static List<String> names() throws IOException {
    if (!Files.isDirectory(DIRECTORY)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /// Runs `task` inside this namespace on the dedicated thread and waits for it.
  ///
  /// For making sockets and for reading and writing `/proc/sys/net`. The task must be short, must
  /// start neither a thread nor a process, and must not call `run` itself (that is an
  /// [IllegalStateException]).
  public <T extends @org.jspecify.annotations.Nullable Object> T run(NamespaceTask<T> task)
      throws LinuxException {
    int target = fd();
    return NamespaceThread.in(target, description, task);
  }

  /// The open descriptor, for attributes such as `IFLA_NET_NS_FD`; it stays this object's.
  public synchronized int fd() {
    if (closed) {
      throw new IllegalStateException(description + " is closed");
    }
    return fd;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.close(fd);
    }
  }

  @Override
  public String toString() {
    return description;
  }

  private static NetworkNamespace open(String path, String description) throws LinuxException {
    return new NetworkNamespace(
        description,
        ErrnoException.check(Libc.open(path, O_RDONLY_CLOEXEC, 0), "open " + description));
  }

  private static Path pathOf(String name) {
    if (name.isEmpty()
        || name.length() > 255
        || name.contains("/")
        || name.equals(".")
        || name.equals("..")
        || name.indexOf(0) >= 0) {
      throw new IllegalArgumentException("not a name for a network namespace: '" + name + "'");
    }
    return DIRECTORY.resolve(name);
  }

  private static void prepareDirectory() throws LinuxException {
    String directory = DIRECTORY.toString();
    try {
      Files.createDirectories(DIRECTORY);
    } catch (IOException e) {
      throw new ErrnoException(
          Errno.EACCES, "make the directory " + directory, String.valueOf(e.getMessage()));
    }
    int shared = Libc.mount("none", directory, "none", MS_SHARED | MS_REC);
    if (shared == -Errno.EINVAL.value()) {
      // Not a mount point yet: make it one, once.
      ErrnoException.check(
          Libc.mount(directory, directory, "none", MS_BIND | MS_REC),
          "bind " + directory + " to itself");
      shared = Libc.mount("none", directory, "none", MS_SHARED | MS_REC);
    }
    ErrnoException.check(shared, "make " + directory + " a shared mount");
  }

  private static void removeFile(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // Still mounted elsewhere: a name that is left behind does no harm, create() will say EEXIST.
    }
  }
}
