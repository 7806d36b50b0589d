package io.trivet.linux;

import java.io.Serial;

/// A file is not what it should be: no regular file, another's, too long, or without an owner.
public final class UntrustedFileException extends LinuxException {
  @Serial private static final long serialVersionUID = 1;

  /// @param asked what was asked, as it would follow "cannot": `read /etc/hosts`
  /// @param why a clause
  public UntrustedFileException(String asked, String why) {
    super("cannot " + asked + ": " + why);
  }
}
