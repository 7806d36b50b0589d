package io.trivet.daemon.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Makes the certificates of a cluster with the `openssl` program: one authority, and a key with a
/// certificate for each controller.
///
/// ```
/// DIR/ca.key                 the authority's key, mode 0600: keep it off the controllers
/// DIR/ca.crt                 the authority's certificate
/// DIR/<controller>/          to be copied to /etc/trivet/tls of that controller:
///     ca.crt  node.crt  node.key (mode 0600)
/// ```
///
/// Nothing is overwritten. An authority that is there signs what is missing, so that a certificate
/// can be renewed: move its folder away, and call again.
///
/// Keys are EC P-256; no key material is ever an argument of a process.
public final class Certificates {
  /// Validity of the authority.
  public static final int AUTHORITY_DAYS = 3650;

  /// Validity of a controller's certificate.
  public static final int NODE_DAYS = 730;

  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,61}[A-Za-z0-9])?");
  private static final Pattern IP =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:]*:[0-9a-fA-F:.]*");
  private static final long OPENSSL_SECONDS_MAX = 60;
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> PUBLIC =
      PosixFilePermissions.fromString("rw-r--r--");

  /// What was done.
  ///
  /// @param written files that are new
  /// @param kept files that were there and were left alone
  /// @param authorityUntil when the authority ends
  /// @param nodesUntil when each controller's certificate ends, by name
  public record Created(
      List<Path> written,
      List<Path> kept,
      Instant authorityUntil,
      SortedMap<String, Instant> nodesUntil) {}

  private final Path out;
  private final Path draft;
  private final List<Path> written = new ArrayList<>();
  private final List<Path> kept = new ArrayList<>();

  private Certificates(Path out, Path draft) {
    this.out = out;
    this.draft = draft;
  }

  /// Makes what is missing.
  ///
  /// @param controllers name of each controller to its address (an IP address or a host name)
  /// @param out the folder; made with mode 0700 when there is none
  /// @throws TlsUnusable when a name or address cannot stand in a certificate, `openssl` is missing
  ///   or fails, the folder cannot be written, or half of an authority is there
  public static Created create(SortedMap<String, String> controllers, Path out)
      throws TlsUnusable, InterruptedException {
    controllers.forEach(Certificates::requirePlain);
    try {
      FileAttribute<?> ownerOnly =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
      if (Files.notExists(out)) {
        Files.createDirectories(out, ownerOnly);
      }
      Path draft = Files.createTempDirectory(out, ".making-", ownerOnly);
      try {
        return new Certificates(out, draft).make(controllers);
      } finally {
        deleteDraft(draft);
      }
    } catch (TlsUnusable e) {
      throw e;
    } catch (IOException e) {
      throw new TlsUnusable(
          out, "the folder cannot be written (" + e + ")", "choose another folder with --out", e);
    }
  }

  private Created make(SortedMap<String, String> controllers)
      throws IOException, InterruptedException {
    authority();
    SortedMap<String, Instant> until = new TreeMap<>();
    for (Map.Entry<String, String> controller : controllers.entrySet()) {
      until.put(controller.getKey(), node(controller.getKey(), controller.getValue()));
    }
    Instant authorityUntil = Pem.certificate(out.resolve("ca.crt")).getNotAfter().toInstant();
    return new Created(List.copyOf(written), List.copyOf(kept), authorityUntil, until);
  }

  private void authority() throws IOException, InterruptedException {
    Path key = out.resolve("ca.key");
    Path certificate = out.resolve("ca.crt");
    boolean hasKey = Files.exists(key);
    boolean hasCertificate = Files.exists(certificate);
    if (hasKey && hasCertificate) {
      Pem.key(key);
      kept.add(key);
      kept.add(certificate);
      return;
    }
    if (hasKey || hasCertificate) {
      throw new TlsUnusable(
          hasKey ? certificate : key,
          "half of the authority is missing: "
              + (hasKey ? key : certificate)
              + " is there without it",
          "put the missing file back, or choose an empty folder to make a new authority for all controllers");
    }
    Path config =
        writeConfig(
            "ca.cnf",
            "Trivet cluster authority",
            "basicConstraints = critical, CA:TRUE, pathlen:0",
            "keyUsage = critical, keyCertSign, cRLSign",
            "subjectKeyIdentifier = hash");
    newKey("ca.key");
    openssl(
        "req",
        "-x509",
        "-new",
        "-sha256",
        "-key",
        draft("ca.key"),
        "-config",
        config.toString(),
        "-extensions",
        "wanted",
        "-days",
        Integer.toString(AUTHORITY_DAYS),
        "-set_serial",
        serial(),
        "-out",
        draft("ca.crt"));
    publish("ca.key", key, PRIVATE);
    publish("ca.crt", certificate, PUBLIC);
  }

  private Instant node(String name, String address) throws IOException, InterruptedException {
    Path folder = out.resolve(name);
    Path certificate = folder.resolve("node.crt");
    if (Files.exists(folder)) {
      // Read, so that a damaged or half copied folder is said now and not on the controller.
      Instant until = Pem.certificate(certificate).getNotAfter().toInstant();
      Pem.key(folder.resolve("node.key"));
      Pem.certificate(folder.resolve("ca.crt"));
      kept.add(folder);
      return until;
    }
    String kind = IP.matcher(address).matches() ? "IP:" : "DNS:";
    Path config =
        writeConfig(
            name + ".cnf",
            name,
            "basicConstraints = critical, CA:FALSE",
            "keyUsage = critical, digitalSignature",
            "extendedKeyUsage = serverAuth, clientAuth",
            "subjectKeyIdentifier = hash",
            "authorityKeyIdentifier = keyid",
            "subjectAltName = DNS:" + name + ", " + kind + address);
    newKey(name + ".key");
    openssl(
        "req",
        "-new",
        "-sha256",
        "-key",
        draft(name + ".key"),
        "-config",
        config.toString(),
        "-out",
        draft(name + ".csr"));
    openssl(
        "x509",
        "-req",
        "-sha256",
        "-in",
        draft(name + ".csr"),
        "-CA",
        out.resolve("ca.crt").toString(),
        "-CAkey",
        out.resolve("ca.key").toString(),
        "-set_serial",
        serial(),
        "-days",
        Integer.toString(NODE_DAYS),
        "-extfile",
        config.toString(),
        "-extensions",
        "wanted",
        "-out",
        draft(name + ".crt"));
    Files.createDirectory(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.copy(out.resolve("ca.crt"), draft.resolve("copy.crt"));
    publish("copy.crt", folder.resolve("ca.crt"), PUBLIC);
    publish(name + ".crt", certificate, PUBLIC);
    publish(name + ".key", folder.resolve("node.key"), PRIVATE);
    return Pem.certificate(certificate).getNotAfter().toInstant();
  }

  private void publish(String from, Path to, Set<PosixFilePermission> mode) throws IOException {
    Path file = draft.resolve(from);
    Files.setPosixFilePermissions(file, mode);
    try {
      // A link fails when the name is taken; a move could replace what somebody else just wrote.
      Files.createLink(to, file);
    } catch (FileAlreadyExistsException e) {
      throw new TlsUnusable(
          to,
          "the file appeared while it was being made",
          "call again; nothing was overwritten",
          e);
    }
    Files.delete(file);
    written.add(to);
  }

  private Path writeConfig(String file, String commonName, String... extensions)
      throws IOException {
    String text =
        """
        [req]
        distinguished_name = who
        prompt = no
        [who]
        CN = %s
        [wanted]
        %s
        """
            .formatted(commonName, String.join("\n", extensions));
    return Files.writeString(draft.resolve(file), text, StandardCharsets.US_ASCII);
  }

  private void newKey(String file) throws IOException, InterruptedException {
    openssl(
        "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", draft(file));
  }

  private String draft(String file) {
    return draft.resolve(file).toString();
  }

  /// Random and positive, 16 bytes (RFC 5280, 4.1.2.2 allows 20).
  private static String serial() {
    byte[] bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    bytes[0] = (byte) (bytes[0] & 0x7f | 0x40);
    return "0x" + HexFormat.of().formatHex(bytes);
  }

  private static void openssl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new TlsUnusable(
          Path.of("openssl"),
          "the program openssl cannot be started (" + e.getMessage() + ")",
          "install it: apt install openssl",
          e);
    }
    process.getOutputStream().close();
    String said;
    try (var output = process.getInputStream()) {
      said = new String(output.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
    if (!process.waitFor(OPENSSL_SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      said = "no end after " + OPENSSL_SECONDS_MAX + " s";
    } else if (process.exitValue() == 0) {
      return;
    }
    throw new TlsUnusable(
        Path.of("openssl"),
        "`" + String.join(" ", command) + "` failed: " + said,
        "see what openssl says; it must be version 1.1.1 or newer");
  }

  private static void requirePlain(String name, String address) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "\""
              + name
              + "\" cannot be the name of a controller: letters, digits, - and . are allowed, 63 at most");
    }
    if (!IP.matcher(address).matches() && !NAME.matcher(address).matches()) {
      throw new IllegalArgumentException(
          "\"" + address + "\" of " + name + " is neither an IP address nor a host name");
    }
  }

  private static void deleteDraft(Path draft) throws IOException {
    try (Stream<Path> files = Files.walk(draft)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
