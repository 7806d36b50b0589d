package io.trivet.cluster.state;

/// A command that changed nothing, and why.
///
/// @param command what was refused
/// @param reason what is wrong with it and what would be right, in a sentence
/// @param stale true if only the proposer's view was old: not worth an operator's time, the next
///   plan settles it
public record Refusal(Command command, String reason, boolean stale) {}
