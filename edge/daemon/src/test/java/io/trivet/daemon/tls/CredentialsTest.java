package io.trivet.daemon.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Certificates that change, end or are revoked while the daemon runs.
@Timeout(120)
final class CredentialsTest {
  private static final TreeSet<String> MEMBERS = new TreeSet<>(List.of("c1", "c2"));

  @TempDir Path root = Path.of("");
  private Path c1 = Path.of("");
  private Path c2 = Path.of("");
  private Credentials one;
  private Credentials two;

  @BeforeEach
  void two() throws Exception {
    made("out");
    c1 = root.resolve("out/c1");
    c2 = root.resolve("out/c2");
    one = Credentials.load(c1, "c1", "127.0.0.1", Instant.now());
    two = Credentials.load(c2, "c2", "127.0.0.1", Instant.now());
  }

  @Test
  void theSameFilesAreNotLookedAtAgain() {
    assertInstanceOf(Credentials.Look.Same.class, one.look(Instant.now()));
    assertInstanceOf(Credentials.Look.Same.class, one.look(Instant.now()));
  }

  @Test
  void aNewCertificateIsShownInNewConnectionsWithoutARestart() throws Exception {
    X509Certificate before = shown();
    Files.move(c1, root.resolve("old"));
    Certificates.create(
        new TreeMap<>(Map.of("c1", "127.0.0.1", "c2", "127.0.0.1")), root.resolve("out"));
    settled(one, Credentials.Look.Replaced.class);
    X509Certificate after = shown();
    assertFalse(before.getSerialNumber().equals(after.getSerialNumber()));
  }

  @Test
  void whileFilesAreBeingCopiedNothingIsJudged() throws Exception {
    made("other");
    copy("other/c1/node.crt", "out/c1/node.crt");
    assertInstanceOf(Credentials.Look.Same.class, one.look(Instant.now()));
    copy("other/c1/node.key", "out/c1/node.key");
    assertInstanceOf(Credentials.Look.Same.class, one.look(Instant.now()));
    copy("other/c1/ca.crt", "out/c1/ca.crt");
    assertInstanceOf(Credentials.Look.Same.class, one.look(Instant.now()));
    assertInstanceOf(Credentials.Look.Replaced.class, one.look(Instant.now()));
  }

  @Test
  void aBadFileIsRefusedOnceAndTheOldOneStaysInForce() throws Exception {
    X509Certificate before = shown();
    Files.writeString(c1.resolve("node.crt"), "nonsense");
    Credentials.Look.Refused refused = settled(one, Credentials.Look.Refused.class);
    assertTrue(refused.why().contains("not a certificate in PEM form"), refused.why());
    assertInstanceOf(Credentials.Look.Same.class, one.look(Instant.now()));
    assertEquals(before.getSerialNumber(), shown().getSerialNumber());
    Files.writeString(c1.resolve("revoked"), "not hexadecimal\n");
    assertTrue(settled(one, Credentials.Look.Refused.class).why().contains("PEM form"));
  }

  @Test
  void aRevokedCertificateIsBelievedNoMore() throws Exception {
    X509Certificate ofOne = shown();
    for (String line :
        List.of(
            ofOne.getSerialNumber().toString(16),
            "serial=" + ofOne.getSerialNumber().toString(16).toUpperCase(java.util.Locale.ROOT),
            "# the old one\n" + fingerprint(c1.resolve("node.crt")) + "  # lost")) {
      Files.writeString(c2.resolve("revoked"), line + "\n");
      assertTrue(settled(two, Credentials.Look.Replaced.class).revocations());
      assertTrue(two.isRevoked(ofOne));
      ExecutionException refused = assertThrows(ExecutionException.class, this::shown, line);
      assertTrue(String.valueOf(refused.getCause()).contains("revoked"), refused.toString());
      Files.delete(c2.resolve("revoked"));
      settled(two, Credentials.Look.Replaced.class);
      assertEquals(ofOne.getSerialNumber(), shown().getSerialNumber());
    }
    Files.writeString(c1.resolve("revoked"), ofOne.getSerialNumber().toString(16));
    settled(one, Credentials.Look.Replaced.class);
    assertTrue(one.isRevokedItself());
  }

  @Test
  void aListWithALineThatIsNotUnderstoodIsRefused() throws Exception {
    for (String bad : List.of("c1", "12 34", "0x12", "zz", "1".repeat(65))) {
      Files.writeString(c2.resolve("revoked"), "# fine\n" + bad + "\n");
      TlsUnusable refusal =
          assertThrows(
              TlsUnusable.class, () -> Credentials.load(c2, "c2", "127.0.0.1", Instant.now()), bad);
      assertTrue(refusal.getMessage().contains("line 2"), refusal.getMessage());
    }
  }

  @Test
  void anAuthorityIsReplacedByWayOfBoth() throws Exception {
    made("other");
    byte[] both =
        (Files.readString(c1.resolve("ca.crt")) + Files.readString(root.resolve("other/ca.crt")))
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    Files.write(c1.resolve("ca.crt"), both);
    Files.write(c2.resolve("ca.crt"), both);
    settled(one, Credentials.Look.Replaced.class);
    settled(two, Credentials.Look.Replaced.class);
    shown();
    copy("other/c1/node.crt", "out/c1/node.crt");
    copy("other/c1/node.key", "out/c1/node.key");
    settled(one, Credentials.Look.Replaced.class);
    shown();
  }

  private static <T extends Credentials.Look> T settled(Credentials of, Class<T> wanted) {
    assertInstanceOf(Credentials.Look.Same.class, of.look(Instant.now()));
    return assertInstanceOf(wanted, of.look(Instant.now()));
  }

  /// Connects one to two with TLS, and gives the certificate that two was shown.
  private X509Certificate shown() throws Exception {
    SSLContext server = two.context(MEMBERS);
    try (SSLServerSocket listening =
        (SSLServerSocket)
            server
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      listening.setNeedClientAuth(true);
      CompletableFuture<X509Certificate> seen = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(
              () -> {
                try (SSLSocket accepted = (SSLSocket) listening.accept()) {
                  accepted.startHandshake();
                  seen.complete((X509Certificate) accepted.getSession().getPeerCertificates()[0]);
                  accepted.getOutputStream().write(1);
                } catch (IOException e) {
                  seen.completeExceptionally(e);
                }
              });
      try (SSLSocket socket =
          (SSLSocket)
              one.context(MEMBERS)
                  .getSocketFactory()
                  .createSocket(InetAddress.getLoopbackAddress(), listening.getLocalPort())) {
        socket.startHandshake();
        var _ = socket.getInputStream().read();
      } catch (IOException e) {
        // The server says why.
      }
      return seen.get();
    }
  }

  private void made(String folder) throws Exception {
    Certificates.create(
        new TreeMap<>(Map.of("c1", "127.0.0.1", "c2", "127.0.0.1")), root.resolve(folder));
  }

  private void copy(String from, String to) throws IOException {
    Files.copy(
        root.resolve(from),
        root.resolve(to),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static String fingerprint(Path certificate) throws Exception {
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "x509",
                "-noout",
                "-fingerprint",
                "-sha256",
                "-in",
                certificate.toString())
            .start();
    return new String(
            openssl.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
        .strip();
  }
}
