package io.trivet.daemon.peer;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Small messages between controllers over mutual TLS 1.3: fast (no disk, no agreement, one hop)
/// and without any promise. A message arrives once, in order with others to the same peer, or not
/// at all.
///
/// Each controller connects to each other one, so that two connections stand between any two. A
/// connection proves by certificate who is at the other end, in both directions. It ends when a
/// write is stuck for 500 ms or nothing was heard for 1 s, and is then tried again every 200 ms;
/// both sides send signs of life when there is nothing else.
public final class PeerChannel implements AutoCloseable {
  /// Largest body of a message.
  public static final int BODY_BYTES_MAX = Frame.BODY_BYTES_MAX;

  private final LinkWatch watch;
  private final Incoming incoming;
  private final SortedMap<String, Outgoing> outgoing;

  private PeerChannel(LinkWatch watch, Incoming incoming, SortedMap<String, Outgoing> outgoing) {
    this.watch = watch;
    this.incoming = incoming;
    this.outgoing = Collections.unmodifiableSortedMap(outgoing);
  }

  /// Listens and begins to connect.
  ///
  /// @throws IOException when the own address cannot be bound
  public static PeerChannel open(PeerSettings settings, PeerListener listener) throws IOException {
    LinkWatch watch = new LinkWatch(settings.self());
    Incoming incoming = new Incoming(settings, listener, watch);
    SortedMap<String, Outgoing> outgoing = new TreeMap<>();
    for (Map.Entry<String, InetSocketAddress> peer : settings.peers().entrySet()) {
      outgoing.put(
          peer.getKey(), new Outgoing(peer.getKey(), peer.getValue(), settings, listener, watch));
    }
    watch.start();
    incoming.start();
    outgoing.values().forEach(Outgoing::start);
    return new PeerChannel(watch, incoming, outgoing);
  }

  /// Hands a message over; never blocks. While there is no connection, messages of the last second
  /// are kept; when they become too many, the oldest are thrown away and counted.
  ///
  /// @param kind 1 to 255, the caller's
  /// @param body at most [#BODY_BYTES_MAX]; not to be changed afterwards
  public void send(String peer, byte kind, byte[] body) {
    if (kind == Frame.ALIVE) {
      throw new IllegalArgumentException("kind 0 is the channel's own");
    }
    if (body.length > BODY_BYTES_MAX) {
      throw new IllegalArgumentException(
          "the message has " + body.length + " bytes, at most " + BODY_BYTES_MAX + " are allowed");
    }
    Outgoing link = outgoing.get(peer);
    if (link == null) {
      throw new IllegalArgumentException(
          "\"" + peer + "\" is not a peer; peers are " + outgoing.keySet());
    }
    link.send(kind, body);
  }

  /// The same message to every peer.
  public void sendToAll(byte kind, byte[] body) {
    for (String peer : outgoing.keySet()) {
      send(peer, kind, body);
    }
  }

  /// How the lines are, by name of the peer.
  public List<PeerStatus> status() {
    List<PeerStatus> all = new ArrayList<>();
    outgoing.forEach(
        (peer, link) ->
            all.add(
                new PeerStatus(
                    peer,
                    link.up(),
                    incoming.up(peer),
                    link.sent(),
                    incoming.received(peer),
                    link.dropped(),
                    link.connects(),
                    link.failures())));
    return all;
  }

  /// Ends the connections with those whose certificate is believed no more.
  public void endWhere(Predicate<X509Certificate> revoked) {
    watch.cutWhere(revoked);
  }

  InetSocketAddress address() {
    return incoming.address();
  }

  /// Ends all connections. The listener may still be called for what was read before.
  @Override
  public void close() throws IOException {
    outgoing.values().forEach(Outgoing::close);
    incoming.close();
    watch.close();
  }
}
