package io.trivet.cluster;

/// Where a unit that the network fences lives: names that the decisions and the kernel's part agree
/// on.
///
/// systemd puts the unit into a slice of its own, which stays when the unit stops. The kernel
/// guards the slice, and lets out the packets of the one run in it that has the lease. A drop-in
/// file says so to systemd, on disk, so that it holds from the next boot on too: the unit does not
/// start before a daemon has put the guard in place ([#GUARD_STANDS]).
public final class UnitFence {
  /// How deep the slices of fenced units are below the root of the control groups.
  public static final int SLICE_DEPTH = 2;

  /// The control group that they are all in; nothing else is.
  public static final String SLICES = "trivet.slice";

  /// Where systemd looks for units of the machine's administrator.
  public static final String UNIT_FOLDER = "/etc/systemd/system";

  /// Name of the drop-in file.
  public static final String DROP_IN = "60-trivet-fence.conf";

  /// Exists while the kernel guards the fenced units of this controller, since its boot.
  public static final String GUARD_STANDS = "/run/trivet/units-guarded";

  private UnitFence() {}

  /// The slice of a resource, as systemd names it: a hyphen would mean a slice in a slice.
  public static String slice(String resource) {
    return "trivet-" + resource.replace("-", "\\x2d") + ".slice";
  }

  /// The control group of the slice, without a leading slash.
  public static String sliceGroup(String resource) {
    return SLICES + "/" + slice(resource);
  }

  /// The control group of the running unit.
  ///
  /// @param unit with `.service`
  public static String unitGroup(String resource, String unit) {
    return sliceGroup(resource) + "/" + unit;
  }

  /// The drop-in file of a unit.
  public static String dropInPath(String unit) {
    return UNIT_FOLDER + "/" + unit + ".d/" + DROP_IN;
  }

  /// What stands in it. Packet sockets bypass the guard, and whoever may administer the network may
  /// take it away: the unit may do neither. Trivet starts it again itself, so that no run begins
  /// unseen.
  public static String dropIn(String resource) {
    return """
        # Written by Trivet: this unit runs on one controller at a time, and the kernel lets its packets
        # out only while this controller holds its lease (fenced-by: network in the cluster file).
        [Unit]
        AssertPathExists=%s

        [Service]
        Slice=%s
        CapabilityBoundingSet=~CAP_NET_RAW CAP_NET_ADMIN
        Restart=no
        """
        .formatted(GUARD_STANDS, slice(resource));
  }
}
