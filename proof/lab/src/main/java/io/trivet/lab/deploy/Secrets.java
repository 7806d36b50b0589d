package io.trivet.lab.deploy;

import io.trivet.lab.host.LabException;
import io.trivet.lab.host.LabHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/// The secrets of one lab, each in a file of its own that only its owner can read. Made when first
/// asked for; never shown, never an argument of a program.
public final class Secrets {
  private static final int BYTES = 24;
  private static final int FERNET_BYTES = 32;

  private final Path folder;
  private final SecureRandom random = new SecureRandom();

  public Secrets(LabHome home) {
    this.folder = home.secrets();
  }

  /// Where the certificates and their keys are.
  public Path folder() {
    return folder;
  }

  /// The password of Keystone's user `admin`.
  public String adminPassword() throws LabException {
    return secret("admin-password");
  }

  /// The password of Keystone's database user.
  public String databasePassword() throws LabException {
    return secret("keystone-database-password");
  }

  /// What RabbitMQ's nodes know each other by.
  public String erlangCookie() throws LabException {
    return secret("erlang-cookie");
  }

  /// A key as Keystone's token and credential providers read it: 32 octets, URL-safe base64 (Fernet
  /// specification, key format).
  ///
  /// @param repository `fernet` or `credential`
  /// @param index its name in the repository: 0 is staged, 1 is primary
  public String fernetKey(String repository, int index) throws LabException {
    byte[] octets = new byte[FERNET_BYTES];
    random.nextBytes(octets);
    return keep(repository + "-key-" + index, Base64.getUrlEncoder().encodeToString(octets));
  }

  private String secret(String name) throws LabException {
    byte[] octets = new byte[BYTES];
    random.nextBytes(octets);
    return keep(name, Base64.getUrlEncoder().withoutPadding().encodeToString(octets));
  }

  private String keep(String name, String fresh) throws LabException {
    Path file = folder.resolve(name);
    try {
      if (!Files.exists(file)) {
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, fresh);
      }
      String kept = Files.readString(file);
      if (kept.isEmpty()) { // a run ended between making and writing it
        Files.writeString(file, fresh);
        return fresh;
      }
      return kept;
    } catch (IOException e) {
      throw new LabException("cannot keep a secret in " + file + ": " + e.getMessage(), e);
    }
  }
}
