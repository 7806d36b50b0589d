package io.trivet.sim.site;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What came of a site's world.
///
/// @param violation the law that was broken, and how; null when none was
/// @param fingerprint of everything that happened, in order
/// @param healedNanos how long after the end of all trouble everything was well
/// @param writes how many writes were acknowledged
/// @param trace what happened, one line each; empty unless it was asked for
public record Verdict(
    @Nullable String violation,
    long fingerprint,
    long healedNanos,
    long writes,
    List<String> trace) {}
