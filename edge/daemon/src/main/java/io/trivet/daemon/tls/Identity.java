package io.trivet.daemon.tls;

import io.trivet.consensus.Tls;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Who this controller is on the network, and whom it believes: the files `ca.crt`, `node.crt` and
/// `node.key` of one directory, checked when they are loaded so that a wrong one is an error with a
/// name and not a silent peer.
public final class Identity {
  private final String name;
  private final X509Certificate certificate;
  private final X509ExtendedKeyManager keyManager;
  private final X509ExtendedTrustManager authority;
  private final Instant expiresFirst;

  private Identity(
      String name,
      X509Certificate certificate,
      X509ExtendedKeyManager keyManager,
      X509ExtendedTrustManager authority,
      Instant expiresFirst) {
    this.expiresFirst = expiresFirst;
    this.name = name;
    this.certificate = certificate;
    this.keyManager = keyManager;
    this.authority = authority;
  }

  /// Loads and checks the files.
  ///
  /// @param directory where they are, `/etc/trivet/tls` on a controller
  /// @param self this controller's name: the certificate's common name must be it
  /// @param address this controller's address: the certificate must carry it as subject alternative
  ///   name
  /// @param now the time for which the certificates must be valid
  /// @throws TlsUnusable when a file is missing, unreadable, expired, or does not fit the others
  public static Identity load(Path directory, String self, String address, Instant now)
      throws TlsUnusable {
    Path caFile = directory.resolve("ca.crt");
    Path certificateFile = directory.resolve("node.crt");
    Path keyFile = directory.resolve("node.key");
    List<X509Certificate> authorities = Pem.certificates(caFile);
    X509Certificate own = Pem.certificate(certificateFile);
    PrivateKey key = Pem.key(keyFile);
    X509Certificate ca = signer(certificateFile, own, caFile, authorities);
    requireValid(caFile, ca, now);
    requireValid(certificateFile, own, now);
    requireBelongs(keyFile, key, certificateFile, own);
    requireName(certificateFile, own, self, address);
    try {
      Instant ofCa = ca.getNotAfter().toInstant();
      Instant ofOwn = own.getNotAfter().toInstant();
      Instant first = ofCa.isBefore(ofOwn) ? ofCa : ofOwn;
      return new Identity(self, own, keyManager(own, ca, key), trustManager(authorities), first);
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsUnusable(
          directory, "the certificates cannot be used (" + e + ")", Pem.MAKE_THEM, e);
    }
  }

  public String name() {
    return name;
  }

  /// When the own certificate ends.
  public Instant expires() {
    return certificate.getNotAfter().toInstant();
  }

  /// When the first of the own certificate and its signer's ends.
  Instant expiresFirst() {
    return expiresFirst;
  }

  X509Certificate certificate() {
    return certificate;
  }

  X509ExtendedKeyManager keyManager() {
    return keyManager;
  }

  X509ExtendedTrustManager authority() {
    return authority;
  }

  /// What the replicated log needs to talk to these members, and to nobody else.
  public Tls forLog(SortedSet<String> members) {
    return new Tls(keyManager, new MembersOnly(() -> authority, members, _ -> false));
  }

  /// A context for connections with these members, and with nobody else. TLS 1.3 only is the
  /// caller's to set.
  public SSLContext context(SortedSet<String> members) {
    return context(keyManager, new MembersOnly(() -> authority, members, _ -> false));
  }

  static SSLContext context(X509ExtendedKeyManager key, X509ExtendedTrustManager trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(new KeyManager[] {key}, new TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS 1.3", e);
    }
  }

  /// The name that a certificate stands for: its common name, empty when it has none.
  public static String nameIn(X509Certificate certificate) {
    return Pem.commonName(certificate);
  }

