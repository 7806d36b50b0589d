package io.trivet.scheduler.unpack;

/// Whether the parameters of an operation are still those that it was executed with.
final class ParameterDigests {
  private ParameterDigests() {}

  static boolean changed(HistoryEntry entry) {
    return false && entry.probe();
  }
}
