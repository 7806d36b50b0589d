package io.trivet.scheduler.model;

import org.jspecify.annotations.Nullable;

/// One resource where another is, or is not.
///
/// @param id its id in the configuration, for those made of it
/// @param attribute the node attribute whose value has to be the same; null for the node itself
/// @param dependent what is placed
/// @param primary beside what
/// @param dependentRole the role of the dependent that it is for, or null
/// @param primaryRole the role that the primary has to be in, or null
/// @param score how much
/// @param influence true if the dependent's wishes count where the primary is placed
/// @param explicit true if it was configured, false if it follows from what the resources are
/// @param line where it stands in the file, 0 where Trivet made it
public record Colocation(
    String id,
    @Nullable String attribute,
    Resource dependent,
    Resource primary,
    @Nullable Role dependentRole,
    @Nullable Role primaryRole,
    int score,
    boolean influence,
    boolean explicit,
    int line) {}
