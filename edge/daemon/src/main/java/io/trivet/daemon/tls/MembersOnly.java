package io.trivet.daemon.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.SortedSet;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Accepts a certificate when the cluster's authority signed it *and* its common name is one of the
/// members: a controller that left the cluster keeps a valid certificate, but no access.
final class MembersOnly extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager authority;
  private final SortedSet<String> members;

  MembersOnly(X509ExtendedTrustManager authority, SortedSet<String> members) {
    this.authority = authority;
    this.members = members;
  }

  private void requireMember(X509Certificate[] chain) throws CertificateException {
    String name = Pem.commonName(chain[0]);
    if (!members.contains(name)) {
      throw new CertificateException("\"" + name + "\" is not a member; members are " + members);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    authority.checkClientTrusted(chain, authType, socket);
    requireMember(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    authority.checkServerTrusted(chain, authType, socket);
    requireMember(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    authority.checkClientTrusted(chain, authType, engine);
    requireMember(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    authority.checkServerTrusted(chain, authType, engine);
    requireMember(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    authority.checkClientTrusted(chain, authType);
    requireMember(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    authority.checkServerTrusted(chain, authType);
    requireMember(chain);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authority.getAcceptedIssuers();
  }
}
