package io.trivet.cluster.kernel;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// A part of the kernel that is not as it should be.
///
/// @param part which
/// @param found what is wrong with it
/// @param vips the VIPs that cannot be served well because of it
public record Difference(Part part, Found found, SortedSet<String> vips) {
  /// What was found.
  public enum Found {
    GONE("is gone"),
    DOWN("is down"),
    NO_CARRIER("has no carrier"),
    CHANGED("was changed"),
    STRAY("is there and must not be");

    private final String words;

    Found(String words) {
      this.words = words;
    }

    /// What stands after the part's name.
    public String words() {
      return words;
    }
  }

  public Difference {
    vips = Collections.unmodifiableSortedSet(new TreeSet<>(vips));
  }

  /// A clause for people: `the interface eth0 has no carrier`.
  public String words() {
    return "the " + part.words() + " " + found.words();
  }
}
