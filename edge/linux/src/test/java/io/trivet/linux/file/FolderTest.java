package io.trivet.linux.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.linux.LinuxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// What a user can put into its own folder for a root process that reads and writes there: links,
/// pipes, other names of others' files, folders swapped under the way. Nothing outside is touched.
@Timeout(60)
@EnabledIf("root")
final class FolderTest {
  private static final byte[] OLD = "old".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NEW = "new".getBytes(StandardCharsets.UTF_8);
  private static final byte[] SECRET = "root's own".getBytes(StandardCharsets.UTF_8);

  /// /root belongs to root and no other may write there, as /etc and /var/lib; /tmp is not so.
  @TempDir(factory = InRoot.class)
  Path root = Path.of("");

  private Path theirs = Path.of("");
  private Path secret = Path.of("");

  static final class InRoot implements org.junit.jupiter.api.io.TempDirFactory {
    @Override
    public Path createTempDirectory(
        org.junit.jupiter.api.extension.AnnotatedElementContext element,
        org.junit.jupiter.api.extension.ExtensionContext context)
        throws IOException {
      return Files.createTempDirectory(Path.of("/root"), "folder-test");
    }
  }

  static boolean root() {
    return System.getProperty("user.name").equals("root");
  }

  @BeforeEach
  void aFolderOfNobodys() throws Exception {
    theirs = Files.createDirectory(root.resolve("theirs"));
    secret = Files.write(root.resolve("secret"), SECRET);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    chown("nobody", theirs);
  }

  @Test
  void aFileIsReplacedWithOwnerAndMode() throws Exception {
    Files.write(theirs.resolve("f"), OLD);
    try (Folder folder = Folder.open(theirs)) {
      folder.replace("f", NEW, 0640, "nobody", "nogroup");
      assertArrayEquals(NEW, folder.read("f", 100));
      assertNull(folder.read("g", 100));
    }
    PosixFileAttributes is = Files.readAttributes(theirs.resolve("f"), PosixFileAttributes.class);
    assertEquals("nobody", is.owner().getName());
    assertEquals("nogroup", is.group().getName());
    assertEquals("rw-r-----", PosixFilePermissions.toString(is.permissions()));
    assertNoDrafts(theirs);
  }

