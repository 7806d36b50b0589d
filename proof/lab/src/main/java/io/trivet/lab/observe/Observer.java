package io.trivet.lab.observe;

import io.trivet.lab.host.LabException;
import io.trivet.lab.node.Node;
import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.process.CurrentThread;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// Watches the VIP from outside: every controller at its port of the switch, the client's
/// connections, tokens. It knows nothing of Trivet.
public final class Observer implements AutoCloseable {
  /// How often each controller and the VIP are asked.
  public static final long PROBE_NANOS = 5_000_000L;

  /// How often a drill asks for a token.
  public static final long TOKEN_NANOS = 200_000_000L;

  /// A silence of a controller that is asked every 5 ms: ten questions without an answer.
  static final long PAUSE_NANOS = 50_000_000L;

  private static final int API_PORT = 5000;

  private final NetworkNamespace network;
  private final NetworkNamespace clientNamespace;
  private final HolderWatch holders;
  private final ClientWatch client;
  private final TokenWatch tokens;
  private final WatchThreads threads = new WatchThreads();
  private final long tokenNanos;
  private volatile boolean closed;

  private Observer(Path switchNamespace, long clientPid, String tokenRequest, long tokenNanos)
      throws LinuxException, UnknownHostException, LabException {
    this.tokenNanos = tokenNanos;
    network = NetworkNamespace.at(switchNamespace);
    clientNamespace = NetworkNamespace.ofProcess(clientPid);
    Inet4Address vip = (Inet4Address) InetAddress.getByName(Node.VIP);
    client = new ClientWatch(network, clientNamespace, vip, API_PORT);
    tokens = new TokenWatch(clientNamespace, new InetSocketAddress(vip, API_PORT), tokenRequest);
    holders = HolderWatch.start(switchNamespace, Node.VIP);
  }

  /// Begins to watch.
  ///
  /// @param switchNamespace the namespace of the switch, as a file
  /// @param clientPid a process of the client
  /// @param tokenRequest the body of a request for a token
  /// @param tokenNanos how often a token is asked for
  public static Observer start(
      Path switchNamespace, long clientPid, String tokenRequest, long tokenNanos)
      throws LabException {
    try {
      Observer observer = new Observer(switchNamespace, clientPid, tokenRequest, tokenNanos);
      observer.begin();
      return observer;
    } catch (LinuxException | UnknownHostException e) {
      throw new LabException("cannot watch the switch: " + e.getMessage(), e);
    }
  }

  /// What was seen between two moments.
  ///
  /// @param from on the clock of [System#nanoTime]
  public Sight sight(long from, long until) {
    Map<String, Answers> held = holders.holders();
    return new Sight(
        from,
        until,
        client.answers().longestGapNanos(from, until),
        Answers.twoAtOnceNanos(held.values(), PAUSE_NANOS, PROBE_NANOS),
        tokens.issued().longestGapNanos(from, until),
        client.asked().longestGapNanos(from, until),
        held);
  }

  /// How many tokens were issued so far.
  public long tokensIssued() {
    return tokens.issued().nanos().size();
  }

  /// When a token was issued first, at or after a moment; -1 when not yet.
  public long firstTokenAfter(long from) {
    return tokens.issued().firstAfter(from);
  }

  /// When the VIP answered the client first, at or after a moment; -1 when not yet.
  public long firstAnswerAfter(long from) {
    return client.answers().firstAfter(from);
  }

  /// Ends the watching. What was seen stays.
  @Override
  public void close() throws LabException {
    closed = true;
    try {
      holders.close();
      threads.join();
      client.close();
    } catch (IOException e) {
      throw new LabException("cannot end the watching: " + e.getMessage(), e);
    } finally {
      network.close();
      clientNamespace.close();
    }
  }

  private void begin() throws LinuxException {
    // The thread that makes sockets.
    clientNamespace.run(() -> CurrentThread.roundRobin(WatchThreads.PRIORITY));
    threads.start("watch-client", client::watch);
    threads.start("ask", this::ask);
    threads.start("ask-tokens", this::askForTokens);
  }

  private void ask() {
    long next = System.nanoTime();
    while (!closed) {
      try {
        client.ask();
      } catch (IOException e) {
        // Not asked this time; a pause in asking is measured and told.
      }
      next = sleepUntil(next + PROBE_NANOS);
    }
  }

  private void askForTokens() {
    long next = System.nanoTime();
    while (!closed) {
      try {
        tokens.ask();
      } catch (LinuxException e) {
        // As above.
      }
      next = sleepUntil(next + tokenNanos);
    }
  }

  /// @return the moment to count on from: now, when it is already late by more than a probe
  static long sleepUntil(long moment) {
    long now = System.nanoTime();
    while (moment > now) {
      LockSupport.parkNanos(moment - now);
      now = System.nanoTime();
    }
    return now - moment > PROBE_NANOS ? now : moment;
  }
}
