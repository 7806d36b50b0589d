package io.trivet.daemon.vip;

import static io.trivet.daemon.vip.OneController.connects;
import static io.trivet.daemon.vip.OneController.namespace;
import static io.trivet.daemon.vip.OneController.vip;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.trivet.cluster.file.Vip;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.cluster.state.Notice;
import io.trivet.daemon.lease.LeaseThread;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.route.RouteSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A controller that holds two VIPs, one in a namespace and one in the host, with the watch over
/// its kernel. What is said about it can be waited for.
final class WatchedController implements AutoCloseable {
  static final String SPACE = namespace("w");
  static final Vip INSIDE = vip("inside", "eth0", SPACE, "10.99.0.100/24", "fd99::100/64");
  static final Vip BARE = vip("bare", "eth1", null, "10.98.0.103/24", "fd98::103/64");
  private static final long LEASE_NANOS = 120_000_000_000L;

  final OneController controller = new OneController();
  final NetworkNamespace space;
  final RouteSocket inner;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final Set<String> given = new TreeSet<>();
  private final ExecutorService leaseThread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
  private final KernelWatch watch;
  private final Thread thread;

  /// @param held whether it has the leases; without them both VIPs are dark
  WatchedController(boolean held) throws IOException {
    this(held, INSIDE, BARE);
  }

  WatchedController(boolean held, Vip... vips) throws IOException {
    controller.vips.reconfigure(List.of(vips));
    if (held) {
      for (Vip vip : vips) {
        hold(vip.name());
      }
    }
    space = NetworkNamespace.named(SPACE);
    inner = RouteSocket.open(space);
    watch = new KernelWatch("c1", controller.vips, new Leases(), new Heard());
    thread = Thread.ofPlatform().daemon().start(watch);
  }

  void hold(String vip) throws IOException {
    for (HoldCommit.Key key : HoldCommit.Key.values()) {
      controller.vips.setKey(vip, key, LEASE_NANOS);
    }
    controller.vips.show(vip);
    given.add(vip);
  }

  /// A lease thread that holds for ever what it was given, until the controller is not fit for it.
  private final class Leases implements LeaseThread {
    @Override
    public void guardTouched(List<String> vips) {
      execute(
          () -> {
            try {
              for (String vip : vips) {
                controller.vips.restoreGuard(vip);
                if (given.contains(vip)) {
                  hold(vip);
                } else {
                  controller.vips.clearKeys(vip);
                }
              }
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }

    @Override
    public void execute(Runnable task) {
      leaseThread.execute(task);
    }
  }

  private final class Heard implements KernelWatch.Observer {
    @Override
    public void fit(String vip, boolean fit, String why) {
      if (!fit) {
        leaseThread.execute(() -> giveUp(vip));
      }
      said.add((fit ? "fit " : "unfit ") + vip + " " + why);
    }

    @Override
    public void stranger(String vip, String who) {
      said.add("stranger " + vip + " " + who);
    }

    @Override
    public void say(Notice notice) {
      said.add(notice.id() + ": " + notice.text());
    }
  }

  /// The leases of both end here, and the addresses stay: only the guard keeps them dark.
  void letLeasesEnd() throws IOException {
    CompletableFuture<Boolean> ended = new CompletableFuture<>();
    leaseThread.execute(
        () -> {
          given.clear();
          Attempts attempts = new Attempts();
          controller
              .vips
              .vips()
              .forEach(vip -> attempts.on(() -> controller.vips.clearKeys(vip.name())));
          ended.complete(true);
        });
    ended.join();
  }

  private void giveUp(String vip) {
    given.remove(vip);
    Attempts attempts = new Attempts();
    attempts.on(() -> controller.vips.clearKeys(vip));
    attempts.on(() -> controller.vips.hide(vip));
  }

  /// Waits for something to be said that contains this.
  String awaitSaid(String what) {
    StringBuilder instead = new StringBuilder();
    try {
      for (int i = 0; i < 50; i++) {
        String next = said.poll(20, TimeUnit.SECONDS);
        if (next == null) {
          return fail("nobody said " + what + ", but:" + instead);
        }
        if (next.contains(what)) {
          return next;
        }
        instead.append("\n  ").append(next);
      }
    } catch (InterruptedException e) {
      return fail(e);
    }
    return fail("nobody said " + what + ", but:" + instead);
  }

  /// Everything that was said until now and not waited for.
  List<String> saidSoFar() {
    List<String> all = new ArrayList<>();
    said.drainTo(all);
    return all;
  }

  void insideAnswers() throws IOException {
    answers(space, "10.99.0.100");
    answers(space, "fd99::100");
  }

  void bareAnswers() throws IOException {
    answers(controller.host, "10.98.0.103");
    answers(controller.host, "fd98::103");
  }

  private void answers(NetworkNamespace where, String address) throws IOException {
    boolean answers = connects(controller.other, where, address, address, 5_000);
    assertTrue(answers, () -> address + " after " + saidSoFar());
  }

  /// Runs a program in a namespace, as root does it there.
  void run(NetworkNamespace in, String... command) throws IOException {
    List<String> words = new ArrayList<>();
    String namespaceFile = "/proc/" + ProcessHandle.current().pid() + "/fd/" + in.fd();
    words.addAll(List.of("nsenter", "--net=" + namespaceFile));
    words.addAll(List.of(command));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        fail(String.join(" ", command) + ": " + output);
      }
    } catch (InterruptedException e) {
      fail(e);
    }
  }

  @Override
  public void close() throws IOException {
    watch.close();
    try {
      thread.join();
      leaseThread.shutdown();
      if (!leaseThread.awaitTermination(20, TimeUnit.SECONDS)) {
        fail("the lease thread does not end");
      }
    } catch (InterruptedException e) {
      fail(e);
    }
    inner.close();
    space.close();
    controller.close();
  }
}
