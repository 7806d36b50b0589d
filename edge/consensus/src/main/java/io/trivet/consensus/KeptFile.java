package io.trivet.consensus;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Whole small files that must survive a loss of power and a full disk: written beside, forced,
/// renamed, and the folder forced. At every instant, and after every failure, the old content or
/// the new one is there as a whole; when [#replace] returns, it is the new one.
///
/// Files that hold a promise (term and vote, the configuration of the group) are written twice; see
/// [SecondCopy]. Public for `org.apache.ratis.util.AtomicFileOutputStream`.
public final class KeptFile {
  /// What the name of an unfinished file ends with.
  public static final String DRAFT = ".tmp";

  private record Watcher(Path under, Consumer<IOException> tell) {}

  private static final List<Watcher> WATCHERS = new CopyOnWriteArrayList<>();

  private KeptFile() {}

  /// Stops telling.
  interface Watching extends AutoCloseable {
    @Override
    void close();
  }

  /// Tells of every file below this folder that could not be replaced: Ratis logs it and goes on in
  /// memory, which is not enough.
  static Watching watch(Path under, Consumer<IOException> tell) {
    Watcher watcher = new Watcher(under.toAbsolutePath(), tell);
    WATCHERS.add(watcher);
    return () -> WATCHERS.remove(watcher);
  }

  /// Replaces the file, and before it its second copy, where it has one.
  public static void replace(Path file, byte[] content) throws IOException {
    try {
      SecondCopy copy = SecondCopy.of(file);
      if (copy != null) {
        copy.write(content);
      }
      write(file, content);
    } catch (IOException e) {
      for (Watcher watcher : WATCHERS) {
        if (file.startsWith(watcher.under)) {
          watcher.tell.accept(e);
        }
      }
      throw e;
    }
  }

  static void write(Path file, byte[] content) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + DRAFT);
    try {
      try (FileChannel out =
          FileChannel.open(
              draft,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(content);
        while (left.hasRemaining()) {
          out.write(left);
        }
        out.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      try {
        Files.deleteIfExists(draft);
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
    forceFolderOf(file);
  }

  /// Forces the name of a file to disk (fsync(2): to force the file alone does not).
  static void forceFolderOf(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
        names.force(true);
      }
    }
  }
}
