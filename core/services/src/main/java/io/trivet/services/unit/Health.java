package io.trivet.services.unit;

/// What must hold beside systemd's `active` for a service to be of use. Something has to be said:
/// the kernel accepts connections for a process that hangs.
public sealed interface Health {
  /// Active is enough.
  record None() implements Health {}

  /// memcached there tells its version.
  record Memcached(String host, int port) implements Health {}

  /// An HTTP GET is answered with a status below 500. The version page of an OpenStack API answers
  /// 200 or 300; a 401 or 404 still proves that the process works, which is all that can be asked
  /// without a token.
  record Http(String host, int port, String path) implements Health {}
}
