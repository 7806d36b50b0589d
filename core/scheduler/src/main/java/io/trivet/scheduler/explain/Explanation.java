package io.trivet.scheduler.explain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why one resource is where it is.
///
/// @param resource its id
/// @param agent who runs it, such as `ocf:heartbeat:IPaddr2`; a word for what holds others
/// @param summary where it is and where it will be, a sentence
/// @param places every node, the best first
/// @param actions what will be done with it, in order, each with what it waits for
/// @param moves what would change its place, a sentence each
public record Explanation(
    String resource,
    String agent,
    String summary,
    List<Place> places,
    List<Step> actions,
    List<String> moves) {
  public Explanation {
    places = List.copyOf(places);
    actions = List.copyOf(actions);
    moves = List.copyOf(moves);
  }

  /// What speaks for and against a node.
  ///
  /// @param node its name
  /// @param score what all came to; null where the node was no candidate
  /// @param here true if the resource runs there now
  /// @param chosen true if it shall run there
  /// @param never why it cannot be there at all, or null
  /// @param causes what made the score, in the order in which it counted
  public record Place(
      String node,
      @Nullable Integer score,
      boolean here,
      boolean chosen,
      @Nullable Cause never,
      List<Cause> causes) {
    public Place {
      causes = List.copyOf(causes);
    }
  }

  /// Something that changed a score.
  ///
  /// @param change by how much; null where it set or took away the candidate
  /// @param what a clause
  /// @param id the constraint or attribute, or the empty string
  /// @param line where that stands in the input, or 0
  public record Cause(@Nullable Integer change, String what, String id, int line) {}

  /// Something that will be done with it.
  ///
  /// @param what such as `start on c1`
  /// @param why a clause, or null
  /// @param waitsFor what has to be done before; empty if it can be done at once
  public record Step(String what, @Nullable String why, List<String> waitsFor) {
    public Step {
      waitsFor = List.copyOf(waitsFor);
    }
  }
}
