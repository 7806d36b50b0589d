package io.trivet.daemon.peer;

/// Hears what arrives. Calls come from one thread for each peer, concurrently for different peers.
public interface PeerListener {
  /// A message from a peer whose certificate proved its name. Called on the thread that reads: the
  /// next message of this peer waits until it returns. The array is the callee's.
  void arrived(String peer, byte kind, byte[] body);

  /// The own connection to the peer stands; what is sent from now on can reach it.
  void connected(String peer);

  /// The own connection to the peer ended; it is tried again until it stands.
  void disconnected(String peer, String why);
}
