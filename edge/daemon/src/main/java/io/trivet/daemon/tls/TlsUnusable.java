package io.trivet.daemon.tls;

import java.io.IOException;
import java.nio.file.Path;

/// A certificate or key cannot be made or used. The message says what is wrong, where, and what to
/// do.
public final class TlsUnusable extends IOException {
  private static final long serialVersionUID = 1L;

  TlsUnusable(Path where, String what, String whatToDo) {
    super(what + "\n  where: " + where + "\n  what to do: " + whatToDo);
  }

  TlsUnusable(Path where, String what, String whatToDo, Throwable cause) {
    this(where, what, whatToDo);
    initCause(cause);
  }
}
