package io.trivet.scheduler.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A location constraint or one rule of it, applied to one resource: scores for nodes.
public final class LocationRule {
  public final String id;
  public final Resource resource;

  /// The role of the resource that it is for, or null for any.
  public final @Nullable Role role;

  public final NodeScores.Probing probing;
  public final List<NodeScores.Candidate> nodes = new ArrayList<>();

  /// Where it stands in the file, 0 where Trivet made it.
  public final int line;

  public LocationRule(
      String id, Resource resource, @Nullable Role role, NodeScores.Probing probing, int line) {
    this.id = id;
    this.resource = resource;
    this.role = role;
    this.probing = probing;
    this.line = line;
  }
}
