package io.trivet.scheduler.rules;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Yes and no as a CIB writes them.
public final class Booleans {
  private Booleans() {}

  /// True for `true`, `on`, `yes`, `y`, `1`; false for `false`, `off`, `no`, `n`, `0`; letter case
  /// aside.
  ///
  /// @return `otherwise` where there is none or it is neither
  public static boolean parse(@Nullable String text, boolean otherwise) {
    if (text == null) {
      return otherwise;
    }
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true", "on", "yes", "y", "1" -> true;
      case "false", "off", "no", "n", "0" -> false;
      default -> otherwise;
    };
  }
}
