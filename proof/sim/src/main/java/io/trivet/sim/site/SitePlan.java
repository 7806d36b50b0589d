package io.trivet.sim.site;

import io.trivet.cluster.file.TimingProfile;
import io.trivet.sim.Chance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// All that is decided about a site's world before it begins.
///
/// @param seed for what is left to chance
/// @param timing the profile in its cluster file
/// @param troubleNanos until when blows fall; then everything is healed
/// @param blows by time
public record SitePlan(long seed, TimingProfile timing, long troubleNanos, List<Blow> blows) {
  private static final int NODES = 3;

  /// Not struck with by chance yet: the model of the databases does not yet say what a member with
  /// half a state file does, nor what a loss that was accepted excuses.
  private static final List<Blow.Kind> LATER = List.of(Blow.Kind.ACCEPT_LOSS, Blow.Kind.FILE_TORN);

  /// Falls beside the others, so that those of a seed stay what they were.
  private static final Blow.Kind BESIDE = Blow.Kind.CLUSTER_FILE_THAT_FAILS;

  private static final int ONE_IN = 4;

  public SitePlan {
    blows = List.copyOf(blows);
  }

  /// The same world with other blows.
  SitePlan with(List<Blow> others) {
    return new SitePlan(seed, timing, troubleNanos, others);
  }

  /// The world of a seed. Blows come in clusters, because one alone seldom hurts; some fall while
  /// the site starts.
  public static SitePlan of(long seed) {
    Chance chance = new Chance(Chance.mix(seed ^ 0x517EL));
    TimingProfile[] profiles = TimingProfile.values();
    TimingProfile timing = profiles[chance.below(profiles.length)];
    long until = (12 + chance.below(20)) * Site.SECOND;
    List<Blow.Kind> kinds = new ArrayList<>(List.of(Blow.Kind.values()));
    kinds.removeAll(LATER);
    kinds.remove(BESIDE);
    List<Blow> blows = new ArrayList<>();
    for (int clusters = 1 + chance.below(3); clusters > 0; clusters--) {
      long at = chance.between(Site.SECOND, until - Site.SECOND);
      int node = chance.below(NODES);
      for (int count = 1 + chance.below(4); count > 0; count--) {
        at += chance.betweenOrders(Site.MILLI, 4 * Site.SECOND);
        int struck = chance.below(3) == 0 ? chance.below(NODES) : node;
        blows.add(
            new Blow(
                Math.min(at, until),
                kinds.get(chance.below(kinds.size())),
                struck,
                (struck + 1 + chance.below(NODES - 1)) % NODES,
                chance.betweenOrders(20 * Site.MILLI, 10 * Site.SECOND)));
      }
    }
    if (chance.below(ONE_IN) == 0) {
      int struck = chance.below(NODES);
      long at = chance.between(Site.SECOND, until);
      blows.add(new Blow(at, BESIDE, struck, (struck + 1) % NODES, chance.below(1_000)));
    }
    blows.sort(Comparator.comparingLong(Blow::atNanos));
    return new SitePlan(seed, timing, until, blows);
  }
}
