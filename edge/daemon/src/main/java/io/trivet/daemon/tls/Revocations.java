package io.trivet.daemon.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Certificates that are believed no more, though the authority signed them and they have not
/// ended: the file `revoked` beside them, which an operator copies to every controller.
///
/// A line is a serial number or a SHA-256 fingerprint, in hexadecimal digits with or without
/// colons, as `openssl x509 -noout -serial` and `-fingerprint -sha256` print them, with or without
/// the word before the equals sign; `#` begins a comment. A number of few digits needs the word, or
/// `c1` would be one.
///
/// @param serials serial numbers
/// @param fingerprints of the whole certificate, lower case hexadecimal digits
record Revocations(SortedSet<BigInteger> serials, SortedSet<String> fingerprints) {
  static final String FILE = "revoked";
  static final Revocations NONE = new Revocations(new TreeSet<>(), new TreeSet<>());

  private static final int FINGERPRINT_DIGITS = 64;
  private static final int PLAIN_DIGITS_MIN = 16;
  private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{1,64}");

  /// Nothing is revoked where there is no file.
  ///
  /// @throws TlsUnusable when it cannot be read, or a line is not understood: to pass over a line
  ///   would believe whom it names
  static Revocations load(Path directory) throws TlsUnusable {
    Path file = directory.resolve(FILE);
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
    } catch (NoSuchFileException e) {
      return NONE;
    } catch (IOException e) {
      throw new TlsUnusable(
          file,
          "the list of revoked certificates cannot be read (" + e + ")",
          "check owner and mode of the file; it is plain text",
          e);
    }
    SortedSet<BigInteger> serials = new TreeSet<>();
    SortedSet<String> fingerprints = new TreeSet<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("#.*", "").strip();
      if (line.isEmpty()) {
        continue;
      }
      String digits =
          line.substring(line.indexOf('=') + 1).strip().replace(":", "").toLowerCase(Locale.ROOT);
      boolean named = line.contains("=") || digits.length() >= PLAIN_DIGITS_MIN;
      if (!named || !DIGITS.matcher(digits).matches()) {
        throw new TlsUnusable(
            file,
            "line " + (i + 1) + " is neither a serial number nor a SHA-256 fingerprint",
            "write what `openssl x509 -noout -serial -in node.crt` prints for the old certificate");
      }
      if (digits.length() == FINGERPRINT_DIGITS) {
        fingerprints.add(digits);
      } else {
        serials.add(new BigInteger(digits, 16));
      }
    }
    return new Revocations(serials, fingerprints);
  }

  boolean contains(X509Certificate certificate) {
    return serials.contains(certificate.getSerialNumber())
        || (!fingerprints.isEmpty() && fingerprints.contains(fingerprint(certificate)));
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read has a fingerprint", e);
    }
  }
}
