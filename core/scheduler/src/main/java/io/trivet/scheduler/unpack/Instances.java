package io.trivet.scheduler.unpack;

/// Names of clone instances.
final class Instances {
  private Instances() {}

  /// The id without the number of an instance: `a` for `a:12` and for `a`.
  static String base(String id) {
    int colon = number(id);
    return colon < 0 ? id : id.substring(0, colon);
  }

  /// True if the id ends with the number of an instance.
  static boolean numbered(String id) {
    return number(id) >= 0;
  }

  private static int number(String id) {
    int at = id.length();
    while (at > 0 && Character.isDigit(id.charAt(at - 1))) {
      at--;
    }
    boolean digits = at < id.length();
    return digits && at > 1 && id.charAt(at - 1) == ':' ? at - 1 : -1;
  }
}
