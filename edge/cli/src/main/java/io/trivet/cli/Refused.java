package io.trivet.cli;

/// A command was not done: what is wrong, what to do, and the exit code that says so.
final class Refused extends Exception {
  private static final long serialVersionUID = 1;

  private final String advice;
  private final int exit;

  /// @param what what is wrong, one sentence without a full stop
  /// @param advice what to do about it
  /// @param exit the exit code, see [Main]
  Refused(String what, String advice, int exit) {
    super(what, null, false, false);
    this.advice = advice;
    this.exit = exit;
  }

  /// Tells it to people.
  int tell(Surroundings surroundings) {
    surroundings.err().println(surroundings.paint().red("trivet: ") + getMessage());
    if (!advice.isBlank()) {
      surroundings.err().println("        " + advice);
    }
    return exit;
  }
}
