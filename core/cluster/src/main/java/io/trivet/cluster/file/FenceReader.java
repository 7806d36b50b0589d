package io.trivet.cluster.file;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `fenced-by` and `writes-to` of a unit: what makes it safe to start a singleton elsewhere
/// while nobody knows what its controller does, and what speaks against it.
final class FenceReader {
  private static final String KEY = "fenced-by";
  private static final String POWER = "power";
  private static final String WRITES_TO = "writes-to";
  private static final String SHARED_DISK = "shared-disk";

  /// What a unit may act on beside its own files: the first is what is taken where nothing is said.
  private static final List<String> TARGETS = List.of("network", SHARED_DISK);

  private static final String ON_DISK =
      "it writes to a shared disk, and the kernel can keep it from the network only; what writes to a disk only a power switch can end, and Trivet cannot use one yet";

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
    boolean disk = writesToSharedDisk(section, subject);
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
    String wrong = disk ? ON_DISK : wrong(kind, units);
    if (wrong != null) {
      String instead =
          disk ? "no \"fenced-by\": it then stays where it is until its controller is back" : null;
      findings.error(value.at(), subject + " cannot be fenced by the network: " + wrong, instead);
      return PlainUnit.Fence.NONE;
    }
    return PlainUnit.Fence.NETWORK;
  }

  private boolean writesToSharedDisk(@Nullable Section section, String subject) {
    Yaml value = section == null ? null : section.value(WRITES_TO);
    String word =
        value == null ? null : values.oneOf(value, "\"" + WRITES_TO + "\" of " + subject, TARGETS);
    return SHARED_DISK.equals(word);
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
