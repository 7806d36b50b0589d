package io.trivet.linux;

import java.io.Serial;

/// The kernel's answer does not follow its own format, or no whole answer came in time; nothing was
/// taken from it.
public final class MalformedReplyException extends LinuxException {
  @Serial private static final long serialVersionUID = 1;

  public MalformedReplyException(String what) {
    super(what);
  }
}
