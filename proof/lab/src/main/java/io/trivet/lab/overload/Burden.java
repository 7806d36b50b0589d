package io.trivet.lab.overload;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A process that is in everybody's way; [Burdens] starts several. It runs until it is killed, or
/// its standard input ends.
///
/// Arguments: `spin` uses one processor; `sync FILE` writes 4 KiB and makes the disk keep it, over
/// and over; `churn FILE MEBIBYTES` fills a file in a memory file system with so much, gives the
/// pages back, and begins again.
public final class Burden {
  private static final int BLOCK = 4096;
  private static final int CHUNK = 1 << 20;
  private static final long PIECE = 64L << 20;

  private Burden() {}

  public static void main(String[] arguments) throws IOException {
    // Ends with whoever started it, also when that was killed.
    Thread.ofPlatform().daemon().start(Burden::endWithParent);
    switch (arguments[0]) {
      case "spin" -> spin();
      case "sync" -> sync(Path.of(arguments[1]));
      case "churn" -> churn(Path.of(arguments[1]), Long.parseLong(arguments[2]) << 20);
      default -> throw new IllegalArgumentException("no such burden: " + arguments[0]);
    }
  }

  private static void endWithParent() {
    try {
      var _ = System.in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      // As good as its end.
    }
    Runtime.getRuntime().halt(0);
  }

  private static void spin() {
    long sum = 0;
    while (sum != Long.MIN_VALUE) {
      sum = sum * 31 + 1 | 1;
    }
  }

  private static void sync(Path file) throws IOException {
    ByteBuffer block = ByteBuffer.allocateDirect(BLOCK);
    try (FileChannel channel = nameless(file)) {
      for (long at = 0; ; at = (at + BLOCK) % PIECE) {
        block.clear();
        channel.write(block, at);
        channel.force(true);
      }
    }
  }

  private static void churn(Path file, long octets) throws IOException {
    ByteBuffer piece = ByteBuffer.allocateDirect(CHUNK);
    try (FileChannel channel = nameless(file)) {
      while (true) {
        for (long at = 0; at < octets; at += CHUNK) {
          piece.clear();
          channel.write(piece, at);
        }
        channel.truncate(0);
      }
    }
  }

  /// A file that is gone when this process is, however it ends.
  private static FileChannel nameless(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    Files.delete(file);
    return channel;
  }
}
