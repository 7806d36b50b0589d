package io.trivet.sim;

/// What must hold after every step, whatever goes wrong. The one list: both the worlds of leases
/// alone and the worlds of whole controllers name these.
public enum Law {
  /// At every instant at most one controller answers for a VIP, as the kernels say. Borne with: a
  /// machine that nothing in it told that it had stood still, for what its kernel had left; one
  /// whose rules were flushed, for a second of running.
  ONE_HOLDER("law 1: one holder"),
  /// An acknowledged write stands on all that were acknowledged before; one primary component.
  ONE_PRIMARY("law 2: one primary"),
  /// A singleton runs on one controller at most.
  ONE_RUNNER("law 3: one runner"),
  /// Who starts something was told to by an agreed target; who decides leads and has a majority.
  QUORUM("law 4: no orders without quorum"),
  /// What is refused changes nothing.
  BAD_INPUT("law 5: bad input changes nothing"),
  /// Whatever is ordered says why.
  REASONS("law 6: every decision can be explained"),
  /// After all is healed, each VIP is held by one healthy controller, everything runs, and nothing
  /// is wrong.
  LIVENESS("liveness");

  private final String words;

  Law(String words) {
    this.words = words;
  }

  /// The law's name and what was seen.
  public String broken(String how) {
    return words + ": " + how;
  }
}
