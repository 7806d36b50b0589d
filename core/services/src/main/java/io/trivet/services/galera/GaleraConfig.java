package io.trivet.services.galera;

import io.trivet.services.galera.GaleraSettings.Member;
import java.util.List;
import java.util.stream.Collectors;

/// Writes the texts that MariaDB and systemd read. Sources: MariaDB documentation, "Galera Cluster
/// System Variables" and "wsrep_provider_options"; systemd.service(5), systemd.exec(5).
public final class GaleraConfig {
  /// Read after Debian's own files, so what stands here holds.
  public static final String PATH = "/etc/mysql/mariadb.conf.d/99-trivet.cnf";

  public static final String UNIT = "mariadb.service";

  /// What Trivet changes in Debian's unit.
  public static final String DROP_IN = "/run/systemd/system/mariadb.service.d/trivet.conf";

  /// Tells the next start whether it is a bootstrap. Gone after the start, however it ended.
  public static final String ENVIRONMENT = "/run/trivet/galera.env";

  static final String BOOTSTRAP_ENVIRONMENT = "_WSREP_NEW_CLUSTER=--wsrep-new-cluster\n";

  /// The environment of a member that joins.
  ///
  /// @param donors members to copy from, the best first; Galera takes another one if none of them
  ///   can (the comma at the end, MariaDB documentation, "wsrep_sst_donor")
  static String joinEnvironment(List<String> donors) {
    return "MYSQLD_OPTS=--wsrep-sst-donor=" + String.join(",", donors) + ",\n";
  }

  /// Where the copy is.
  public static final String DATA = "/var/lib/mysql";

  /// Where Galera writes its position when it stops in order.
  public static final String STATE_FILE = "/var/lib/mysql/grastate.dat";

  /// Silence after which a member is suspected. Long, because a busy machine is silent too; Trivet
  /// shortens it while it knows that a controller is gone.
  public static final String SAFE_SUSPICION = "PT5S";

  /// The shortened silence. Only with keepalives every 0.1 s: with Galera's default of 1 s it would
  /// break a healthy component. Five keepalives, because 0.1 s made two survivors on a machine with
  /// a load of 17 suspect each other, and none of the two kept the primary component.
  public static final String SHORT_SUSPICION = "PT0.5S";

  static final String KEEPALIVE = "PT0.1S";

  private GaleraConfig() {}

  /// The server's settings on one member.
  ///
  /// @throws IllegalArgumentException if `node` is no member
  public static String text(GaleraSettings settings, String node) {
    Member self = settings.member(node);
    if (self == null) {
      throw new IllegalArgumentException(node + " has no copy of the database");
    }
    String all =
        settings.members().stream().map(Member::bracketed).collect(Collectors.joining(","));
    String port = Integer.toString(settings.port());
    StringBuilder out = new StringBuilder();
    out.append("# Written by Trivet from the cluster file of ").append(settings.cluster());
    out.append("; changes here are overwritten.\n[mysqld]\n");
    set(out, "bind_address", self.address());
    set(out, "port", port);
    out.append("# Without names nobody is locked out for HAProxy's checks (max_connect_errors).\n");
    set(out, "skip_name_resolve", "ON");
    set(out, "max_connections", "1024");
    out.append("\n# An acknowledged write is on disk.\n");
    set(out, "innodb_flush_log_at_trx_commit", "1");
    set(out, "binlog_format", "ROW");
    set(out, "default_storage_engine", "InnoDB");
    set(out, "innodb_autoinc_lock_mode", "2");
    out.append('\n');
    set(out, "wsrep_on", "ON");
    set(out, "wsrep_provider", "/usr/lib/galera/libgalera_smm.so");
    set(out, "wsrep_cluster_name", settings.cluster());
    set(out, "wsrep_cluster_address", "gcomm://" + all);
    set(out, "wsrep_node_name", self.name());
    set(out, "wsrep_node_address", self.bracketed());
    set(out, "wsrep_node_incoming_address", self.bracketed() + ":" + port);
    set(out, "wsrep_sst_method", "rsync");
    set(out, "wsrep_provider_options", '"' + providerOptions(self) + '"');
    if (!settings.options().isEmpty()) {
      out.append("\n# From the cluster file.\n");
      settings.options().forEach((name, value) -> set(out, name, value));
    }
    return out.toString();
  }

  private static void set(StringBuilder out, String name, String value) {
    out.append(name).append(" = ").append(value).append('\n');
  }

  private static String providerOptions(Member self) {
    return String.join(
        ";",
        "gmcast.listen_addr=tcp://" + self.bracketed() + ":" + GaleraSettings.REPLICATION_PORT,
        "gcache.size=128M",
        "gcache.recover=yes",
        // Only the leader's decision forms a primary component.
        "pc.recovery=FALSE",
        // A member that finds no component gives up soon, since it holds up the others' decision.
        "pc.wait_prim_timeout=PT10S",
        "evs.keepalive_period=" + KEEPALIVE,
        "evs.inactive_check_period=PT0.1S",
        "evs.join_retrans_period=PT0.1S",
        "evs.suspect_timeout=" + SAFE_SUSPICION,
        "evs.inactive_timeout=PT15S",
        "evs.install_timeout=PT7.5S");
  }

  /// The drop-in for Debian's unit: nothing but a target of Trivet starts or bootstraps it.
  public static String dropIn() {
    return """
    # Written by Trivet; changes here are overwritten.
    [Unit]
    StartLimitIntervalSec=0

    [Service]
    Restart=no
    OOMScoreAdjust=-600
    # Instead of the file of galera_new_cluster: only Trivet decides who bootstraps.
    EnvironmentFile=
    EnvironmentFile=-ENVIRONMENT
    ExecStartPost=+/bin/rm -f ENVIRONMENT
    ExecStopPost=+/bin/rm -f ENVIRONMENT
    """
        .replace("-ENVIRONMENT", "-" + ENVIRONMENT)
        .replace(" ENVIRONMENT", " " + ENVIRONMENT);
  }
}
