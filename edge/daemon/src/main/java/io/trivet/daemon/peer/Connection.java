package io.trivet.daemon.peer;

import io.trivet.daemon.tls.Identity;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A TLS connection that cannot hang: a watch looks at it every [LinkWatch#PERIOD_MILLIS] and cuts
/// it when the handshake, a write or the next sign of life takes too long.
///
/// Cutting closes the plain socket below TLS, with a reset: closing the TLS socket would wait for
/// the very write that is stuck, and a polite end would wait for a peer that is gone.
final class Connection {
  static final long WRITE_MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  static final long SILENCE_MAX_NANOS = TimeUnit.SECONDS.toNanos(1);

  // The daemon runs without C2 to save memory, and AES has intrinsics only there: measured,
  // ChaCha20 costs a fifth less
  // CPU in all.
  private static final String[] CIPHERS = {
    "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"
  };

  private final Socket plain;
  private final SSLSocket tls;
  private final InputStream in;
  private final OutputStream out;
  private final long handshakeMaxNanos;
  private final Runnable onCut;
  private final AtomicReference<@Nullable String> cutBecause = new AtomicReference<>();

  private volatile @Nullable X509Certificate shown;
  private volatile boolean established;
  private volatile long handshakeSinceNanos = System.nanoTime();
  private volatile long heardNanos = System.nanoTime();
  private volatile boolean writing;
  private volatile long writingSinceNanos;
  private volatile boolean delivering;

  private Connection(Socket plain, SSLSocket tls, long handshakeMaxNanos, Runnable onCut)
      throws IOException {
    this.plain = plain;
    this.tls = tls;
    this.handshakeMaxNanos = handshakeMaxNanos;
    this.onCut = onCut;
    this.in = new Heard(tls.getInputStream());
    this.out = tls.getOutputStream();
  }

  /// Prepares TLS over a connected socket; nothing is sent yet.
  static Connection over(
      Socket plain, SSLContext context, boolean client, long handshakeMaxNanos, Runnable onCut)
      throws IOException {
    plain.setTcpNoDelay(true);
    SSLSocket tls =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(
                    plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
    tls.setUseClientMode(client);
    if (!client) {
      tls.setNeedClientAuth(true);
    }
    tls.setEnabledProtocols(new String[] {"TLSv1.3"});
    tls.setEnabledCipherSuites(CIPHERS);
    return new Connection(plain, tls, handshakeMaxNanos, onCut);
  }

  /// Shakes hands and says who the other side is: the common name of a certificate that the context
  /// accepted.
  String handshake() throws IOException {
    handshakeSinceNanos = System.nanoTime();
    tls.startHandshake();
    X509Certificate certificate = (X509Certificate) tls.getSession().getPeerCertificates()[0];
    shown = certificate;
    return Identity.nameIn(certificate);
  }

  /// From now on silence counts instead of the time for the handshake.
  void establish() {
    heardNanos = System.nanoTime();
    established = true;
  }

  /// The certificate that the other side showed; null before the handshake.
  @Nullable X509Certificate shown() {
    return shown;
  }

  InputStream in() {
    return in;
  }

  void write(byte[] from, int at, int count) throws IOException {
    writingSinceNanos = System.nanoTime();
    writing = true;
    try {
      out.write(from, at, count);
    } finally {
      writing = false;
    }
  }

  /// While the listener has a message, silence is our own fault.
  void delivering(boolean now) {
    if (!now) {
      heardNanos = System.nanoTime();
    }
    delivering = now;
  }

  /// Called by the watch.
  void check(long nowNanos) {
    if (!established) {
      if (nowNanos - handshakeSinceNanos > handshakeMaxNanos) {
        cut("no handshake within " + TimeUnit.NANOSECONDS.toMillis(handshakeMaxNanos) + " ms");
      }
    } else if (writing && nowNanos - writingSinceNanos > WRITE_MAX_NANOS) {
      cut("a write was stuck for " + TimeUnit.NANOSECONDS.toMillis(WRITE_MAX_NANOS) + " ms");
    } else if (!delivering && nowNanos - heardNanos > SILENCE_MAX_NANOS) {
      cut("nothing heard for " + TimeUnit.NANOSECONDS.toMillis(SILENCE_MAX_NANOS) + " ms");
    }
  }

  /// Ends the connection at once, for this reason; the first reason stays.
  void cut(String why) {
    if (!cutBecause.compareAndSet(null, why)) {
      return;
    }
    try {
      plain.setSoLinger(true, 0);
      plain.close();
    } catch (IOException e) {
      // It is closed either way.
    }
    onCut.run();
  }

  boolean isCut() {
    return cutBecause.get() != null;
  }

  /// Why it ended: the reason of the cut, else what the failed read or write said.
  String why(Throwable error) {
    String because = cutBecause.get();
    if (because != null) {
      return because;
    }
    String message = error.getMessage();
    return message == null ? error.toString() : message;
  }

  private final class Heard extends FilterInputStream {
    Heard(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] to, int at, int count) throws IOException {
      int read = in.read(to, at, count);
      heardNanos = System.nanoTime();
      return read;
    }
  }
}
