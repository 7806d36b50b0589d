package io.trivet.cluster.state;

/// How much a notice matters to an operator.
public enum Severity {
  /// Something happened as it should.
  INFO,
  /// Something is worse than it should be; Trivet deals with it.
  WARNING,
  /// Somebody has to do something. The runbook says what.
  CRITICAL
}
