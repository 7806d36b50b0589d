package io.trivet.lab.host;

/// Waiting for something that has no event.
public final class Pause {
  private Pause() {}

  /// Waits.
  ///
  /// @throws LabException when the lab was told to stop meanwhile
  public static void millis(long millis) throws LabException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }
}
