package io.trivet.cluster.state;

import java.util.ArrayList;
import java.util.List;

/// The cluster file in force is new, and not yet known to work on every controller. Until it is,
/// one controller that cannot bring it about takes it back for all.
///
/// @param textBefore text of the last cluster file that worked
/// @param rosterBefore the names in it
/// @param by who set the new one
/// @param sinceMillis when
/// @param worksOn controllers on which the new one works, in the order in which they said so
public record FileTrial(
    String textBefore, Roster rosterBefore, String by, long sinceMillis, List<String> worksOn) {
  /// After so long a failure is the controller's own and no longer the file's: nobody wants the
  /// work of a day undone because a machine came back that lacks something. Longer than `trivet
  /// cluster apply` waits.
  public static final long WINDOW_MILLIS = 600_000;

  public FileTrial {
    Check.name("text of the cluster file before", textBefore);
    Check.given("roster of the cluster file before", rosterBefore);
    worksOn = Check.names("controllers", Check.given("controllers", worksOn));
  }

  static FileTrial of(String textBefore, Roster rosterBefore, String by, long nowMillis) {
    return new FileTrial(textBefore, rosterBefore, by, nowMillis, List.of());
  }

  /// Another file while this one was not known to work: the one to go back to is the same.
  FileTrial anew(String by, long nowMillis) {
    return of(textBefore, rosterBefore, by, nowMillis);
  }

  FileTrial worksAlsoOn(String node) {
    List<String> more = new ArrayList<>(worksOn);
    if (!more.contains(node)) {
      more.add(node);
    }
    return new FileTrial(textBefore, rosterBefore, by, sinceMillis, more);
  }

  boolean over(long nowMillis) {
    return nowMillis - sinceMillis > WINDOW_MILLIS;
  }
}
