package io.trivet.daemon.tls;

import io.trivet.consensus.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.SortedSet;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The identity in force, and the certificates that are revoked, read again when their files
/// change: without a restart, for new connections. What cannot be used is refused, and what was in
/// force stays. Safe for all threads.
public final class Credentials {
  /// What a look at the files came to.
  public sealed interface Look {
    /// Nothing changed, or the files are still being copied.
    record Same() implements Look {}

    /// Other files are in force.
    ///
    /// @param revocations whether the list of revoked certificates is another one: connections must
    ///   be looked at
    record Replaced(boolean revocations) implements Look {}

    /// What is there now cannot be used.
    record Refused(String why) implements Look {}
  }

  private final Path directory;
  private final String self;
  private final String address;
  private final CurrentKey key = new CurrentKey();
  private volatile Identity identity;
  private volatile Revocations revocations;
  private String stamp;
  private String stampBefore;

  private Credentials(
      Path directory, String self, String address, Identity identity, Revocations revocations) {
    this.directory = directory;
    this.self = self;
    this.address = address;
    this.identity = identity;
    this.revocations = revocations;
    this.stamp = stamp(directory);
    this.stampBefore = stamp;
    key.use(identity.keyManager());
  }

  /// Loads and checks the files, see [Identity#load].
  public static Credentials load(Path directory, String self, String address, Instant now)
      throws TlsUnusable {
    return new Credentials(
        directory,
        self,
        address,
        Identity.load(directory, self, address, now),
        Revocations.load(directory));
  }

  /// Looks whether the files changed. They are used when they were the same at two looks: who
  /// copies three files is not done after the first.
  public synchronized Look look(Instant now) {
    String seen = stamp(directory);
    boolean settled = seen.equals(stampBefore);
    stampBefore = seen;
    if (seen.equals(stamp) || !settled) {
      return new Look.Same();
    }
    stamp = seen;
    try {
      Identity fresh = Identity.load(directory, self, address, now);
      Revocations list = Revocations.load(directory);
      boolean otherList = !list.equals(revocations);
      key.use(fresh.keyManager());
      identity = fresh;
      revocations = list;
      return new Look.Replaced(otherList);
    } catch (TlsUnusable e) {
      return new Look.Refused(String.valueOf(e.getMessage()));
    }
  }

  /// When the first of the own certificate and the authority's ends.
  public Instant expires() {
    return identity.expiresFirst();
  }

  /// Whether this certificate is believed no more.
  public boolean isRevoked(X509Certificate certificate) {
    return revocations.contains(certificate);
  }

  /// Whether the own certificate is.
  public boolean isRevokedItself() {
    return revocations.contains(identity.certificate());
  }

  /// What the replicated log needs to talk to these members, and to nobody else; what comes into
  /// force later counts for its new connections.
  public Tls forLog(SortedSet<String> members) {
    return new Tls(key, trust(members));
  }

  /// A context for one connection with these members, and with nobody else. Made anew each time, so
  /// that no session of an earlier connection is resumed past a revocation.
  public SSLContext context(SortedSet<String> members) {
    return Identity.context(key, trust(members));
  }

  private MembersOnly trust(SortedSet<String> members) {
    return new MembersOnly(() -> identity.authority(), members, this::isRevoked);
  }

  /// Changes when one of the files is another one.
  private static String stamp(Path directory) {
    StringBuilder stamp = new StringBuilder();
    for (String name : new String[] {"ca.crt", "node.crt", "node.key", Revocations.FILE}) {
      stamp.append(stampOf(directory.resolve(name))).append(' ');
    }
    return stamp.toString();
  }

  private static @Nullable String stampOf(Path file) {
    try {
      BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
      return is.fileKey() + "/" + is.size() + "/" + is.lastModifiedTime();
    } catch (IOException e) {
      return "none";
    }
  }
}
