package io.trivet.linux.watch;

import java.util.List;

/// Something that another program changed.
///
/// @param kind what it was about
/// @param tables names of the nftables tables that were changed; empty for other kinds
/// @param process who did it, such as `nft (process 4711)`; empty when the kernel did not tell
public record Change(Kind kind, List<String> tables, String process) {
  /// What a change is about.
  public enum Kind {
    /// A link came, changed or went.
    LINK,
    /// An address came or went.
    ADDRESS,
    /// A route went, or a rule came or went.
    ROUTE,
    /// Rules of nftables.
    RULESET,
    /// There were more changes than could be told.
    UNKNOWN
  }

  public Change {
    tables = List.copyOf(tables);
  }
}
