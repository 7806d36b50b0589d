package io.trivet.scheduler.model;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// Nodes with a score each: what a resource is allowed on and how much it is wanted there. Iterates
/// in the order of the nodes' indexes.
public final class NodeScores implements Iterable<NodeScores.Candidate> {
  /// One node in it. Mutable: assignment adds to the score.
  public static final class Candidate {
    public final Node node;
    public int score;
    public Probing probing;

    /// How many instances of a clone or bundle were assigned to the node so far.
    public int count;

    public Candidate(Node node, int score, Probing probing) {
      this.node = node;
      this.score = score;
      this.probing = probing;
    }

    @Override
    public String toString() {
      return node.name + "=" + Scores.text(score);
    }
  }

  /// `resource-discovery` of a location constraint.
  public enum Probing {
    ALWAYS,
    NEVER,
    EXCLUSIVE
  }

  private @Nullable Candidate[] slots;
  private int size;

  public NodeScores() {
    this(8);
  }

  public NodeScores(int nodes) {
    slots = new Candidate[Math.max(nodes, 1)];
  }

  public @Nullable Candidate get(@Nullable Node node) {
    return node == null || node.index >= slots.length ? null : slots[node.index];
  }

  public boolean contains(Node node) {
    return get(node) != null;
  }

  /// The node's score, or `otherwise` where it is not in it.
  public int score(Node node, int otherwise) {
    Candidate candidate = get(node);
    return candidate == null ? otherwise : candidate.score;
  }

  /// Puts the node in, with that score, in place of what stood there.
  public Candidate put(Node node, int score) {
    return put(new Candidate(node, score, Probing.ALWAYS));
  }

  public Candidate put(Candidate candidate) {
    int index = candidate.node.index;
    if (index >= slots.length) {
      slots = java.util.Arrays.copyOf(slots, Math.max(index + 1, slots.length * 2));
    }
    if (slots[index] == null) {
      size++;
    }
    slots[index] = candidate;
    return candidate;
  }

  public void remove(Node node) {
    if (contains(node)) {
      slots[node.index] = null;
      size--;
    }
  }

  public void clear() {
    slots = new Candidate[slots.length];
    size = 0;
  }

  public int size() {
    return size;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  /// All of them, in index order; a new list, free to be sorted.
  public List<Candidate> list() {
    List<Candidate> all = new ArrayList<>(size);
    for (Candidate candidate : slots) {
      if (candidate != null) {
        all.add(candidate);
      }
    }
    return all;
  }

  /// Visits them in index order, without a copy. Scores may be changed meanwhile; put nothing in.
  @Override
  public Iterator<Candidate> iterator() {
    return new Iterator<>() {
      private int next = following(0);

      @Override
      public boolean hasNext() {
        return next < slots.length;
      }

      @Override
      public Candidate next() {
        Candidate candidate = hasNext() ? slots[next] : null;
        if (candidate == null) {
          throw new NoSuchElementException();
        }
        next = following(next + 1);
        return candidate;
      }

      private int following(int from) {
        int at = from;
        while (at < slots.length && slots[at] == null) {
          at++;
        }
        return at;
      }
    };
  }

  /// A deep copy.
  public NodeScores copy() {
    NodeScores copy = new NodeScores(slots.length);
    for (Candidate c : slots) {
      if (c != null) {
        Candidate same = new Candidate(c.node, c.score, c.probing);
        same.count = c.count;
        copy.put(same);
      }
    }
    return copy;
  }

  @Override
  public String toString() {
    return list().toString();
  }
}
