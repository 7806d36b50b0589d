package io.trivet.daemon.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.SortedSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Accepts a certificate when the cluster's authority signed it *and* its common name is one of the
/// members *and* it is not revoked: a controller that left the cluster keeps a valid certificate,
/// but no access.
final class MembersOnly extends X509ExtendedTrustManager {
  private final Supplier<X509ExtendedTrustManager> authority;
  private final SortedSet<String> members;
  private final Predicate<X509Certificate> revoked;

  /// @param authority who signs, at the time of a handshake
  /// @param revoked whether a certificate is believed no more
  MembersOnly(
      Supplier<X509ExtendedTrustManager> authority,
      SortedSet<String> members,
      Predicate<X509Certificate> revoked) {
    this.authority = authority;
    this.members = members;
    this.revoked = revoked;
  }

  private void requireMember(X509Certificate[] chain) throws CertificateException {
    String name = Pem.commonName(chain[0]);
    if (!members.contains(name)) {
      throw new CertificateException("\"" + name + "\" is not a member; members are " + members);
    }
    if (revoked.test(chain[0])) {
      throw new CertificateException(
          "the certificate "
              + chain[0].getSerialNumber().toString(16)
              + " of \""
              + name
              + "\" is revoked");
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    authority.get().checkClientTrusted(chain, authType, socket);
    requireMember(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    authority.get().checkServerTrusted(chain, authType, socket);
    requireMember(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    authority.get().checkClientTrusted(chain, authType, engine);
    requireMember(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    authority.get().checkServerTrusted(chain, authType, engine);
    requireMember(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    authority.get().checkClientTrusted(chain, authType);
    requireMember(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    authority.get().checkServerTrusted(chain, authType);
    requireMember(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authority.get().getAcceptedIssuers();
  }
}
