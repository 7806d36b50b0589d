package io.trivet.cluster.file;

import java.util.List;

/// A YAML document as a tree in which everything knows its place.
sealed interface Yaml {

  /// Where it begins.
  Place at();

  /// What it is, in an operator's words.
  String kind();

  /// A place in the text.
  ///
  /// @param line from 1
  /// @param column in characters, from 1
  record Place(int line, int column) {}

  /// A single value.
  ///
  /// @param at where it begins
  /// @param text the value without quotes
  /// @param plain true when it was not quoted, so that `null` and `true` mean what YAML says
  record Scalar(Place at, String text, boolean plain) implements Yaml {

    /// Nothing, `~` or `null`: YAML 1.2 core schema.
    boolean isEmpty() {
      return plain
          && (text.isEmpty()
              || text.equals("~")
              || text.equals("null")
              || text.equals("Null")
              || text.equals("NULL"));
    }

    @Override
    public String kind() {
      return isEmpty() ? "nothing" : "\"" + shortened(text) + "\"";
    }

    private static String shortened(String text) {
      String oneLine = text.replace('\n', ' ');
      return oneLine.length() <= 60 ? oneLine : oneLine.substring(0, 57) + "...";
    }
  }

  /// A list.
  ///
  /// @param at where it begins
  /// @param items its values
  record Sequence(Place at, List<Yaml> items) implements Yaml {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /// Keys and values, in the order of the text; a key may stand there twice.
  ///
  /// @param at where it begins
  /// @param entries the pairs
  record Mapping(Place at, List<Entry> entries) implements Yaml {
    public Mapping {
      entries = List.copyOf(entries);
    }

    @Override
    public String kind() {
      return "a mapping (key: value)";
    }
  }

  /// One pair of a mapping.
  record Entry(Scalar key, Yaml value) {}
}
