package io.trivet.consensus;

import java.util.Objects;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// What a member shows and what it accepts on its connections: mutual TLS 1.3, in both directions.
///
/// The trust manager decides alone who is a member; certificates must also carry the host (name or
/// address) of the member as subject alternative name, because a dialling member checks it.
///
/// @param keyManager the own certificate and key
/// @param trustManager accepts the certificates of the other members, and of nobody else
public record Tls(X509ExtendedKeyManager keyManager, X509ExtendedTrustManager trustManager) {
  public Tls {
    Objects.requireNonNull(keyManager, "keyManager");
    Objects.requireNonNull(trustManager, "trustManager");
  }
}
