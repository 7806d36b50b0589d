package io.trivet.daemon.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/// Reads PEM files (RFC 7468): certificates, and private keys in PKCS #8.
final class Pem {
  static final String MAKE_THEM =
      "make certificates with `trivet certificates create FILE --out DIR` and copy DIR/<controller>/ here";

  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private Pem() {}

  static X509Certificate certificate(Path file) throws TlsUnusable {
    return certificates(file).getFirst();
  }

  /// At least one.
  static List<X509Certificate> certificates(Path file) throws TlsUnusable {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> all =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (all.isEmpty()) {
        throw new CertificateException("there is none in it");
      }
      return all;
    } catch (NoSuchFileException e) {
      throw new TlsUnusable(file, "the certificate is missing", MAKE_THEM, e);
    } catch (IOException e) {
      throw new TlsUnusable(
          file,
          "the certificate cannot be read (" + e + ")",
          "check owner and mode of the file",
          e);
    } catch (CertificateException e) {
      throw new TlsUnusable(
          file, "this is not a certificate in PEM form (" + e.getMessage() + ")", MAKE_THEM, e);
    }
  }

  /// A private key, which nobody but its owner may be able to read.
  static PrivateKey key(Path file) throws TlsUnusable {
    String text;
    try {
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (mode.stream().anyMatch(OF_OTHERS::contains)) {
        throw new TlsUnusable(
            file,
            "others than its owner may use the private key (mode "
                + PosixFilePermissions.toString(mode)
                + ")",
            "chmod 600 " + file + "; if somebody may have read it, make a new certificate");
      }
      text = Files.readString(file, StandardCharsets.US_ASCII);
    } catch (NoSuchFileException e) {
      throw new TlsUnusable(file, "the private key is missing", MAKE_THEM, e);
    } catch (TlsUnusable e) {
      throw e;
    } catch (IOException e) {
      throw new TlsUnusable(
          file,
          "the private key cannot be read (" + e + ")",
          "check owner and mode of the file",
          e);
    }
    return parseKey(file, text);
  }

  private static PrivateKey parseKey(Path file, String text) throws TlsUnusable {
    String begin = "-----BEGIN PRIVATE KEY-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END PRIVATE KEY-----");
    if (from < 0 || to < from) {
      throw new TlsUnusable(
          file,
          "this is not a private key in PEM form (no BEGIN PRIVATE KEY ... END PRIVATE KEY)",
          "convert it with `openssl pkcs8 -topk8 -nocrypt`, or " + MAKE_THEM);
    }
    PKCS8EncodedKeySpec spec;
    try {
      spec =
          new PKCS8EncodedKeySpec(
              Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to)));
    } catch (IllegalArgumentException e) {
      throw new TlsUnusable(file, "the private key is damaged (not base64)", MAKE_THEM, e);
    }
    for (String algorithm : new String[] {"EC", "RSA", "EdDSA"}) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        // Not of this kind; try the next.
      }
    }
    throw new TlsUnusable(file, "the private key is neither EC nor RSA nor EdDSA", MAKE_THEM);
  }

  /// The common name of the subject; empty when there is none.
  static String commonName(X509Certificate certificate) {
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          return part.getValue().toString();
        }
      }
      return "";
    } catch (InvalidNameException e) {
      return "";
    }
  }
}
