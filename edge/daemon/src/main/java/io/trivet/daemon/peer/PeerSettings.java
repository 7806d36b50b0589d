package io.trivet.daemon.peer;

import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/// Where this controller listens and whom it talks to.
///
/// @param self the own name
/// @param address where to listen; connections to others also come from this address
/// @param peers the other controllers: name to address
/// @param tls for each new connection: shows the own certificate and accepts those of the members
///   only
/// @param urgency of the channel's threads
public record PeerSettings(
    String self,
    InetSocketAddress address,
    SortedMap<String, InetSocketAddress> peers,
    Supplier<SSLContext> tls,
    Urgency urgency) {
  public PeerSettings {
    SortedMap<String, InetSocketAddress> others = new TreeMap<>(peers);
    others.remove(self);
    peers = Collections.unmodifiableSortedMap(others);
    for (Map.Entry<String, InetSocketAddress> peer : peers.entrySet()) {
      if (peer.getValue().isUnresolved()) {
        throw new IllegalArgumentException(
            "the address of " + peer.getKey() + " is unknown: " + peer.getValue());
      }
    }
  }

  /// With one context for all connections, for as long as the process lives.
  public PeerSettings(
      String self,
      InetSocketAddress address,
      SortedMap<String, InetSocketAddress> peers,
      SSLContext tls) {
    this(self, address, peers, () -> tls, Urgency.ORDINARY);
  }
}
