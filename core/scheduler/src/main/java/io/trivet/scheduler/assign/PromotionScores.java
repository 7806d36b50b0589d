package io.trivet.scheduler.assign;

import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.NodeAttributes;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Scores;
import org.jspecify.annotations.Nullable;

/// How much agents want their instances promoted: the node attributes `master-RESOURCE`.
final class PromotionScores {
  private PromotionScores() {}

  /// @param known false where there is no score, and 0 is meant
  record Score(int score, boolean known) {
    static final Score NONE = new Score(0, false);
  }

  /// The score of an instance on a node; of a cloned group, the sum of its members'.
  static Score of(Resource instance, Node node) {
    if (!instance.children().isEmpty()) {
      int sum = 0;
      boolean known = false;
      for (Resource child : instance.children()) {
        Score score = of(child, node);
        sum += score.score();
        known |= score.known();
      }
      return new Score(sum, known);
    }
    if (!applies(instance, node)) {
      return Score.NONE;
    }
    String value = value(instance, node, instance.historyId);
    if (value == null && !instance.is(Flag.GLOBALLY_UNIQUE)) {
      // Without a history, or with that of an old release, the number may be in the name.
      value = value(instance, node, instance.id);
      value = value == null ? value(instance, node, strip(instance.id)) : value;
    }
    return value == null ? Score.NONE : new Score(Scores.parse(value, 0), true);
  }

  private static @Nullable String value(Resource instance, Node node, String name) {
    return NodeAttributes.value(
        node,
        "master-" + name,
        instance.meta("container-attribute-target"),
        instance.is(Flag.UNASSIGNED) ? NodeAttributes.Host.CURRENT : NodeAttributes.Host.ASSIGNED);
  }

  /// A score counts for the instance that is active on the node, else for one whose state there is
  /// known, and for any before anything is known.
  private static boolean applies(Resource instance, Node node) {
    Candidate candidate = instance.allowed.get(node);
    if (candidate == null || candidate.score < 0) {
      return false;
    }
    if (!instance.is(Flag.GLOBALLY_UNIQUE)) {
      Resource clone = Places.top(instance);
      String id = strip(instance.id);
      Resource active = null;
      boolean probed = false;
      for (Resource other : clone.children()) {
        Resource same = counterpart(other, id);
        if (same != null) {
          active = active == null && same.runningOn.contains(node) ? same : active;
          probed |= same.knownOn.contains(node);
        }
      }
      if (active == instance || active == null && probed) {
        return true;
      }
    }
    if (instance.runningOn.isEmpty() && instance.knownOn.isEmpty()) {
      return true;
    }
    return instance.knownOn.contains(node) || instance.runningOn.contains(node);
  }

  private static @Nullable Resource counterpart(Resource instance, String id) {
    if (instance.children().isEmpty()) {
      return strip(instance.id).equals(id) ? instance : null;
    }
    for (Resource member : instance.children()) {
      if (strip(member.id).equals(id)) {
        return member;
      }
    }
    return null;
  }

  /// The id without the number of an instance.
  static String strip(String id) {
    int end = id.length();
    while (end > 0 && Character.isDigit(id.charAt(end - 1))) {
      end--;
    }
    return end > 0 && end < id.length() && id.charAt(end - 1) == ':'
        ? id.substring(0, end - 1)
        : id;
  }
}
