package io.trivet.scheduler.assign;

import io.trivet.scheduler.model.Colocation;
import io.trivet.scheduler.model.NodeScores;
import io.trivet.scheduler.model.NodeScores.Candidate;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Resource.Flag;
import io.trivet.scheduler.model.Scores;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The wishes of resources that are to be with another one, added to that one's scores: weighed by
/// the score of the colocation, and so on along the chain of colocations.
final class ColocatedScores {
  /// Follow the colocations of which a resource is the dependent, not the primary.
  static final int THIS_WITH = 1;

  /// Give up scores that would leave no node.
  static final int ACTIVE = 2;

  /// No node gets a negative score from this.
  static final int NONNEGATIVE = 4;

  /// Marks a node that became unusable meanwhile.
  private static final int UNUSABLE = -100 * Scores.INFINITY;

  private ColocatedScores() {}

  /// Adds the wishes of a colocation's dependent to the primary, if they count there.
  static void addDependent(Resource primary, Colocation colocation) {
    if (!hasInfluence(colocation, colocation.primary())) {
      return;
    }
    int flags = primary instanceof Resource.Clone ? ACTIVE | NONNEGATIVE : ACTIVE;
    float factor = colocation.score() / (float) Scores.INFINITY;
    NodeScores merged =
        add(colocation.dependent(), primary, primary.allowed, colocation, factor, flags);
    if (merged != null) {
      primary.allowed = merged;
    }
  }

  /// True if the dependent's wishes count where the primary is placed: if it is configured so, or
  /// the primary is not active yet. A connection does not move the container that it is for.
  static boolean hasInfluence(Colocation colocation, Resource primary) {
    if (colocation.dependent().is(Flag.REMOTE_NESTING_ALLOWED)
        && !primary.is(Flag.FAILED)
        && primary.runningOn.size() == 1) {
      return false;
    }
    return colocation.influence() || primary.runningOn.isEmpty();
  }

  /// The scores with the wishes of the source added.
  ///
  /// @param target whose scores they are
  /// @param nodes the scores so far, not changed; null for those of the source itself
  /// @param colocation between them
  /// @return new scores, or `nodes` where nothing was added
  static @Nullable NodeScores add(
      Resource source,
      Resource target,
      @Nullable NodeScores nodes,
      @Nullable Colocation colocation,
      float factor,
      int flags) {
    return add(source, target, nodes, colocation, factor, flags, 0);
  }

  private static @Nullable NodeScores add(
      Resource source,
      Resource target,
      @Nullable NodeScores nodes,
      @Nullable Colocation colocation,
      float factor,
      int flags,
      int depth) {
    if (source.is(Flag.UPDATING_NODES)) {
      return nodes;
    }
    Chains.check(source, depth);
    if (source instanceof Resource.Group group) {
      if (group.members.isEmpty()) {
        return nodes;
      }
      group.set(Flag.UPDATING_NODES, true);
      Resource member = nodes == null ? group.members.getLast() : group.members.getFirst();
      NodeScores merged = add(member, target, nodes, colocation, factor, flags, depth);
      group.set(Flag.UPDATING_NODES, false);
      return merged;
    }
    source.set(Flag.UPDATING_NODES, true);
    NodeScores work = (nodes == null ? source.allowed : nodes).copy();
    Resource of = nodes == null ? source : target;
    if (nodes != null && colocation != null) {
      merge(work, source, target, colocation, factor, (flags & NONNEGATIVE) != 0);
    }
    NodeScores result = follow(source, of, nodes, work, factor, flags, depth);
    source.set(Flag.UPDATING_NODES, false);
    return result;
  }

  private static @Nullable NodeScores follow(
      Resource source,
      Resource target,
      @Nullable NodeScores nodes,
      NodeScores start,
      float factor,
      int flags,
      int depth) {
    NodeScores work = start;
    if (Places.anyWanted(work)) {
      boolean thisWith = (flags & THIS_WITH) != 0;
      List<Colocation> next =
          thisWith ? ColocationLists.thisWith(source) : ColocationLists.withThis(source);
      for (Colocation colocation : next) {
        if (!thisWith && !hasInfluence(colocation, colocation.primary())) {
          continue;
        }
        Resource other = thisWith ? colocation.primary() : colocation.dependent();
        float otherFactor = factor * colocation.score() / (float) Scores.INFINITY;
        NodeScores merged =
            add(other, target, work, colocation, otherFactor, flags | ACTIVE, depth + 1);
        work = merged == null ? work : merged;
      }
    } else if ((flags & ACTIVE) != 0) {
      return nodes;
    }
    if ((flags & NONNEGATIVE) != 0) {
      for (Candidate candidate : work) {
        if (candidate.score == UNUSABLE) {
          candidate.score = 1;
        }
      }
    }
    return work;
  }

  private static void merge(
      NodeScores work,
      Resource source,
      Resource target,
      Colocation colocation,
      float factor,
      boolean onlyPositive) {
    ColocationValues values = new ColocationValues(source, target, colocation);
    boolean oneNode = factor < 0 && allowedOnOne(source);
    for (Candidate candidate : work) {
      int score = values.best(candidate.node);
      if (factor < 0 && score < 0 && (!oneNode || candidate.score < 0)
          || candidate.score == UNUSABLE) {
        continue;
      }
      int sum = Scores.add(weigh(factor, score), candidate.score);
      if (onlyPositive && sum < 0 && candidate.score >= 0) {
        if (candidate.score > 0) {
          candidate.score = UNUSABLE;
        }
      } else {
        candidate.score = sum;
      }
    }
  }

  /// The score times the factor, rounded, but never 0 unless one of them is.
  private static int weigh(float factor, int score) {
    float weighed = factor * score;
    int rounded = (int) (weighed < 0 ? weighed - 0.5 : weighed + 0.5);
    if (rounded == 0 && score != 0) {
      return factor > 0 ? 1 : factor < 0 ? -1 : 0;
    }
    return rounded;
  }

  private static boolean allowedOnOne(Resource resource) {
    int allowed = 0;
    for (Candidate candidate : resource.allowed) {
      if (candidate.score >= 0 && ++allowed > 1) {
        return false;
      }
    }
    return allowed == 1;
  }
}
