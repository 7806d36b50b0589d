package io.trivet.daemon.control;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Notice;
import java.util.ArrayList;
import java.util.List;

/// What only this controller knows and the agreed timeline cannot tell (no quorum, a full disk),
/// with its place in that timeline: after so many agreed notices. So the order does not depend on a
/// clock, which may be set at any time; the time of a notice is only shown. Safe for all threads.
public final class OwnNotices {
  /// As many as fit some screens; the older ones are in the journal.
  static final int KEPT = 100;

  private static final long NOT_YET_KNOWN = -1;

  private final List<Said> said = new ArrayList<>();
  private long count;

  /// @param number 1 for the first since the start of the daemon
  /// @param after how many agreed notices there were; -1 while the daemon knows of no state
  private record Said(long number, long after, Notice notice) {}

  /// @param state what was agreed on when it was said, as far as this controller knew
  public synchronized void add(Notice notice, ClusterState state) {
    if (said.size() == KEPT) {
      said.removeFirst();
    }
    count++;
    said.add(new Said(count, state.index() == 0 ? NOT_YET_KNOWN : state.noticeCount(), notice));
  }

  /// A place in the timeline as this controller sees it: what came before was told.
  ///
  /// @param agreed number of agreed notices that were told
  /// @param own number of own notices that were told
  public record Mark(long agreed, long own) {
    /// Before the first one.
    public static final Mark BEGINNING = new Mark(0, 0);
  }

  /// Notices in the order in which they happened, and the mark after them.
  public record Part(List<Notice> notices, Mark end) {}

  /// What came after this mark, of the agreed ones as far as they are kept.
  public synchronized Part after(Mark mark, ClusterState state) {
    place(state);
    List<Notice> agreed = state.notices();
    long first = state.noticeCount() - agreed.size();
    List<Notice> ordered = new ArrayList<>();
    int next = 0;
    for (int i = 0; i <= agreed.size(); i++) {
      while (next < said.size() && (i == agreed.size() || said.get(next).after <= first + i)) {
        if (said.get(next).number > mark.own) {
          ordered.add(said.get(next).notice);
        }
        next++;
      }
      if (i < agreed.size() && first + i + 1 > mark.agreed) {
        ordered.add(agreed.get(i));
      }
    }
    return new Part(ordered, new Mark(Math.max(mark.agreed, state.noticeCount()), count));
  }

  /// What was said before the state was read from disk comes after what the disk knew.
  private void place(ClusterState state) {
    if (state.index() > 0) {
      said.replaceAll(
          s -> s.after == NOT_YET_KNOWN ? new Said(s.number, state.noticeCount(), s.notice) : s);
    }
  }
}
