package io.trivet.lab.host;

/// Something that the person at the keyboard has to know: what went wrong, where, what to do. The
/// message is printed as it is, without a stack trace.
public final class LabException extends Exception {
  public LabException(String message) {
    super(message);
  }

  public LabException(String message, Throwable cause) {
    super(message, cause);
  }
}
