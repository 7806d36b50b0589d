package io.trivet.cluster.state;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A question that only an operator can answer: which member's data a resource goes on from, where
/// each answer may lose something. While it is open it stands in an attribute of the resource, as
/// `KIND MEMBER:LOST,LOST MEMBER:LOST`, so that all members know what may be accepted.
///
/// @param kind what it is about, a word; another kind is another recovery
/// @param choices member that may be named → members whose data would be given up for it
public record Recovery(String kind, NavigableMap<String, List<String>> choices) {
  /// Nobody has the data in use.
  public static final String START = "start";

  /// Some have it in use, and others cannot join without giving up what they have.
  public static final String JOIN = "join";

  private static final String SUFFIX = ".recovery";

  public Recovery {
    Check.name("kind of a recovery", kind);
    choices = Collections.unmodifiableNavigableMap(new TreeMap<>(choices));
    if (choices.isEmpty()) {
      throw new IllegalArgumentException("a recovery without a choice is no question");
    }
  }

  /// Name of the attribute in which the open recovery of a resource stands.
  public static String attribute(String resource) {
    return resource + SUFFIX;
  }

  /// The resource of such an attribute, or null if it is another one.
  static @Nullable String resource(String attribute) {
    return attribute.endsWith(SUFFIX)
        ? attribute.substring(0, attribute.length() - SUFFIX.length())
        : null;
  }

  /// The open recovery of a resource, or null.
  public static @Nullable Recovery of(ClusterState state, String resource) {
    return read(state.attribute(attribute(resource)));
  }

  /// Why the loss cannot be accepted that recovering the resource from `node` costs, or null if it
  /// can.
  public static @Nullable String whyNot(ClusterState state, String resource, String node) {
    Recovery open = of(state, resource);
    if (open == null) {
      return Sentences.nothingToRecover(resource);
    }
    return open.choices().containsKey(node) ? null : Sentences.noChoice(resource, node, open);
  }

  /// Members whose data is given up if the resource is recovered from `node`; none where that
  /// cannot be.
  public static List<String> price(ClusterState state, String resource, String node) {
    Recovery open = of(state, resource);
    return open == null ? List.of() : open.choices().getOrDefault(node, List.of());
  }

  /// As the attribute's value.
  public String value() {
    StringBuilder out = new StringBuilder(kind);
    choices.forEach(
        (node, lost) -> out.append(' ').append(node).append(':').append(String.join(",", lost)));
    return out.toString();
  }

  /// Reads a value; null for none, and for what is not understood: then nothing can be accepted.
  static @Nullable Recovery read(@Nullable String value) {
    if (value == null) {
      return null;
    }
    List<String> words = List.of(value.split(" "));
    TreeMap<String, List<String>> choices = new TreeMap<>();
    for (String word : words.subList(1, words.size())) {
      int colon = word.indexOf(':');
      if (colon <= 0) {
        return null;
      }
      List<String> lost = new ArrayList<>(List.of(word.substring(colon + 1).split(",")));
      lost.removeIf(String::isEmpty);
      choices.put(word.substring(0, colon), List.copyOf(lost));
    }
    return choices.isEmpty() || words.getFirst().isEmpty()
        ? null
        : new Recovery(words.getFirst(), choices);
  }

  /// The choices for people: `c1 (loses what only c2 and c3 hold) or c2 (loses what only c3
  /// holds)`.
  public String told() {
    List<String> each = new ArrayList<>();
    for (Map.Entry<String, List<String>> choice : choices.entrySet()) {
      each.add(choice.getKey() + " (loses " + loss(choice.getValue()) + ")");
    }
    return Sentences.list(each, "or");
  }

  /// `what only c2 and c3 hold`.
  public static String loss(List<String> lost) {
    return lost.isEmpty()
        ? "nothing that is known of"
        : "what only " + Sentences.list(lost, "and") + (lost.size() == 1 ? " holds" : " hold");
  }
}
