package io.trivet.walls;

/// A broken rule.
///
/// @param where the class, or the file and line
/// @param what what was found, why it is forbidden, and what to use
public record Finding(String where, String what) {
  @Override
  public String toString() {
    return where + ": " + what;
  }
}
