package io.trivet.daemon.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificatesTest {
  @TempDir Path root = Path.of("");
  private Path out = Path.of("");

  @BeforeEach
  void madeOnce() throws Exception {
    out = root.resolve("out");
    Certificates.create(
        new TreeMap<>(Map.of("c1", "10.77.0.11", "c2", "fd77::12", "c3", "c3.example.org")), out);
  }

  @Test
  void eachControllerCanLoadItsOwn() throws Exception {
    Instant now = Instant.now();
    Identity c1 = Identity.load(out.resolve("c1"), "c1", "10.77.0.11", now);
    assertEquals("c1", c1.name());
    long days = Duration.between(now, c1.expires()).toDays();
    assertTrue(days >= 729 && days <= 730, "valid for " + days + " days");
    Identity.load(out.resolve("c2"), "c2", "fd77::12", now);
    Identity.load(out.resolve("c2"), "c2", "fd77:0:0::12", now);
    Identity.load(out.resolve("c3"), "c3", "c3.example.org", now);
  }

  @Test
  void keysAreForTheirOwnerOnlyAndNoDraftIsLeft() throws IOException {
    assertEquals("rw-------", mode(out.resolve("ca.key")));
    assertEquals("rw-------", mode(out.resolve("c1/node.key")));
    assertEquals("rwx------", mode(out));
    try (Stream<Path> files = Files.list(out)) {
      assertEquals(0, files.filter(file -> file.getFileName().toString().startsWith(".")).count());
    }
  }

  @Test
  void nothingIsOverwrittenAndWhatIsMissingIsAdded() throws Exception {
    byte[] before = Files.readAllBytes(out.resolve("c1/node.key"));
    byte[] authority = Files.readAllBytes(out.resolve("ca.crt"));
    Certificates.Created again =
        Certificates.create(new TreeMap<>(Map.of("c1", "10.77.0.11", "c4", "10.77.0.14")), out);
    assertEquals(Map.of("c1", 1, "c4", 1).keySet(), again.nodesUntil().keySet());
    assertTrue(again.kept().contains(out.resolve("c1")), again.kept().toString());
    assertTrue(again.written().contains(out.resolve("c4/node.key")), again.written().toString());
    assertEquals(
        -1, java.util.Arrays.mismatch(before, Files.readAllBytes(out.resolve("c1/node.key"))));
    assertEquals(
        -1, java.util.Arrays.mismatch(authority, Files.readAllBytes(out.resolve("ca.crt"))));
    Identity.load(out.resolve("c4"), "c4", "10.77.0.14", Instant.now());
  }

  @Test
  void halfAnAuthorityIsRefused() throws Exception {
    Files.delete(out.resolve("ca.crt"));
    TlsUnusable refusal =
        assertThrows(
            TlsUnusable.class,
            () -> Certificates.create(new TreeMap<>(Map.of("c4", "10.77.0.14")), out));
    assertTrue(refusal.getMessage().contains("half of the authority"), refusal.getMessage());
    assertFalse(Files.exists(out.resolve("c4")));
  }

  @Test
  void namesThatWouldBecomeConfigurationAreRefused() {
    for (String name : new String[] {"", "c1\nCN = c2", "a/b", "..", "-c1", "c1,DNS:c2", "${x}"}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> Certificates.create(new TreeMap<>(Map.of(name, "10.77.0.14")), out),
          name);
      assertThrows(
          IllegalArgumentException.class,
          () -> Certificates.create(new TreeMap<>(Map.of("c9", name)), out),
          name);
    }
  }

  @Test
  void aWrongFileIsSaidWithWhatToDo() throws Exception {
    Path c1 = out.resolve("c1");
    Instant now = Instant.now();
    says("this controller is \"c2\"", c1, "c2", "10.77.0.11", now);
    says("does not name the address 10.77.0.99", c1, "c1", "10.77.0.99", now);
    says("the certificate ended at", c1, "c1", "10.77.0.11", now.plus(Duration.ofDays(731)));
    says("begins only at", c1, "c1", "10.77.0.11", now.minus(Duration.ofDays(1)));
    Files.copy(
        out.resolve("c2/node.key"), c1.resolve("node.key"), StandardCopyOption.REPLACE_EXISTING);
    says("does not belong to", c1, "c1", "10.77.0.11", now);
    Files.setPosixFilePermissions(
        c1.resolve("node.key"), PosixFilePermissions.fromString("rw-r-----"));
    says("others than its owner", c1, "c1", "10.77.0.11", now);
    Files.delete(c1.resolve("node.key"));
    says("the private key is missing", c1, "c1", "10.77.0.11", now);
    Files.writeString(c1.resolve("node.crt"), "nonsense");
    says("not a certificate in PEM form", c1, "c1", "10.77.0.11", now);
    says("the certificate is missing", root.resolve("nowhere"), "c1", "10.77.0.11", now);
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefused() throws Exception {
    Path other = root.resolve("other");
    Certificates.create(new TreeMap<>(Map.of("c1", "10.77.0.11")), other);
    Files.copy(
        other.resolve("c1/ca.crt"), out.resolve("c1/ca.crt"), StandardCopyOption.REPLACE_EXISTING);
    says("was not signed by", out.resolve("c1"), "c1", "10.77.0.11", Instant.now());
  }

  private static void says(String what, Path folder, String self, String address, Instant now) {
    TlsUnusable refusal =
        assertThrows(TlsUnusable.class, () -> Identity.load(folder, self, address, now));
    assertTrue(refusal.getMessage().contains(what), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("where:"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("what to do:"), refusal.getMessage());
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
