package io.trivet.consensus;

import java.io.IOException;
import java.nio.file.Path;

/// The storage directory cannot be used as it is. The message says what is wrong, where, and what
/// to do; nothing was changed in the directory, and nothing will be started afresh over it.
final class StorageUnusable extends IOException {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final String whatToDo;

  StorageUnusable(Path where, String what, String whatToDo) {
    super(
        "the replicated log cannot be opened: "
            + what
            + "\n  where: "
            + where
            + "\n  what to do: "
            + whatToDo);
    this.what = "the replicated log cannot be opened: " + where + ": " + what;
    this.whatToDo = whatToDo;
  }

  StorageUnusable(Path where, String what, String whatToDo, Throwable cause) {
    this(where, what, whatToDo);
    initCause(cause);
  }

  String what() {
    return what;
  }

  String whatToDo() {
    return whatToDo;
  }
}
