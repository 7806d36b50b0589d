package io.trivet.services.galera;

/// How far the copy of a member is that does not run.
///
/// @param kind what is known
/// @param uuid the history that it belongs to; empty unless [Kind#KNOWN]
/// @param seqno the last write that it has in that history; -1 unless [Kind#KNOWN]
/// @param safe true if Galera noted that it was the last one to stop
public record GaleraPosition(Kind kind, String uuid, long seqno, boolean safe) {
  /// What is known of a position.
  public enum Kind {
    /// Not read yet.
    UNKNOWN,
    /// There are files, but MariaDB cannot tell how far they are.
    UNREADABLE,
    /// It was never a member of anything.
    NONE,
    /// Galera marked it as unusable: it has to copy everything. So after a copy that did not end.
    INCOMPLETE,
    /// A complete copy up to `seqno` of history `uuid`.
    KNOWN
  }

  public static final GaleraPosition UNKNOWN = new GaleraPosition(Kind.UNKNOWN, "", -1, false);
  public static final GaleraPosition UNREADABLE =
      new GaleraPosition(Kind.UNREADABLE, "", -1, false);
  public static final GaleraPosition NONE = new GaleraPosition(Kind.NONE, "", -1, false);
  public static final GaleraPosition INCOMPLETE =
      new GaleraPosition(Kind.INCOMPLETE, "", -1, false);

  public GaleraPosition {
    if (kind == Kind.KNOWN && (uuid.isEmpty() || seqno < 0)) {
      throw new IllegalArgumentException("a known position needs its history and its number");
    }
  }

  public static GaleraPosition known(String uuid, long seqno, boolean safe) {
    return new GaleraPosition(Kind.KNOWN, uuid, seqno, safe);
  }

  public boolean isKnown() {
    return kind == Kind.KNOWN;
  }

  /// True if it has nothing that could be lost.
  public boolean isEmpty() {
    return kind == Kind.NONE || kind == Kind.INCOMPLETE;
  }
}
