package io.trivet.consensus;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// A throw-away certificate authority for tests, made by openssl.
final class TestPki {
  private final Path directory;

  TestPki(Path directory) throws IOException, InterruptedException {
    this.directory = Files.createDirectories(directory);
    if (Files.notExists(directory.resolve("ca.crt"))) {
      newKey("ca");
      openssl(
          "req",
          "-x509",
          "-new",
          "-key",
          file("ca.key"),
          "-subj",
          "/CN=test CA",
          "-days",
          "2",
          "-out",
          file("ca.crt"));
    }
  }

  /// The identity of a member that listens on 127.0.0.1.
  Tls member(String name) throws IOException, InterruptedException, GeneralSecurityException {
    if (Files.notExists(directory.resolve(name + ".crt"))) {
      newKey(name);
      openssl(
          "req",
          "-new",
          "-key",
          file(name + ".key"),
          "-subj",
          "/CN=" + name,
          "-out",
          file(name + ".csr"));
      Files.writeString(
          directory.resolve(name + ".ext"), "subjectAltName=DNS:" + name + ",IP:127.0.0.1\n");
      openssl(
          "x509",
          "-req",
          "-in",
          file(name + ".csr"),
          "-CA",
          file("ca.crt"),
          "-CAkey",
          file("ca.key"),
          "-CAcreateserial",
          "-days",
          "2",
          "-extfile",
          file(name + ".ext"),
          "-out",
          file(name + ".crt"));
    }
    return load(name);
  }

  private Tls load(String name) throws IOException, GeneralSecurityException {
    X509Certificate authority = certificate("ca.crt");
    KeyStore trusted = emptyStore();
    trusted.setCertificateEntry("ca", authority);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(trusted);
    KeyStore own = emptyStore();
    own.setKeyEntry(
        "node",
        key(name + ".key"),
        new char[0],
        new X509Certificate[] {certificate(name + ".crt"), authority});
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, new char[0]);
    return new Tls(
        (X509ExtendedKeyManager) keys.getKeyManagers()[0],
        (X509ExtendedTrustManager) trust.getTrustManagers()[0]);
  }

  private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private X509Certificate certificate(String name) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(directory.resolve(name))) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private PrivateKey key(String name) throws IOException, GeneralSecurityException {
    String pem =
        Files.readString(directory.resolve(name))
            .replaceAll("-----[A-Z ]+-----", "")
            .replaceAll("\\s", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
  }

  private void newKey(String name) throws IOException, InterruptedException {
    openssl(
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-out",
        file(name + ".key"));
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  private static void openssl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + " failed: " + said);
    }
  }

  /// A port that nobody listens on now.
  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
