package io.trivet.daemon.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens on two Unix domain sockets and hands each request to the handler, on a virtual thread of
/// its caller. The handler may block; the next request of the same caller is read when it returns.
///
/// | socket | mode | who |
/// |---|---|---|
/// | `control.sock` | 0666 | everybody; may look. Root may change here too |
/// | `admin.sock` | 0660 root:trivet | whom the kernel lets open it, so a member of the group by a supplementary group as well; may change |
///
/// The two have nothing in common that a caller could use up: places, queue, requests at work (see
/// [Budget]). Of nobody is anything read, kept or awaited beyond its budget; a caller that does not
/// read its answer is cut off.
public final class ControlSocket implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
  private static final String ADMIN = "admin.sock";
  private static final String GROUP = "trivet";

  /// Requests above [CallerConnection#LARGE_BYTES] at the same time.
  private static final int LARGE_AT_ONCE = 2;

  private static final long AFTER_FAILURE_NANOS = 100_000_000L;

  /// After a caller found no place, the next ones are let in so far apart for a while: to be
  /// refused costs the daemon more than to connect costs a caller. Whoever waits meanwhile waits in
  /// the kernel's queue, or is told by it to try again.
  private static final long PACE_NANOS = 10_000_000L;

  private static final long PACED_NANOS = 1_000_000_000L;

  /// A door with its own queue in the kernel, its own budgets and its own pace.
  ///
  /// @param crowdedUntilNanos [System#nanoTime] until which callers are let in slowly
  private record Door(
      ServerSocketChannel server, Path path, boolean admin, AtomicLong crowdedUntilNanos) {
    void crowded() {
      crowdedUntilNanos.set(System.nanoTime() + PACED_NANOS);
    }

    void keepPace() {
      if (System.nanoTime() - crowdedUntilNanos.get() < 0) {
        LockSupport.parkNanos(PACE_NANOS);
      }
    }
  }

  private final Door everybody;
  private final Door admin;
  private final BiConsumer<Request, Reply> handler;
  private final Budget ofAnybody = new Budget(Budget.ANYBODY);
  private final Budget ofRoot = new Budget(Budget.PERMITTED);
  private final Budget ofAdmins = new Budget(Budget.PERMITTED);
  private final Semaphore large = new Semaphore(LARGE_AT_ONCE);
  private final ScheduledThreadPoolExecutor deadlines =
      new ScheduledThreadPoolExecutor(
          1, task -> Thread.ofPlatform().daemon().name("control-deadlines").unstarted(task));

  private ControlSocket(Door everybody, Door admin, BiConsumer<Request, Reply> handler) {
    this.everybody = everybody;
    this.admin = admin;
    this.handler = handler;
    deadlines.setRemoveOnCancelPolicy(true);
  }

  /// Starts to listen. Files left over by a daemon that was killed are replaced.
  ///
  /// @param path of the socket for everybody; the other one is made beside it
  public static ControlSocket open(Path path, BiConsumer<Request, Reply> handler)
      throws IOException {
    Door admin = door(path.resolveSibling(ADMIN), true);
    giveToGroup(admin.path);
    Files.setPosixFilePermissions(admin.path, PosixFilePermissions.fromString("rw-rw----"));
    Door everybody = door(path, false);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));
    ControlSocket socket = new ControlSocket(everybody, admin, handler);
    Thread.ofVirtual().name("control-admin").start(() -> socket.acceptAll(admin));
    Thread.ofVirtual().name("control").start(() -> socket.acceptAll(everybody));
    return socket;
  }

  private static Door door(Path path, boolean admin) throws IOException {
    Files.deleteIfExists(path);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path));
    return new Door(server, path, admin, new AtomicLong(System.nanoTime()));
  }

  private static void giveToGroup(Path path) throws IOException {
    try {
      Files.getFileAttributeView(path, PosixFileAttributeView.class)
          .setGroup(
              path.getFileSystem()
                  .getUserPrincipalLookupService()
                  .lookupPrincipalByGroupName(GROUP));
    } catch (UserPrincipalNotFoundException e) {
      LOG.warn(
          "There is no group {}: only root may change the cluster. Make it (groupadd --system {})"
              + " and restart trivetd",
          GROUP,
          GROUP);
    }
  }

  @Override
  public void close() throws IOException {
    deadlines.shutdownNow();
    for (Door door : new Door[] {admin, everybody}) {
      door.server.close();
      Files.deleteIfExists(door.path);
    }
  }

  private void acceptAll(Door door) {
    while (door.server.isOpen()) {
      try {
        SocketChannel channel = door.server.accept();
        Thread.ofVirtual().name("control-caller").start(() -> serve(door, channel));
        door.keepPace();
      } catch (IOException e) {
        if (door.server.isOpen()) {
          LOG.warn(
              "The control socket {} could not accept a caller: {}", door.path, e.getMessage());
          LockSupport.parkNanos(AFTER_FAILURE_NANOS);
        }
      }
    }
  }

  private void serve(Door door, SocketChannel channel) {
    try (channel) {
      UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
      String user = peer.user().getName();
      boolean root = user.equals("root") || user.equals(System.getProperty("user.name"));
      Caller caller = new Caller(user, door.admin || root);
      Budget budget = door.admin ? ofAdmins : root ? ofRoot : ofAnybody;
      CallerConnection connection =
          new CallerConnection(channel, caller, budget.limits(), deadlines, large);
      try (Budget.Place place = budget.enter(user)) {
        if (place == null) {
          door.crowded();
          connection.refuse(
              "too many callers at once ("
                  + budget.limits().placesEach()
                  + " of one user, "
                  + budget.limits().places()
                  + " of all)",
              "try again in a moment",
              3);
          return;
        }
        connection.serve(place, handler);
      }
    } catch (IOException e) {
      LOG.debug("A caller of the control socket went away: {}", e.getMessage());
    }
  }
}
