package io.trivet.daemon.effect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.services.agent.OnDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// That there is nothing is said only where it is certain.
class FilesTest {
  @TempDir private Path folder;

  private OnDisk<String> look(Path path) {
    return io.trivet.daemon.effect.Files.look(path.toString());
  }

  private OnDisk<List<String>> list(Path path) {
    return io.trivet.daemon.effect.Files.list(path.toString());
  }

  @Test
  void aFileThatIsNotThereIsAbsent() {
    assertEquals(new OnDisk.Absent<String>(), look(folder.resolve("grastate.dat")));
    assertEquals(new OnDisk.Absent<String>(), look(folder.resolve("no/such/folder")));
    assertEquals(new OnDisk.Absent<List<String>>(), list(folder.resolve("mysql")));
  }

  @Test
  void whatIsThereIsRead() throws IOException {
    Path file = Files.writeString(folder.resolve("grastate.dat"), "seqno: 7\n");
    assertEquals(new OnDisk.There<>("seqno: 7\n"), look(file));
    Files.writeString(folder.resolve("a"), "");
    assertEquals(new OnDisk.There<>(List.of("a", "grastate.dat")), list(folder));
  }

  @Test
  void whatCannotBeReadIsNotAbsent() throws IOException {
    assertUnreadable("cannot read", look(Files.createDirectory(folder.resolve("grastate.dat"))));
    Path file = Files.writeString(folder.resolve("mysql"), "a file where a folder should be");
    assertUnreadable("cannot read", look(file.resolve("grastate.dat")));
    assertUnreadable("cannot list", list(file));
    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    assertUnreadable("cannot read", look(loop));
    assertUnreadable("cannot list", list(loop));
    Path large = Files.write(folder.resolve("large"), new byte[(1 << 20) + 1]);
    assertUnreadable("cannot read", look(large));
    assertUnreadable("cannot read", look(Path.of("/dev/zero")));
    // The kernel opens it and fails to read: EIO.
    assertUnreadable("cannot read", look(Path.of("/proc/self/mem")));
  }

  private static void assertUnreadable(String why, OnDisk<?> found) {
    OnDisk.Unreadable<?> unreadable = assertInstanceOf(OnDisk.Unreadable.class, found);
    assertTrue(unreadable.why().contains(why), unreadable.why());
  }
}
