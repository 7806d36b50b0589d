package io.trivet.services.galera;

/// How far the copy of a member is that does not run.
///
/// @param kind what is known
/// @param uuid the history that it belongs to; empty unless [Kind#KNOWN]
/// @param seqno the last write that it has in that history; -1 unless [Kind#KNOWN]
/// @param safe true if Galera noted that it was the last one to stop
/// @param whole true if its `grastate.dat` is whole, so that it can begin a component under its
///   history and join with what it lacks only; false unless [Kind#KNOWN]
/// @param why why nobody can tell, a clause; empty unless [Kind#UNREADABLE]
public record GaleraPosition(
    Kind kind, String uuid, long seqno, boolean safe, boolean whole, String why) {
  /// What is known of a position.
  public enum Kind {
    /// Not read yet.
    UNKNOWN,
    /// Nobody can tell: files that cannot be read, a disk that is not mounted, data that MariaDB
    /// cannot read. It may be further than all others.
    UNREADABLE,
    /// It is certain that it was never a member of anything.
    NONE,
    /// Galera marked it as unusable: it has to copy everything. So after a copy that did not end.
    INCOMPLETE,
    /// A complete copy up to `seqno` of history `uuid`.
    KNOWN
  }

  public static final GaleraPosition UNKNOWN = of(Kind.UNKNOWN);
  public static final GaleraPosition NONE = of(Kind.NONE);
  public static final GaleraPosition INCOMPLETE = of(Kind.INCOMPLETE);

  public GaleraPosition {
    if (kind == Kind.KNOWN && (uuid.isEmpty() || seqno < 0)) {
      throw new IllegalArgumentException("a known position needs its history and its number");
    }
  }

  private static GaleraPosition of(Kind kind) {
    return new GaleraPosition(kind, "", -1, false, false, "");
  }

  /// Nobody can tell, and why.
  public static GaleraPosition unreadable(String why) {
    return new GaleraPosition(Kind.UNREADABLE, "", -1, false, false, why);
  }

  public static GaleraPosition known(String uuid, long seqno, boolean safe) {
    return new GaleraPosition(Kind.KNOWN, uuid, seqno, safe, true, "");
  }

  /// A copy whose `grastate.dat` is damaged or missing; the data itself told the position.
  public static GaleraPosition withoutFile(String uuid, long seqno) {
    return new GaleraPosition(Kind.KNOWN, uuid, seqno, false, false, "");
  }

  public boolean isKnown() {
    return kind == Kind.KNOWN;
  }

  /// True if it has nothing that could be lost.
  public boolean isEmpty() {
    return kind == Kind.NONE || kind == Kind.INCOMPLETE;
  }
}
