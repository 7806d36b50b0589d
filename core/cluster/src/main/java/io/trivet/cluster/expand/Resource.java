package io.trivet.cluster.expand;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Something that Trivet runs, in Pacemaker's terms. An id is unique in a configuration.
public sealed interface Resource {

  /// Its id. Constraints speak of the outermost resource: of a clone, not of the primitive in it.
  /// Reports, targets and commands speak of the primitive, because that is what runs.
  String id();

  /// Why it is there: a sentence for the operator.
  String reason();

  /// The primitives in it: itself, its members in order, or those of what is cloned.
  List<Primitive> primitives();

  /// What can be cloned.
  sealed interface Clonable extends Resource {}

  /// One thing that an agent runs.
  ///
  /// @param id its id
  /// @param agent who runs it
  /// @param parameters what the agent is told
  /// @param meta what the scheduler is told, by Pacemaker's names, such as `resource-stickiness`
  /// @param reason why it is there
  record Primitive(
      String id,
      Agent agent,
      SortedMap<String, String> parameters,
      SortedMap<String, String> meta,
      String reason)
      implements Clonable {
    public Primitive {
      parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
      meta = Collections.unmodifiableSortedMap(new TreeMap<>(meta));
    }

    @Override
    public List<Primitive> primitives() {
      return List.of(this);
    }
  }

  /// Primitives that are started in order on one controller, and stopped in reverse.
  ///
  /// @param id its id
  /// @param members its members, the first to start first
  /// @param reason why it is there
  record Group(String id, List<Primitive> members, String reason) implements Clonable {
    /// @throws IllegalArgumentException if it has no member
    public Group {
      members = List.copyOf(members);
      if (members.isEmpty()) {
        throw new IllegalArgumentException("Group " + id + " has no member.");
      }
    }

    @Override
    public List<Primitive> primitives() {
      return members;
    }
  }

  /// The same thing on several controllers.
  ///
  /// @param id its id
  /// @param of what is cloned
  /// @param max `clone-max`: on how many controllers at most
  /// @param min `clone-min`: how many instances have to run before something ordered after it
  ///   starts
  /// @param interleave true when something ordered after it, and cloned too, looks only at the
  ///   instance on its own controller
  /// @param promotable true when some instances lead and others follow
  /// @param reason why it is there
  record Clone(
      String id,
      Clonable of,
      int max,
      int min,
      boolean interleave,
      boolean promotable,
      String reason)
      implements Resource {
    /// @throws IllegalArgumentException if `max` is below 1, or `min` is not in 0-`max`
    public Clone {
      if (max < 1 || min < 0 || min > max) {
        throw new IllegalArgumentException(
            "Clone " + id + " has max " + max + " and min " + min + ".");
      }
    }

    @Override
    public List<Primitive> primitives() {
      return of.primitives();
    }
  }
}
