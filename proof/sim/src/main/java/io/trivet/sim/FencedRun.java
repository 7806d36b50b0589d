package io.trivet.sim;

/// A unit that the network fences, on one controller: the run of it in its control group, as the
/// lease process sees and ends it. Each run is in a group of its own, so what was let out of an
/// earlier one is not let out of the next.
public interface FencedRun {
  /// Number of the group of the run, or of the one that will be; never used again.
  long group();

  /// Processes are in that group.
  boolean runs();

  /// The run has lost its lease: it is to end, which may take a while, and is not let speak again.
  void condemn();

  /// It has lost its lease, and processes of it are still there.
  boolean condemned();
}
