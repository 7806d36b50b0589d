package io.trivet.daemon.systemd;

import java.io.Serial;

/// systemd refused a request or did not answer it; the message names the unit and systemd's own
/// words.
public final class SystemdException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  public SystemdException(String message, Throwable cause) {
    super(message, cause);
  }
}
