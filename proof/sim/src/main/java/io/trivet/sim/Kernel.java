package io.trivet.sim;

import io.trivet.cluster.lease.HoldCommit;

/// What a controller's kernel knows: for each VIP when its two set elements end, in real time. It
/// goes on while all processes stand still, and forgets everything when power is lost.
final class Kernel {
  private final long[] first;
  private final long[] second;
  private final boolean oneKey;

  Kernel(int vips, int keys) {
    first = new long[vips];
    second = new long[vips];
    oneKey = keys == 1;
  }

  void set(int vip, HoldCommit.Key key, long endsAt) {
    switch (key) {
      case FIRST -> first[vip] = endsAt;
      case SECOND -> second[vip] = endsAt;
    }
    if (oneKey) {
      second[vip] = Long.MAX_VALUE;
    }
  }

  void clear(int vip) {
    first[vip] = 0;
    second[vip] = 0;
  }

  void clear() {
    for (int vip = 0; vip < first.length; vip++) {
      clear(vip);
    }
  }

  /// Until when it answers for the VIP if nobody tells it anything else.
  long answersUntil(int vip) {
    return Math.min(first[vip], second[vip]);
  }
}
