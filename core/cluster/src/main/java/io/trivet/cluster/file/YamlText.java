package io.trivet.cluster.file;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Turns text into a [Yaml] tree: a plain subset of YAML 1.2 (one document, no anchors, aliases or
/// tags, a few levels deep), because a cluster file needs no more and a reader of it should not
/// have to know more.
final class YamlText {
  /// A cluster file of hundreds of lines is still far below this; what is larger is something else.
  static final int MOST_CHARACTERS = Limits.CHARACTERS;

  private static final int DEEPEST = 12;

  private final Findings findings;
  private final Iterator<Event> events;

  private YamlText(Findings findings, Iterator<Event> events) {
    this.findings = findings;
    this.events = events;
  }

  /// The tree, or null where the text is not YAML of that subset, or empty; then the findings say
  /// why.
  static @Nullable Yaml read(String text, Findings findings) {
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    if (!isReadable(body, findings)) {
      return null;
    }
    LoadSettings settings =
        LoadSettings.builder().setLabel("cluster file").setParseComments(false).build();
    try {
      Iterator<Event> events = new Parse(settings).parseString(body).iterator();
      Yaml root = new YamlText(findings, events).document();
      return findings.anyError() ? null : root;
    } catch (MarkedYamlEngineException e) {
      findings.error(place(e.getProblemMark().or(e::getContextMark)), inPlainWords(e), null);
    } catch (YamlEngineException e) {
      findings.error(new Yaml.Place(1, 1), "this is not YAML: " + firstLine(e.getMessage()), null);
    }
    return null;
  }

  /// What can be said better before the parser stumbles over it.
  private static boolean isReadable(String text, Findings findings) {
    if (text.length() > MOST_CHARACTERS) {
      findings.error(
          new Yaml.Place(1, 1),
          "the file has " + text.length() + " characters; this is not a cluster file",
          "at most " + MOST_CHARACTERS);
      return false;
    }
    int line = 1;
    int column = 1;
    boolean indenting = true;
    boolean readable = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t' && indenting && !restIsBlank(text, i)) {
        findings.error(new Yaml.Place(line, column), "a tab in the indentation", "spaces");
        readable = false;
        indenting = false;
      } else if (isBinary(text, i)) {
        findings.error(
            new Yaml.Place(line, column),
            String.format(
                Locale.ROOT, "the character U+%04X does not belong in a text file", (int) c),
            "UTF-8 text");
        return false;
      }
      indenting &= c == ' ' || c == '\n';
      column++;
      if (c == '\n') {
        line++;
        column = 1;
        indenting = true;
      }
    }
    if (text.isBlank()) {
      findings.error(
          new Yaml.Place(1, 1),
          "the file is empty",
          "a cluster file; `trivet: " + ClusterFile.FORMAT + "` is its first line");
      return false;
    }
    return readable;
  }

  private static boolean restIsBlank(String text, int from) {
    for (int i = from; i < text.length() && text.charAt(i) != '\n' && text.charAt(i) != '#'; i++) {
      if (!Character.isWhitespace(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBinary(String text, int at) {
    char c = text.charAt(at);
    if (Character.isHighSurrogate(c)) {
      return at + 1 >= text.length() || !Character.isLowSurrogate(text.charAt(at + 1));
    }
    if (Character.isLowSurrogate(c)) {
      return at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }
    return c < ' ' && c != '\t' && c != '\n' && c != '\r'
        || c >= 0x7f && c < 0xa0 && c != 0x85
        || c == '\uFFFD'
        || c >= '\uFFFE';
  }

  private @Nullable Yaml document() {
    Yaml root = null;
    boolean ended = false;
    while (events.hasNext()) {
      Event event = events.next();
      if (event instanceof NodeEvent node) {
        if (root != null || ended) {
          findings.error(
              place(event.getStartMark()),
              "a second document begins here",
              "one document in a file (one `---` at most)");
          return null;
        }
        root = node(node, 1);
        if (root == null) {
          return null;
        }
      } else if (event.getEventId() == Event.ID.DocumentEnd) {
        ended = true;
      }
    }
    if (root == null) {
      findings.error(
          new Yaml.Place(1, 1),
          "the file has nothing but comments",
          "a cluster file; `trivet: " + ClusterFile.FORMAT + "` is its first line");
    }
    return root;
  }

  /// The value that begins with this event; null where the rest is not worth reading.
  private @Nullable Yaml node(NodeEvent event, int depth) {
    Yaml.Place at = place(event.getStartMark());
    if (event instanceof AliasEvent || event.getAnchor().isPresent()) {
      findings.error(
          at, "anchors (&) and aliases (*) are not used in a cluster file", "the value itself");
      return null;
    }
    if (depth > DEEPEST) {
      findings.error(at, "nested more than " + DEEPEST + " levels deep", null);
      return null;
    }
    if (event instanceof ScalarEvent scalar) {
      scalar.getTag().ifPresent(tag -> tagged(at, tag));
      return new Yaml.Scalar(at, scalar.getValue(), scalar.isPlain());
    }
    ((CollectionStartEvent) event).getTag().ifPresent(tag -> tagged(at, tag));
    return switch (event) {
      case SequenceStartEvent s -> sequence(at, depth);
      case MappingStartEvent m -> mapping(at, depth);
      default ->
          throw new IllegalStateException("The parser gave an event of an unknown kind: " + event);
    };
  }

  private void tagged(Yaml.Place at, String tag) {
    findings.error(at, "tags are not used in a cluster file: " + tag, "the value alone");
  }

  private @Nullable Yaml sequence(Yaml.Place at, int depth) {
    List<Yaml> items = new ArrayList<>();
    while (true) {
      Event event = events.next();
      if (event.getEventId() == Event.ID.SequenceEnd) {
        return new Yaml.Sequence(at, items);
      }
      Yaml item = node((NodeEvent) event, depth + 1);
      if (item == null) {
        return null;
      }
      items.add(item);
    }
  }

  private @Nullable Yaml mapping(Yaml.Place at, int depth) {
    List<Yaml.Entry> entries = new ArrayList<>();
    while (true) {
      Event event = events.next();
      if (event.getEventId() == Event.ID.MappingEnd) {
        return new Yaml.Mapping(at, entries);
      }
      Yaml key = node((NodeEvent) event, depth + 1);
      if (key == null) {
        return null;
      }
      Yaml value = node((NodeEvent) events.next(), depth + 1);
      if (value == null) {
        return null;
      }
      if (key instanceof Yaml.Scalar name) {
        entries.add(new Yaml.Entry(name, value));
      } else {
        findings.error(key.at(), "a key is " + key.kind(), "a word");
      }
    }
  }

  private static Yaml.Place place(Optional<Mark> mark) {
    return mark.map(m -> new Yaml.Place(m.getLine() + 1, m.getColumn() + 1))
        .orElse(new Yaml.Place(1, 1));
  }

  private static String inPlainWords(MarkedYamlEngineException e) {
    String problem = firstLine(e.getProblem());
    String context = e.getContext() == null ? "" : " " + firstLine(e.getContext());
    String place =
        e.getContextMark().map(m -> " that began in line " + (m.getLine() + 1)).orElse("");
    String hint =
        problem.contains("mapping values are not allowed")
            ? " (is the line before indented as it should be, or a value with \": \" not quoted?)"
            : "";
    return "this is not YAML: " + problem + context + (context.isEmpty() ? "" : place) + hint;
  }

  private static String firstLine(@Nullable String text) {
    return text == null ? "" : text.lines().findFirst().orElse("").strip();
  }
}
