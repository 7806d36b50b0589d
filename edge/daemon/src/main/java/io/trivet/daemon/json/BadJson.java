package io.trivet.daemon.json;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/// A text that is not the JSON which was expected; the message says what was expected and what was
/// found.
public final class BadJson extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  public BadJson(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
