package io.trivet.cluster.kernel;

import io.trivet.cluster.state.Notice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What follows from what is wrong in the kernel of one controller.
///
/// Of each part:
///
/// | state | meaning | leaves it when |
/// |---|---|---|
/// | right | nothing to do | a look finds it wrong → wrong; an uplink → given up |
/// | wrong | `PutRight` with every look | a look finds it right → right, one notice; wrong for [#PATIENCE_NANOS] → given up; put right [#MOST_REPAIRS] times within [#FIGHT_NANOS] → fought over |
/// | fought over | put right with every look, its VIPs are not served here; said once, and no repair of it any more | right for [#PEACE_NANOS] → right |
/// | given up | its VIPs are not served here; what Trivet made is put right with every look | right for [#WELL_NANOS] → right |
///
/// A VIP is fit while no part that it needs is given up or fought over; each change of that is one
/// notice. What no VIP needs by itself (a parameter, forwarding) makes nothing unfit, and is said
/// when it is given up or fought over. A stranger is remembered until it was not seen for
/// [#STRANGER_NANOS].
public final class KernelMachine {
  /// Longer than putting right takes, shorter than anybody waits for a VIP.
  static final long PATIENCE_NANOS = 1_000_000_000L;

  /// More often than an operator reloads a firewall while trying things.
  static final int MOST_REPAIRS = 5;

  static final long FIGHT_NANOS = 30_000_000_000L;
  static final long PEACE_NANOS = 60_000_000_000L;

  /// A link that has just come back often goes again.
  static final long WELL_NANOS = 2_000_000_000L;

  /// Longer than two of the questions that find it.
  static final long STRANGER_NANOS = 100_000_000_000L;

  /// What stays wrong for so long is looked at no more often than what is right.
  static final long EAGER_NANOS = 30_000_000_000L;

  /// The same is told again only after this time.
  private static final long REPEAT_NANOS = 60_000_000_000L;

  private final String self;
  private final TreeMap<Part, Trouble> troubles = new TreeMap<>();
  private final TreeMap<String, String> unfit = new TreeMap<>();
  private final TreeMap<String, Stranger> strangers = new TreeMap<>();
  private final TreeMap<String, Long> saidAt = new TreeMap<>();
  private List<KernelEffect> effects = new ArrayList<>();

  /// What is known of a part that is or was wrong.
  private static final class Trouble {
    private Difference last;
    private String culprit = "";
    private boolean wrong;
    private long sinceNanos;
    private long rightSinceNanos;
    private boolean givenUp;
    private boolean foughtOver;
    private final Deque<Long> repairs = new ArrayDeque<>();

    Trouble(Difference first) {
      last = first;
    }
  }

  private record Stranger(String who, long seenAtNanos) {}

  /// @param self name of this controller
  public KernelMachine(String self) {
    this.self = self;
  }

  /// Takes one event and says what is to be done.
  ///
  /// @param nowNanos a monotonic clock
  public List<KernelEffect> step(KernelEvent event, long nowNanos) {
    effects = new ArrayList<>();
    switch (event) {
      case KernelEvent.Looked(List<Difference> differences, String culprit) -> {
        found(differences, culprit, nowNanos);
        mended(differences, nowNanos);
      }
      case KernelEvent.Found(List<Difference> differences, String culprit) ->
          found(differences, culprit, nowNanos);
      case KernelEvent.Claimed(String vip, String address, String who) ->
          claimed(vip, address, who, nowNanos);
      case KernelEvent.Tick() -> {}
    }
    settle(nowNanos);
    tellFitness(nowNanos);
    forgetStrangers(nowNanos);
    return effects;
  }

  /// When the next look is due at the latest: soon while something is wrong or settles.
  ///
  /// @param idleNanos how long a look may wait when all is well
  public long dueAtNanos(long nowNanos, long idleNanos) {
    boolean busy =
        troubles.values().stream()
            .anyMatch(t -> t.wrong ? nowNanos - t.sinceNanos < EAGER_NANOS : t.givenUp);
    return nowNanos + (busy ? PATIENCE_NANOS / 4 : idleNanos);
  }

  /// Why this controller does not serve a VIP; empty when it can.
  public String unfit(String vip) {
    return unfit.getOrDefault(vip, "");
  }

  private void found(List<Difference> differences, String culprit, long now) {
    List<Difference> toPutRight = new ArrayList<>();
    for (Difference difference : differences) {
      Trouble trouble = troubles.computeIfAbsent(difference.part(), _ -> new Trouble(difference));
      trouble.last = difference;
      if (!trouble.wrong) {
        trouble.wrong = true;
        trouble.sinceNanos = now;
        trouble.culprit = culprit;
      } else if (trouble.culprit.isEmpty()) {
        trouble.culprit = culprit;
      }
      switch (difference.part()) {
        case Part.Uplink _ -> trouble.givenUp = true;
        case Part.Namespace _,
            Part.MadeLink _,
            Part.Address _,
            Part.Route _,
            Part.Rule _,
            Part.Setting _,
            Part.Guard _,
            Part.Forwarding _ ->
            toPutRight.add(difference);
      }
      if (now - trouble.sinceNanos >= PATIENCE_NANOS && !trouble.givenUp) {
        trouble.givenUp = true;
        if (difference.vips().isEmpty()) {
          say(KernelSentences.notRight(self, difference, trouble.culprit), now);
        }
      }
    }
    if (!toPutRight.isEmpty()) {
      effects.add(new KernelEffect.PutRight(toPutRight));
    }
  }

