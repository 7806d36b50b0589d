package io.trivet.daemon.vip;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Several things that do not need each other: one that the kernel refuses does not stop the rest.
final class Attempts {
  private @Nullable IOException first;

  interface Attempt {
    void make() throws IOException;
  }

  /// Tries one thing.
  ///
  /// @return whether it worked
  boolean on(Attempt attempt) {
    try {
      attempt.make();
      return true;
    } catch (IOException e) {
      if (first == null) {
        first = e;
      } else {
        first.addSuppressed(e);
      }
      return false;
    }
  }

  /// @throws IOException the first refusal, with the others suppressed in it
  void end() throws IOException {
    if (first != null) {
      throw first;
    }
  }
}
