package io.trivet.services.agent;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What was found where a file or a folder was looked for. That nothing is there and that nobody
/// can tell are two answers: an agent must never take the second for the first.
///
/// @param <T> what a file or a folder holds
public sealed interface OnDisk<T> {
  /// It is certain that there is none.
  record Absent<T>() implements OnDisk<T> {}

  /// It is there and was read to its end.
  record There<T>(T content) implements OnDisk<T> {
    public There {
      Objects.requireNonNull(content);
    }
  }

  /// Nobody can tell: no permission, a broken disk, a folder where a file should be, not read to
  /// its end.
  ///
  /// @param why a clause for people, without a full stop
  record Unreadable<T>(String why) implements OnDisk<T> {}

  /// The content, or null where it makes no difference whether there is none or it cannot be read:
  /// only for files that are written anew in both cases.
  default @Nullable T contentOrNull() {
    return switch (this) {
      case Absent<T> _, Unreadable<T> _ -> null;
      case There<T> there -> there.content();
    };
  }
}
