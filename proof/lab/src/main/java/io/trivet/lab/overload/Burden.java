package io.trivet.lab.overload;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A process that is in everybody's way; [Burdens] starts several. It runs until it is killed, or
/// its standard input ends.
///
/// Arguments: `spin` uses one processor; `sync FILE` writes 4 KiB and makes the disk keep it, over
/// and over; `churn MEBIBYTES` takes so much memory, writes to every page, gives it back, and
/// begins again.
public final class Burden {
  private static final int BLOCK = 4096;
  private static final long PIECE = 64L << 20;

  private Burden() {}

  public static void main(String[] arguments) throws IOException {
    // Ends with whoever started it, also when that was killed.
    Thread.ofPlatform().daemon().start(Burden::endWithParent);
    switch (arguments[0]) {
      case "spin" -> spin();
      case "sync" -> sync(Path.of(arguments[1]));
      case "churn" -> churn(Long.parseLong(arguments[1]) << 20);
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
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      for (long at = 0; ; at = (at + BLOCK) % PIECE) {
        block.clear();
        channel.write(block, at);
        channel.force(true);
      }
    }
  }

  private static void churn(long octets) {
    while (true) {
      try (Arena arena = Arena.ofConfined()) {
        for (long taken = 0; taken < octets; taken += PIECE) {
          MemorySegment piece = arena.allocate(PIECE);
          piece.fill((byte) taken);
        }
      }
    }
  }
}
