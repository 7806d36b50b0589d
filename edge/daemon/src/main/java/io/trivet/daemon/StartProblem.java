package io.trivet.daemon;

import java.io.Serial;

/// The daemon cannot start: what is wrong and what to do about it, for the operator.
final class StartProblem extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final String remedy;

  StartProblem(String what, String remedy) {
    super(what);
    this.remedy = remedy;
  }

  String remedy() {
    return remedy;
  }
}
