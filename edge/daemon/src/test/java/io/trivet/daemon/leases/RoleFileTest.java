package io.trivet.daemon.leases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.trivet.cluster.lease.LeaseTiming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The role on disk, also after a write that did not end.
class RoleFileTest {
  @TempDir Path folder;

  private RoleFile file() {
    return new RoleFile(folder.resolve("leases.role"));
  }

  private static final LeaseRole ROLE = LinkCodecTest.role(LeaseTiming.STANDARD);

  @Test
  void whatIsKeptIsFound() throws IOException {
    assertNull(file().load());
    file().keep(ROLE);
    assertEquals(ROLE, file().load());
  }

  @Test
  void atEveryLengthAndWithEveryByteChangedItCountsAsAbsent() throws IOException {
    Path path = folder.resolve("leases.role");
    file().keep(ROLE);
    byte[] whole = Files.readAllBytes(path);
    for (int length = 0; length < whole.length; length++) {
      Files.write(path, Arrays.copyOf(whole, length));
      assertNull(file().load(), "cut to " + length);
      byte[] changed = whole.clone();
      changed[length] ^= 0x10;
      Files.write(path, changed);
      assertNull(file().load(), "changed at " + length);
    }
  }
}
