package io.trivet.cluster.kernel;

import io.trivet.cluster.state.Notice;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What people are told about the kernel of a controller.
final class KernelSentences {
  private static final int MOST_NAMED = 3;
  private static final String LIKELY = " Likely done by ";

  private KernelSentences() {}

  static Notice putRight(String self, List<Difference> found, String culprit) {
    SortedSet<String> vips = new TreeSet<>();
    found.forEach(difference -> vips.addAll(difference.vips()));
    String named =
        String.join(", ", found.stream().limit(MOST_NAMED).map(Difference::words).toList());
    int more = found.size() - MOST_NAMED;
    return Notice.warning(
        "kernel-put-right",
        self,
        vips.isEmpty() ? self : String.join(" ", vips),
        "On "
            + self
            + " "
            + named
            + (more > 0 ? ", and " + more + " more" : "")
            + "; it was put right."
            + likely(culprit));
  }

  static Notice notRight(String self, Difference found, String culprit) {
    return Notice.warning(
        "kernel-not-right",
        self,
        self,
        "On "
            + self
            + " "
            + found.words()
            + ", and it could not be put right; it is tried again."
            + likely(culprit));
  }

  static Notice foughtOver(String self, String why, String culprit) {
    return Notice.warning(
        "kernel-not-right",
        self,
        self,
        "On " + self + " " + why + "; it is put right again each time." + likely(culprit));
  }

  static Notice givenUp(String self, String vip, String why, String culprit) {
    return Notice.warning(
        "vip-given-up",
        self,
        vip,
        self + " does not serve VIP " + vip + ", because " + why + "." + likely(culprit));
  }

  static Notice fitAgain(String self, String vip, String why) {
    return Notice.info(
        "vip-fit-again",
        self,
        vip,
        self + " can serve VIP " + vip + " again; before, " + why + ".");
  }

  static Notice stranger(String self, String vip, String address, String who) {
    return Notice.critical(
        "vip-stranger",
        self,
        vip,
        who
            + " answers for "
            + address
            + " of VIP "
            + vip
            + ", which is "
            + self
            + "'s; "
            + self
            + " announces it again.");
  }

  static Notice strangerGone(String self, String vip) {
    return Notice.info(
        "vip-stranger-gone",
        self,
        vip,
        "Nobody but " + self + " answers for VIP " + vip + " any more.");
  }

  private static String likely(String culprit) {
    return culprit.isEmpty() ? "" : LIKELY + culprit + ".";
  }

  /// What was found, without who did it.
  static String withoutCulprit(String text) {
    int end = text.lastIndexOf(LIKELY);
    return end < 0 ? text : text.substring(0, end);
  }
}
