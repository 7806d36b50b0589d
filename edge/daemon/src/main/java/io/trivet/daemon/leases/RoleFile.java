package io.trivet.daemon.leases;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The role of the lease process on disk: a check sum (8 bytes) and the message [ToLeases.Play] as
/// it came. Written beside, forced to disk, renamed. What is damaged counts as absent: the daemon
/// brings it again.
final class RoleFile {
  private static final Logger LOG = LoggerFactory.getLogger(RoleFile.class);
  private static final int HEAD = Long.BYTES;

  private final Path file;

  RoleFile(Path file) {
    this.file = file;
  }

  /// What was kept, null when there is nothing or it is damaged.
  @Nullable LeaseRole load() {
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length < HEAD || number(bytes, 0) != sum(bytes)) {
        LOG.warn("{} is damaged and not used: the daemon brings it again", file);
        return null;
      }
      byte[] message = Arrays.copyOfRange(bytes, HEAD, bytes.length);
      return switch (LinkCodec.toLeases(message)) {
        case LinkCodec.Decoded.Understood<ToLeases>(ToLeases.Play(LeaseRole role)) -> role;
        case LinkCodec.Decoded.Understood<ToLeases>(ToLeases other) -> {
          LOG.warn("{} holds no role and is not used: {}", file, other.getClass().getSimpleName());
          yield null;
        }
        case LinkCodec.Decoded.Refused<ToLeases>(int offset, String reason) -> {
          LOG.warn("{} is not used: byte {}: {}", file, offset, reason);
          yield null;
        }
      };
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", file, e.getMessage());
      return null;
    }
  }

  void keep(LeaseRole role) throws IOException {
    byte[] message = LinkCodec.encode(new ToLeases.Play(role));
    byte[] bytes = new byte[HEAD + message.length];
    System.arraycopy(message, 0, bytes, HEAD, message.length);
    put(bytes, 0, sum(bytes));
    Path beside = file.resolveSibling("." + file.getFileName() + ".new");
    Files.deleteIfExists(beside);
    Files.createFile(
        beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
      java.nio.ByteBuffer all = java.nio.ByteBuffer.wrap(bytes);
      while (all.hasRemaining()) {
        channel.write(all);
      }
      channel.force(true);
    }
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static long sum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, Long.BYTES, bytes.length - Long.BYTES);
    return crc.getValue();
  }

  private static long number(byte[] bytes, int at) {
    return java.nio.ByteBuffer.wrap(bytes).getLong(at);
  }

  private static void put(byte[] bytes, int at, long number) {
    java.nio.ByteBuffer.wrap(bytes).putLong(at, number);
  }
}
