package io.trivet.linux;

import java.io.Serial;

/// The kernel refused. Carries the error, what was asked, and the kernel's own sentence where it
/// gave one.
public final class ErrnoException extends LinuxException {
  @Serial private static final long serialVersionUID = 1;

  private final Errno errno;
  private final String asked;
  private final String kernelSentence;

  /// @param asked what was asked, as it would follow "cannot": `add 10.0.0.1/32 to link 3`
  /// @param kernelSentence netlink's extended acknowledgement; empty when there was none
  public ErrnoException(Errno errno, String asked, String kernelSentence) {
    super(
        "cannot "
            + asked
            + ": "
            + errno
            + (kernelSentence.isEmpty() ? "" : " (" + kernelSentence + ")"));
    this.errno = errno;
    this.asked = asked;
    this.kernelSentence = kernelSentence;
  }

  public ErrnoException(Errno errno, String asked) {
    this(errno, asked, "");
  }

  /// Returns `result`, or throws when it is minus errno.
  public static int check(int result, String asked) throws ErrnoException {
    if (result < 0) {
      throw new ErrnoException(new Errno(-result), asked);
    }
    return result;
  }

  public Errno errno() {
    return errno;
  }

  public String asked() {
    return asked;
  }

  public String kernelSentence() {
    return kernelSentence;
  }
}