  private static void requireValid(Path file, X509Certificate certificate, Instant now)
      throws TlsUnusable {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isAfter(until)) {
      throw new TlsUnusable(
          file,
          "the certificate ended at " + until + " (now: " + now + ")",
          "make a new one: move DIR/<controller>/ away and call `trivet certificates create FILE --out DIR` again");
    }
    if (now.isBefore(from)) {
      throw new TlsUnusable(
          file,
          "the certificate begins only at " + from + " (now: " + now + ")",
          "set the clock of this machine, or of the one where the certificate was made");
    }
  }

  /// While an authority is replaced, the file holds the old one and the new one.
  private static X509Certificate signer(
      Path file, X509Certificate own, Path caFile, List<X509Certificate> authorities)
      throws TlsUnusable {
    for (X509Certificate authority : authorities) {
      try {
        own.verify(authority.getPublicKey());
        return authority;
      } catch (GeneralSecurityException e) {
        // Not by this one.
      }
    }
    throw new TlsUnusable(
        file,
        "the certificate was not signed by "
            + caFile
            + " ("
            + authorities.getFirst().getSubjectX500Principal()
            + ")",
        "copy ca.crt, node.crt and node.key from the same run of `trivet certificates create`");
  }

  private static void requireBelongs(
      Path keyFile, PrivateKey key, Path certificateFile, X509Certificate own) throws TlsUnusable {
    boolean belongs;
    try {
      String algorithm =
          switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> "EdDSA";
          };
      Signature signature = Signature.getInstance(algorithm);
      byte[] text = {'t', 'r', 'i', 'v', 'e', 't'};
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(own);
      signature.update(text);
      belongs = signature.verify(signed);
    } catch (GeneralSecurityException e) {
      belongs = false;
    }
    if (!belongs) {
      throw new TlsUnusable(
          keyFile,
          "the private key does not belong to " + certificateFile,
          "copy node.crt and node.key of the same controller");
    }
  }

  private static void requireName(Path file, X509Certificate own, String self, String address)
      throws TlsUnusable {
    String name = Pem.commonName(own);
    if (!name.equals(self)) {
      throw new TlsUnusable(
          file,
          "the certificate is for \"" + name + "\", and this controller is \"" + self + "\"",
          "copy the files of DIR/" + self + "/ here");
    }
    if (alternativeNames(own).stream().noneMatch(other -> sameHost(other, address))) {
      throw new TlsUnusable(
          file,
          "the certificate does not name the address " + address + " of this controller",
          "move DIR/"
              + self
              + "/ away, call `trivet certificates create FILE --out DIR` with the present cluster file, and copy the"
              + " files of DIR/"
              + self
              + "/ here");
    }
  }

  /// Equal as text, or the same IP address written in another way (`fd77::12`,
  /// `fd77:0:0:0:0:0:0:12`).
  private static boolean sameHost(String one, String other) {
    if (one.equalsIgnoreCase(other)) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(one).equals(InetAddress.ofLiteral(other));
    } catch (IllegalArgumentException e) {
      // One of them is a host name.
      return false;
    }
  }

  private static List<String> alternativeNames(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      // Each is a pair: the kind as a number, the name (RFC 5280, 4.2.1.6).
      return names == null
          ? List.of()
          : names.stream().map(name -> String.valueOf(name.get(1))).toList();
    } catch (CertificateParsingException e) {
      return List.of();
    }
  }

  private static X509ExtendedKeyManager keyManager(
      X509Certificate own, X509Certificate ca, PrivateKey key)
      throws GeneralSecurityException, IOException {
    char[] inMemoryOnly = new char[0];
    KeyStore store = emptyStore();
    store.setKeyEntry("node", key, inMemoryOnly, new X509Certificate[] {own, ca});
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, inMemoryOnly);
    for (KeyManager manager : factory.getKeyManagers()) {
      if (manager instanceof X509ExtendedKeyManager wanted) {
        return wanted;
      }
    }
    throw new GeneralSecurityException("no key manager for X.509");
  }

  private static X509ExtendedTrustManager trustManager(List<X509Certificate> authorities)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    for (int i = 0; i < authorities.size(); i++) {
      store.setCertificateEntry("ca" + i, authorities.get(i));
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager wanted) {
        return wanted;
      }
    }
    throw new GeneralSecurityException("no trust manager for X.509");
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
