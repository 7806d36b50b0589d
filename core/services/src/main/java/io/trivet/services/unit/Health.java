package io.trivet.services.unit;

/// What must hold beside systemd's `active` for a service to be of use.
public sealed interface Health {
  /// Active is enough.
  record None() implements Health {}

  /// Something accepts TCP connections there.
  record Tcp(String host, int port) implements Health {}

  /// An HTTP GET is answered with a status below 500. The version page of an OpenStack API answers
  /// 200 or 300; a 401 or 404 still proves that the process works, which is all that can be asked
  /// without a token.
  record Http(String host, int port, String path) implements Health {}
}
