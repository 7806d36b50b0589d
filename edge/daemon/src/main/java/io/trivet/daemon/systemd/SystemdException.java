package io.trivet.daemon.systemd;

import java.io.Serial;

/// systemd refused a request or could not be reached; the message names the unit and says why in
/// words for people.
public final class SystemdException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final boolean unreachable;

  private SystemdException(String message, boolean unreachable, Throwable cause) {
    super(message, cause);
    this.unreachable = unreachable;
  }

  /// systemd said no.
  static SystemdException refused(String message, Throwable cause) {
    return new SystemdException(message, false, cause);
  }

  /// The bus or systemd does not answer: nothing is known of what became of the request.
  static SystemdException unreachable(String message, Throwable cause) {
    return new SystemdException(message, true, cause);
  }

  public boolean unreachable() {
    return unreachable;
  }
}
