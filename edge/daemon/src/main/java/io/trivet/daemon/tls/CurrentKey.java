package io.trivet.daemon.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Shows the key and certificate that are in force when a handshake begins. A handshake chooses a
/// name first and asks for certificate and key by it later; so the name carries the number of the
/// pair, and the pair before stays at hand.
final class CurrentKey extends X509ExtendedKeyManager {
  private record Pair(long number, X509ExtendedKeyManager manager, @Nullable Pair before) {}

  private volatile @Nullable Pair pair;

  synchronized void use(X509ExtendedKeyManager manager) {
    Pair was = pair;
    pair =
        was == null
            ? new Pair(1, manager, null)
            : new Pair(was.number + 1, manager, new Pair(was.number, was.manager, null));
  }

  private static @Nullable String named(@Nullable Pair of, @Nullable String alias) {
    return of == null || alias == null ? null : of.number + ":" + alias;
  }

  private @Nullable X509ExtendedKeyManager of(@Nullable String named) {
    for (Pair next = pair; next != null && named != null; next = next.before) {
      if (named.startsWith(next.number + ":")) {
        return next.manager;
      }
    }
    return null;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] types, Principal[] issuers, SSLEngine engine) {
    Pair now = pair;
    return now == null
        ? null
        : named(now, now.manager.chooseEngineClientAlias(types, issuers, engine));
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String type, Principal[] issuers, SSLEngine engine) {
    Pair now = pair;
    return now == null
        ? null
        : named(now, now.manager.chooseEngineServerAlias(type, issuers, engine));
  }

  @Override
  public @Nullable String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
    Pair now = pair;
    return now == null ? null : named(now, now.manager.chooseClientAlias(types, issuers, socket));
  }

  @Override
  public @Nullable String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
    Pair now = pair;
    return now == null ? null : named(now, now.manager.chooseServerAlias(type, issuers, socket));
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal[] issuers) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(String type, Principal[] issuers) {
    return null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String named) {
    X509ExtendedKeyManager manager = of(named);
    return manager == null ? null : manager.getCertificateChain(inner(named));
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String named) {
    X509ExtendedKeyManager manager = of(named);
    return manager == null ? null : manager.getPrivateKey(inner(named));
  }

  private static String inner(String named) {
    return named.substring(named.indexOf(':') + 1);
  }
}
