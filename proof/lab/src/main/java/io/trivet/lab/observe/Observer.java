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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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

  /// Of the real-time priorities 1-99 (sched(7)), above a daemon that uses a low one.
  static final int PRIORITY = 60;

  private final NetworkNamespace network;
  private final NetworkNamespace clientNamespace;
  private final List<PortWatch> ports = new ArrayList<>();
  private final ClientWatch client;
  private final TokenWatch tokens;
  private final List<Thread> threads = new ArrayList<>();
  private final long tokenNanos;
  private volatile boolean closed;

  private Observer(Path switchNamespace, long clientPid, String tokenRequest, long tokenNanos)
      throws LinuxException, UnknownHostException {
    this.tokenNanos = tokenNanos;
    network = NetworkNamespace.at(switchNamespace);
    clientNamespace = NetworkNamespace.ofProcess(clientPid);
    Inet4Address vip = address(Node.VIP);
    Inet4Address observer = address(Node.OBSERVER);
    for (Node node : Node.CONTROLLERS) {
      ports.add(new PortWatch(network, node, vip, observer));
    }
    client = new ClientWatch(network, clientNamespace, vip, API_PORT);
    tokens = new TokenWatch(clientNamespace, new InetSocketAddress(vip, API_PORT), tokenRequest);
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
    Map<String, Answers> holders = new LinkedHashMap<>();
    for (PortWatch port : ports) {
      holders.put(port.node().name(), port.answers());
    }
    return new Sight(
        from,
        until,
        client.answers().longestGapNanos(from, until),
        Answers.twoAtOnceNanos(holders.values(), PAUSE_NANOS, PROBE_NANOS),
        tokens.issued().longestGapNanos(from, until),
        client.asked().longestGapNanos(from, until),
        holders);
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
    ports.forEach(PortWatch::close);
    try {
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(2));
      }
      client.close();
    } catch (IOException e) {
      throw new LabException("cannot end the watching: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    } finally {
      network.close();
      clientNamespace.close();
    }
  }

  private void begin() throws LinuxException {
    clientNamespace.run(() -> CurrentThread.roundRobin(PRIORITY)); // the thread that makes sockets
    for (PortWatch port : ports) {
      thread("watch-" + port.node().name(), port::watch);
    }
    thread("watch-client", client::watch);
    thread("ask", this::ask);
    thread("ask-tokens", this::askForTokens);
  }

  /// Platform threads: each blocks in the kernel most of the time. They go before everything else
  /// on the machine, because an observer stands beside the controllers and does not share their
  /// processors; where that is refused, the time in which it could not ask is told all the same.
  private void thread(String name, Runnable body) {
    threads.add(
        Thread.ofPlatform()
            .name(name)
            .daemon()
            .start(
                () -> {
                  CurrentThread.roundRobin(PRIORITY);
                  body.run();
                }));
  }

  private void ask() {
    long next = System.nanoTime();
    for (int sequence = 0; !closed; sequence++) {
      for (PortWatch port : ports) {
        port.ask(sequence);
      }
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

  private static Inet4Address address(String text) throws UnknownHostException {
    return (Inet4Address) InetAddress.getByName(text);
  }
}