  private void mended(List<Difference> differences, long now) {
    TreeSet<Part> seen = new TreeSet<>();
    differences.forEach(difference -> seen.add(difference.part()));
    List<Trouble> mended = new ArrayList<>();
    troubles.forEach(
        (part, trouble) -> {
          if (trouble.wrong && !seen.contains(part)) {
            trouble.wrong = false;
            trouble.rightSinceNanos = now;
            if (!(part instanceof Part.Uplink)) {
              if (!trouble.foughtOver) {
                mended.add(trouble);
              }
              countRepair(trouble, now);
            }
          }
        });
    sayPutRight(mended, now);
  }

  private void countRepair(Trouble trouble, long now) {
    trouble.repairs.addLast(now);
    while (now - trouble.repairs.getFirst() > FIGHT_NANOS) {
      trouble.repairs.removeFirst();
    }
    if (trouble.repairs.size() >= MOST_REPAIRS && !trouble.foughtOver) {
      trouble.foughtOver = true;
      if (trouble.last.vips().isEmpty()) {
        say(KernelSentences.foughtOver(self, fought(trouble), trouble.culprit), now);
      }
    }
  }

  /// One notice for all that was put right together: who flushed the rules deleted many things.
  private void sayPutRight(List<Trouble> mended, long now) {
    if (mended.isEmpty()) {
      return;
    }
    List<Difference> found = mended.stream().map(trouble -> trouble.last).toList();
    String culprit =
        mended.stream()
            .map(trouble -> trouble.culprit)
            .filter(c -> !c.isEmpty())
            .findFirst()
            .orElse("");
    say(KernelSentences.putRight(self, found, culprit), now);
  }

  private void settle(long now) {
    troubles
        .values()
        .removeIf(
            trouble -> {
              if (trouble.wrong) {
                return false;
              }
              long well = now - trouble.rightSinceNanos;
              trouble.givenUp &= well < WELL_NANOS;
              trouble.foughtOver &= well < PEACE_NANOS;
              return well >= PEACE_NANOS;
            });
  }

  private void tellFitness(long now) {
    TreeMap<String, Trouble> reasons = new TreeMap<>();
    for (Trouble trouble : troubles.values()) {
      if (trouble.givenUp || trouble.foughtOver) {
        for (String vip : trouble.last.vips()) {
          reasons.putIfAbsent(vip, trouble);
        }
      }
    }
    reasons.forEach(
        (vip, trouble) -> {
          if (!unfit.containsKey(vip)) {
            String why = trouble.foughtOver ? fought(trouble) : trouble.last.words();
            unfit.put(vip, why);
            effects.add(new KernelEffect.SetFit(vip, false, why));
            say(KernelSentences.givenUp(self, vip, why, trouble.culprit), now);
          }
        });
    SortedSet<String> well = new TreeSet<>(unfit.keySet());
    well.removeAll(reasons.keySet());
    for (String vip : well) {
      String why = unfit(vip);
      unfit.remove(vip);
      effects.add(new KernelEffect.SetFit(vip, true, ""));
      say(KernelSentences.fitAgain(self, vip, why), now);
    }
  }

  private static String fought(Trouble trouble) {
    return "the "
        + trouble.last.part().words()
        + " was put right "
        + trouble.repairs.size()
        + " times within "
        + FIGHT_NANOS / 1_000_000_000L
        + " s, and somebody undoes it";
  }

  private void claimed(String vip, String address, String who, long now) {
    Stranger before = strangers.put(vip, new Stranger(who, now));
    effects.add(new KernelEffect.Announce(vip));
    if (before == null || !before.who.equals(who)) {
      effects.add(new KernelEffect.SetStranger(vip, who));
      say(KernelSentences.stranger(self, vip, address, who), now);
    }
  }

  private void forgetStrangers(long now) {
    SortedSet<String> gone = new TreeSet<>();
    strangers.forEach(
        (vip, stranger) -> {
          if (now - stranger.seenAtNanos >= STRANGER_NANOS) {
            gone.add(vip);
          }
        });
    for (String vip : gone) {
      strangers.remove(vip);
      effects.add(new KernelEffect.SetStranger(vip, ""));
      effects.add(new KernelEffect.Announce(vip));
      say(KernelSentences.strangerGone(self, vip), now);
    }
  }

  private void say(Notice notice, long now) {
    String what = KernelSentences.withoutCulprit(notice.text()); // the next one has another number
    String key = notice.id() + " " + notice.subject() + " " + what;
    Long before = saidAt.get(key);
    if (before == null || now - before >= REPEAT_NANOS) {
      saidAt.values().removeIf(at -> now - at >= REPEAT_NANOS);
      saidAt.put(key, now);
      effects.add(new KernelEffect.Say(notice));
    }
  }
}
