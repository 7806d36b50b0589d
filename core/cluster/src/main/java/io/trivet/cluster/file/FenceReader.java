package io.trivet.cluster.file;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `fenced-by` of a unit: what makes it safe to start a singleton elsewhere while nobody
/// knows what its controller does.
final class FenceReader {
  private static final String KEY = "fenced-by";
  private static final String POWER = "power";

  /// Units of Debian's that act through disks or through the kernel, whatever their own sockets do:
  /// silencing their control group would prove nothing.
  private static final List<String> NOT_BY_NETWORK =
      List.of(
          "ceph-osd",
          "clvmd",
          "drbd",
          "dlm",
          "iscsi",
          "iscsid",
          "lvmlockd",
          "multipathd",
          "nfs-kernel-server",
          "nfs-server",
          "open-iscsi",
          "rtslib-fb-targetctl",
          "sanlock",
          "target",
          "targetclid");

  private final Values values;
  private final Findings findings;

  FenceReader(Values values, Findings findings) {
    this.values = values;
    this.findings = findings;
  }

  /// @param section the unit as a mapping, or null where it is only a kind
  /// @param units its systemd units
  PlainUnit.Fence of(
      @Nullable Section section, String subject, PlainUnit.Kind kind, List<String> units) {
    Yaml value = section == null ? null : section.value(KEY);
    if (value == null) {
      return PlainUnit.Fence.NONE;
    }
    String network = PlainUnit.Fence.NETWORK.word();
    if (value instanceof Yaml.Scalar s && s.text().equals(POWER)) {
      findings.error(
          value.at(),
          subject
              + " is to be fenced by power, which takes a power switch that Trivet can use; there is none yet",
          "no \"fenced-by\" for what writes to a shared disk (it then stays where it is until its controller is back), or "
              + network
              + " for what acts through the network only");
      return PlainUnit.Fence.NONE;
    }
    if (values.oneOf(value, "\"" + KEY + "\" of " + subject, List.of(network)) == null) {
      return PlainUnit.Fence.NONE;
    }
    String wrong = wrong(kind, units);
    if (wrong != null) {
      findings.error(value.at(), subject + " cannot be fenced by the network: " + wrong, null);
      return PlainUnit.Fence.NONE;
    }
    return PlainUnit.Fence.NETWORK;
  }

  private static @Nullable String wrong(PlainUnit.Kind kind, List<String> units) {
    if (kind != PlainUnit.Kind.SINGLETON) {
      return "it runs on every controller, so there is no second one to keep silent";
    }
    if (units.size() != 1) {
      return "it has "
          + units.size()
          + " systemd units, and a lease is for one; write one singleton for each";
    }
    String unit = units.getFirst();
    int at = unit.indexOf('@');
    String plain = at < 0 ? unit : unit.substring(0, at);
    return NOT_BY_NETWORK.contains(plain)
        ? unit
            + " writes to a disk that others may write to, or lets the kernel do it; that only a power switch can end, and Trivet cannot use one yet"
        : null;
  }
}
