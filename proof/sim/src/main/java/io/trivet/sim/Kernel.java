package io.trivet.sim;

import io.trivet.cluster.lease.HoldCommit;

/// What a controller's kernel knows: for each VIP whether it has the address and when its two set
/// elements end, by its own clock. That clock is slewed by time synchronisation and stands still
/// while the machine is suspended. It goes on while all processes stand still, and forgets
/// everything when power is lost.
final class Kernel {
  private static final long MILLION = 1_000_000;

  private final long[] first;
  private final long[] second;
  private final boolean[] address;
  private final boolean oneKey;

  /// Which control group an element is for, where it is one; 0 for addresses.
  private final long[] firstGroup;

  private final long[] secondGroup;

  /// The rules are there; without them whoever has the address answers.
  private boolean guard = true;

  private boolean stands;
  private long slew;
  private long since;
  private long at;
  private int refusals;

  Kernel(int vips, int keys) {
    first = new long[vips];
    second = new long[vips];
    address = new boolean[vips];
    oneKey = keys == 1;
    firstGroup = new long[vips];
    secondGroup = new long[vips];
  }

  // ---- its clock

  private long time(long now) {
    return stands ? at : at + (now - since) + (now - since) / 1_000 * slew / 1_000;
  }

  /// Time synchronisation makes it run that many millionths faster, from now on.
  void slew(long now, long millionths) {
    at = time(now);
    since = now;
    slew = millionths;
  }

  void stand(long now) {
    at = time(now);
    stands = true;
  }

  void goOn(long now) {
    since = now;
    stands = false;
  }

  // ---- what it is told

  /// The next so many orders fail.
  void refuse(int orders) {
    refusals = orders;
  }

  private boolean refuses() {
    if (refusals > 0) {
      refusals--;
      return true;
    }
    return !guard;
  }

  /// @param late how late its timers are
  /// @return false when it refuses
  boolean set(int vip, HoldCommit.Key key, long timeout, long late, long now) {
    if (refuses()) {
      return false;
    }
    long ends = time(now) + timeout + late;
    switch (key) {
      case FIRST -> first[vip] = ends;
      case SECOND -> second[vip] = ends;
    }
    if (oneKey) {
      second[vip] = Long.MAX_VALUE;
    }
    return true;
  }

  /// The same for the run of a unit.
  boolean set(int unit, long group, HoldCommit.Key key, long timeout, long late, long now) {
    if (!set(unit, key, timeout, late, now)) {
      return false;
    }
    switch (key) {
      case FIRST -> firstGroup[unit] = group;
      case SECOND -> secondGroup[unit] = group;
    }
    return true;
  }

  /// Until when packets of a control group pass, in real time; 0 when they do not.
  long speaksUntil(int unit, long group, long now) {
    if (stands) {
      return 0;
    }
    if (!guard) {
      return Long.MAX_VALUE;
    }
    boolean let = firstGroup[unit] == group && secondGroup[unit] == group;
    return let ? inRealTime(ends(unit), now) : 0;
  }

  boolean clear(int vip) {
    if (refuses()) {
      return false;
    }
    first[vip] = 0;
    second[vip] = 0;
    return true;
  }

  void show(int vip) {
    address[vip] = true;
  }

  void hide(int vip) {
    address[vip] = false;
  }

  boolean shows(int vip) {
    return address[vip];
  }

  // ---- what others do to it

  /// `nft flush ruleset`: rules and sets are gone, addresses stay.
  void flush() {
    guard = false;
    java.util.Arrays.fill(first, 0);
    java.util.Arrays.fill(second, 0);
  }

  boolean guarded() {
    return guard;
  }

  /// The rules are back, without leases.
  void guard() {
    guard = true;
  }

  /// The lease thread puts the rules back.
  boolean putGuard() {
    if (refusals > 0) {
      refusals--;
      return false;
    }
    guard = true;
    return true;
  }

  void powerLost() {
    java.util.Arrays.fill(first, 0);
    java.util.Arrays.fill(second, 0);
    java.util.Arrays.fill(address, false);
    guard = true;
    refusals = 0;
  }

  // ---- what it answers

  /// Until when it answers for the VIP if nobody tells it anything else, in real time; 0 when it
  /// does not.
  long answersUntil(int vip, long now) {
    if (stands || !address[vip]) {
      return 0;
    }
    if (!guard) {
      return Long.MAX_VALUE;
    }
    return inRealTime(ends(vip), now);
  }

  private long inRealTime(long ends, long now) {
    long left = ends - time(now);
    return left <= 0 ? 0 : now + 1 + left / 1_000 * MILLION / (MILLION + slew) * 1_000;
  }

  private long ends(int vip) {
    return Math.min(first[vip], second[vip]);
  }
}
