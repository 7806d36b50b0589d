package io.trivet.lab.drill;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What can be broken on purpose. The comment of each says what is done; [Faults] does it.
public enum Fault {
  /// The cable first, then every process at once. Undone by switching the power on.
  POWER_OFF("power-off"),
  /// The same, when the holder is also the controller with the database's writer: the VIP is moved
  /// there before.
  POWER_OFF_WRITER("power-off-writer"),
  /// The carrier goes. Undone by plugging the cable in.
  CABLE("cable"),
  /// The switch forwards nothing from and to the node; its carrier stays.
  SILENT_CUT("silent-cut"),
  /// Every process of the node stops where it is; its kernel still answers.
  FREEZE_NODE("freeze-node"),
  /// SIGSTOP to the big daemon; the lease process goes on. Undone by SIGCONT, if it is still that
  /// process.
  FREEZE_DAEMON("freeze-daemon"),
  /// SIGKILL to the big daemon; the lease process goes on. systemd starts it again.
  KILL_DAEMON("kill-daemon"),
  /// SIGKILL to the big daemon on every controller.
  KILL_DAEMONS_ALL("kill-daemons-all"),
  /// SIGSTOP to the lease process. Undone by SIGCONT, if it is still that process.
  FREEZE_LEASES("freeze-leases"),
  /// SIGKILL to the lease process. systemd starts it again.
  KILL_LEASES("kill-leases"),
  /// SIGKILL to the lease process on every controller.
  KILL_LEASES_ALL("kill-leases-all"),
  /// SIGKILL to every process of the load balancer's unit.
  KILL_HAPROXY("kill-haproxy"),
  /// SIGKILL to every process of the database's unit.
  KILL_MARIADB("kill-mariadb"),
  /// SIGKILL to every process of the broker's unit.
  KILL_RABBITMQ("kill-rabbitmq"),
  /// `nft flush ruleset` in the VIP's namespace, as reloading a firewall does it.
  NFT_FLUSH("nft-flush"),
  /// The same in the host: masquerading of the namespace's link is gone.
  MASQUERADE_LOST("masquerade-lost"),
  /// The VIP's addresses are deleted from its link.
  ADDRESS_DELETED("address-deleted"),
  /// The link that carries the VIP is set down.
  LINK_DOWN("link-down"),
  /// The link that carries the VIP is deleted.
  LINK_DELETED("link-deleted"),
  /// The name of the VIP's namespace is deleted.
  NAMESPACE_DELETED("namespace-deleted"),
  /// A station with another Ethernet address has the VIP's addresses, says so, and answers for
  /// them.
  STRANGER("stranger"),
  /// SIGSTOP to every process of the load balancer's unit: it takes connections and never answers.
  /// Nobody undoes it but Trivet.
  HANG_HAPROXY("hang-haproxy"),
  /// The same with the database's unit, at the controller with the writer.
  HANG_MARIADB("hang-mariadb"),
  /// The same with the broker's unit.
  HANG_RABBITMQ("hang-rabbitmq"),
  /// The same with Keystone's unit.
  HANG_KEYSTONE("hang-keystone"),
  /// SIGKILL to the big daemon and the lease process on every controller.
  KILL_ALL("kill-all"),
  /// The file system of `/var/lib/trivet` is full. Undone by making room.
  DISK_FULL("disk-full"),
  /// The same on every controller at once.
  DISK_FULL_ALL("disk-full-all"),
  /// A cluster file that is accepted and that another controller cannot bring about: its lease
  /// process cannot make the namespace of a new VIP. It must be taken back everywhere.
  APPLY_IMPOSSIBLE("apply-impossible"),
  /// `trivet resource move` of the VIP to another controller.
  PLANNED_MOVE("planned-move"),
  /// A line of comment more in the cluster file.
  APPLY_COMMENT("apply-comment"),
  /// Another VIP in the cluster file, beside the one that is watched. Undone by taking it out
  /// again.
  APPLY_VIP("apply-vip"),
  /// One timing after the other in the cluster file, each from and to each.
  APPLY_TIMING("apply-timing"),
  /// All controllers lose their power within a moment, and get it back.
  FULL_OUTAGE("full-outage");

  private final String word;

  Fault(String word) {
    this.word = word;
  }

  /// Its name on the command line and in reports.
  public String word() {
    return word;
  }

  /// The fault of that name.
  public static Optional<Fault> of(String word) {
    return Arrays.stream(values()).filter(fault -> fault.word.equals(word)).findFirst();
  }

  /// Every name.
  public static List<String> words() {
    return Arrays.stream(values()).map(Fault::word).toList();
  }

  /// Whether it is made at the controller with the database's writer, not at the VIP's holder.
  public boolean atWriter() {
    return this == HANG_MARIADB;
  }

  /// Whether it is made in a file system that has to be there before.
  boolean needsSmallDisks() {
    return this == DISK_FULL || this == DISK_FULL_ALL;
  }

  /// Whether a part hangs by it, which has to be found first.
  public boolean hangs() {
    return this == HANG_HAPROXY
        || this == HANG_MARIADB
        || this == HANG_RABBITMQ
        || this == HANG_KEYSTONE;
  }

  /// How long it stays before it is undone. Long enough that everything that wants to happen while
  /// it lasts does; 0 where nothing is undone.
  public long lastsMillis() {
    return switch (this) {
      case POWER_OFF,
          POWER_OFF_WRITER,
          CABLE,
          SILENT_CUT,
          FREEZE_NODE,
          FREEZE_DAEMON,
          FREEZE_LEASES ->
          5_000;
      case DISK_FULL, DISK_FULL_ALL -> 15_000;
      case APPLY_IMPOSSIBLE -> 8_000;
      case KILL_ALL,
          KILL_DAEMON,
          KILL_DAEMONS_ALL,
          KILL_LEASES,
          KILL_LEASES_ALL,
          KILL_HAPROXY,
          KILL_MARIADB,
          KILL_RABBITMQ,
          PLANNED_MOVE ->
          0;
      case NFT_FLUSH,
          MASQUERADE_LOST,
          ADDRESS_DELETED,
          LINK_DOWN,
          LINK_DELETED,
          NAMESPACE_DELETED,
          APPLY_COMMENT,
          APPLY_TIMING ->
          3_000;
      case APPLY_VIP, STRANGER -> 5_000;
      case HANG_HAPROXY, HANG_MARIADB, HANG_RABBITMQ, HANG_KEYSTONE -> 0;
      case FULL_OUTAGE -> 2_000;
    };
  }

  @Override
  public String toString() {
    return word;
  }
}
