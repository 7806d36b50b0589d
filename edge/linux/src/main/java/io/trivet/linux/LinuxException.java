package io.trivet.linux;

import java.io.IOException;
import java.io.Serial;

/// Something asked of the kernel did not happen. The message says what was asked.
public abstract sealed class LinuxException extends IOException
    permits ErrnoException, MalformedReplyException, UntrustedFileException {
  @Serial private static final long serialVersionUID = 1;

  LinuxException(String message) {
    super(message);
  }
}
