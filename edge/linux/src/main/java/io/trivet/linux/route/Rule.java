package io.trivet.linux.route;

import io.trivet.linux.Prefix;

/// A rule of policy routing: packets from `from` look their route up in `table`.
///
/// @param from the source; a length of 0 means every source of that family
/// @param priority lower is asked first; 0 lets the kernel choose when adding, and matches any when
///   deleting
public record Rule(Prefix from, int table, int priority) {
  @Override
  public String toString() {
    return "rule from "
        + from
        + " lookup "
        + table
        + (priority == 0 ? "" : " priority " + priority);
  }
}
