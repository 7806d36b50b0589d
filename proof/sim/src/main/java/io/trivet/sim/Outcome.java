package io.trivet.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came of a world.
///
/// @param violation the law that was broken, in a sentence; null when none was
/// @param fingerprint of everything that happened, in order
/// @param events how many things happened
/// @param gains how often a controller became holder of a VIP
/// @param longestGapNanos the longest time in which nobody answered for a VIP after it was first
///   held
/// @param overlaps how often two answered for one VIP (only with one key can it be more than none)
/// @param longestOverlapNanos for how long at most
/// @param falselyGone how often a controller with power was said to be gone
/// @param longestFindNanos the longest time from the end of a controller's power until another one
///   said that it is gone
/// @param trace what happened, one line each; empty unless it was asked for
public record Outcome(
    @Nullable String violation,
    long fingerprint,
    long events,
    int gains,
    long longestGapNanos,
    int overlaps,
    long longestOverlapNanos,
    int falselyGone,
    long longestFindNanos,
    List<String> trace) {}