  @Test
  void missingFoldersAreMadeOnlyWhereRootAloneMayWrite() throws Exception {
    try (Folder folder = Folder.openOrMake(root.resolve("a/b/c"))) {
      folder.replace("f", NEW, 0644, "root", "root");
    }
    assertArrayEquals(NEW, Files.readAllBytes(root.resolve("a/b/c/f")));
    assertEquals(
        "rwxr-xr-x",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("a"))));
    assertThrows(LinuxException.class, () -> Folder.openOrMake(theirs.resolve("a/b")).close());
    assertFalse(Files.exists(theirs.resolve("a")));
  }

  @Test
  void aLinkInPlaceOfTheFileIsReplacedAndNotFollowed() throws Exception {
    Files.createSymbolicLink(theirs.resolve("f"), secret);
    try (Folder folder = Folder.open(theirs)) {
      assertThrows(LinuxException.class, () -> folder.read("f", 100));
      folder.replace("f", NEW, 0660, "nobody", "nogroup");
    }
    assertFalse(Files.isSymbolicLink(theirs.resolve("f")));
    assertSecretIsUntouched();
  }

  @Test
  void anotherNameOfAnothersFileIsNeitherReadNorWritten() throws Exception {
    Files.createLink(theirs.resolve("f"), secret);
    try (Folder folder = Folder.open(theirs)) {
      LinuxException refusal = assertThrows(LinuxException.class, () -> folder.read("f", 100));
      assertTrue(refusal.getMessage().contains("2 names"), refusal.getMessage());
      folder.replace("f", NEW, 0660, "nobody", "nogroup");
    }
    assertSecretIsUntouched();
  }

  @Test
  void aPipeADeviceAndAFolderAreNoFiles() throws Exception {
    run("mkfifo", theirs.resolve("pipe").toString());
    run("mknod", theirs.resolve("device").toString(), "c", "1", "5");
    Files.createDirectory(theirs.resolve("folder"));
    try (Folder folder = Folder.open(theirs)) {
      for (String name : new String[] {"pipe", "device", "folder"}) {
        assertThrows(LinuxException.class, () -> folder.read(name, 100), name);
      }
      folder.replace("pipe", NEW, 0644, "root", "root");
      assertArrayEquals(NEW, folder.read("pipe", 100));
      assertThrows(LinuxException.class, () -> folder.replace("folder", NEW, 0644, "root", "root"));
    }
    assertNoDrafts(theirs);
  }

  @Test
  void aTooLongFileIsAnErrorAndNotCut() throws Exception {
    Files.write(theirs.resolve("f"), new byte[200_000]);
    try (Folder folder = Folder.open(theirs)) {
      assertThrows(LinuxException.class, () -> folder.read("f", 199_999));
      assertEquals(200_000, folder.read("f", 200_000).length);
    }
  }

  @Test
  void aLinkOnTheWayIsFollowedOnlyIfRootPutItThere() throws Exception {
    Path real = Files.createDirectories(root.resolve("real/data"));
    Files.createSymbolicLink(root.resolve("byRoot"), Path.of("real"));
    try (Folder folder = Folder.open(root.resolve("byRoot/data"))) {
      folder.replace("f", NEW, 0644, "root", "root");
    }
    assertArrayEquals(NEW, Files.readAllBytes(real.resolve("f")));
    Files.createSymbolicLink(theirs.resolve("sub"), real);
    LinuxException refusal =
        assertThrows(LinuxException.class, () -> Folder.open(theirs.resolve("sub")).close());
    assertTrue(refusal.getMessage().contains("\"sub\" is a link"), refusal.getMessage());
    Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
    assertThrows(LinuxException.class, () -> Folder.open(root.resolve("loop")).close());
  }

  @Test
  void aFolderSwappedForALinkBetweenOpeningAndWritingChangesNothingOutside() throws Exception {
    Path inner = Files.createDirectory(theirs.resolve("inner"));
    chown("nobody", inner);
    Path target = Files.createDirectory(root.resolve("target"));
    try (Folder folder = Folder.open(inner)) {
      Files.move(inner, theirs.resolve("moved"));
      Files.createSymbolicLink(inner, target);
      folder.replace("f", NEW, 0644, "root", "root");
    }
    assertArrayEquals(NEW, Files.readAllBytes(theirs.resolve("moved/f")));
    try (Stream<Path> files = Files.list(target)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void someoneWhoSwapsAllTheTimeGainsNothing() throws Exception {
    Process swapper =
        new ProcessBuilder(
                "setpriv",
                "--reuid=65534",
                "--regid=65534",
                "--clear-groups",
                "sh",
                "-c",
                "cd \"$0\" || exit; while :; do ln -sf \"$1\" f; rm -f f; echo x > f; for d in .f.new-*; do ln -sf \"$1\" \"$d\"; done; done",
                theirs.toString(),
                secret.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    try {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
      while (System.nanoTime() < until) {
        try (Folder folder = Folder.open(theirs)) {
          folder.replace("f", NEW, 0666, "nobody", "nogroup");
          byte[] read = folder.read("f", 100);
          assertTrue(read == null || read.length < SECRET.length);
        } catch (LinuxException e) {
          // It was in the way, which it may be in its own folder.
        }
      }
    } finally {
      swapper.destroyForcibly().waitFor();
    }
    assertSecretIsUntouched();
  }

  private void assertSecretIsUntouched() throws IOException {
    PosixFileAttributes is = Files.readAttributes(secret, PosixFileAttributes.class);
    assertArrayEquals(SECRET, Files.readAllBytes(secret));
    assertEquals("root", is.owner().getName());
    assertEquals("rw-------", PosixFilePermissions.toString(is.permissions()));
  }

  private static void assertNoDrafts(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(0, files.filter(f -> f.getFileName().toString().startsWith(".")).count());
    }
  }

  private static void chown(String user, Path path) throws Exception {
    run("chown", user, path.toString());
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
