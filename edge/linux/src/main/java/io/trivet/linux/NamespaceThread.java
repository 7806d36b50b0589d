package io.trivet.linux;

import io.trivet.linux.ffi.Libc;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedTransferQueue;
import org.jspecify.annotations.Nullable;

/// The one platform thread that enters namespaces: in, task, back. When the way back fails the
/// thread ends, because a thread in the wrong namespace must not run anything else; the next task
/// gets a new one.
final class NamespaceThread {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final Object LOCK = new Object();
  private static @Nullable NamespaceThread running;

  private final LinkedTransferQueue<Job<?>> jobs = new LinkedTransferQueue<>();
  private final Thread thread;
  private boolean ended;

  private NamespaceThread() {
    thread = Thread.ofPlatform().daemon().name("netns").unstarted(this::loop);
  }

  /// Runs in the namespace behind an open descriptor.
  static <T extends @Nullable Object> T in(int fd, String description, NamespaceTask<T> task)
      throws LinuxException {
    return submit(new Job<>(() -> Libc.setns(fd, CLONE_NEWNET), "enter " + description, task));
  }

  /// Runs in a namespace that is new and, unless the task keeps it, ends with the task.
  static <T extends @Nullable Object> T inNew(NamespaceTask<T> task) throws LinuxException {
    return submit(new Job<>(() -> Libc.unshare(CLONE_NEWNET), "make a network namespace", task));
  }

  private static <T extends @Nullable Object> T submit(Job<T> job) throws LinuxException {
    synchronized (LOCK) {
      NamespaceThread target = running;
      if (target != null && target.thread == Thread.currentThread()) {
        throw new IllegalStateException("a task in a network namespace must not enter another one");
      }
      if (target == null || target.ended) {
        // A new thread inherits the namespace of its maker, which is never the dedicated thread.
        target = new NamespaceThread();
        target.thread.start();
        running = target;
      }
      target.jobs.add(job);
    }
    return job.await();
  }

  private void loop() {
    int home = Libc.open("/proc/thread-self/ns/net", 0x80000, 0); // O_CLOEXEC
    try {
      while (true) {
        Job<?> job = jobs.take();
        if (home < 0) {
          end(
              job,
              new ErrnoException(new Errno(-home), "open the network namespace of this process"));
          return;
        }
        boolean inside = job.enterAndRun();
        int back = inside ? Libc.setns(home, CLONE_NEWNET) : 0;
        if (back < 0) {
          end(job, new ErrnoException(new Errno(-back), "leave a network namespace"));
          return;
        }
        job.finish();
      }
    } catch (InterruptedException e) {
      end(null, new ErrnoException(Errno.EINTR, "wait for a task in a network namespace"));
    } finally {
      if (home >= 0) {
        Libc.close(home);
      }
    }
  }

  private void end(@Nullable Job<?> job, LinuxException reason) {
    synchronized (LOCK) {
      ended = true;
    }
    if (job != null) {
      job.result.completeExceptionally(reason);
    }
    for (Job<?> left = jobs.poll(); left != null; left = jobs.poll()) {
      left.result.completeExceptionally(reason);
    }
  }

  @FunctionalInterface
  private interface Entry {
    int enter();
  }

  private static final class Job<T extends @Nullable Object> {
    private final Entry entry;
    private final String asked;
    private final NamespaceTask<T> task;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private @Nullable T value;
    private @Nullable Throwable failure;

    Job(Entry entry, String asked, NamespaceTask<T> task) {
      this.entry = entry;
      this.asked = asked;
      this.task = task;
    }

    /// Whether the thread is in the namespace now. The result is kept until the thread is back
    /// home.
    boolean enterAndRun() {
      int entered = entry.enter();
      if (entered < 0) {
        failure = new ErrnoException(new Errno(-entered), asked);
        return false;
      }
      try {
        value = task.run();
      } catch (LinuxException | RuntimeException | Error e) {
        failure = e;
      }
      return true;
    }

    @SuppressWarnings("NullAway") // a null value is one that the task returned
    void finish() {
      if (failure != null) {
        result.completeExceptionally(failure);
      } else {
        result.complete(value);
      }
    }

    T await() throws LinuxException {
      boolean interrupted = false;
      try {
        while (true) {
          try {
            return result.get();
          } catch (InterruptedException e) {
            interrupted = true; // tasks are short; the caller learns of it afterwards
          } catch (ExecutionException e) {
            throw rethrow(e.getCause());
          }
        }
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private static LinuxException rethrow(@Nullable Throwable cause) {
      return switch (cause) {
        case LinuxException e -> e;
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case null, default -> throw new IllegalStateException(cause);
      };
    }
  }
}
