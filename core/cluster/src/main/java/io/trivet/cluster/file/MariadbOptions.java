package io.trivet.cluster.file;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the MariaDB settings of the cluster file: refuses those that Trivet owns, and tells what
/// weakens the promise that an acknowledged write is never lost. Sources: MariaDB Server
/// documentation, "InnoDB System Variables" and "Galera Cluster System Variables".
final class MariadbOptions {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,63}");
  private static final Pattern VALUE = Pattern.compile("[ -~]{0,200}");

  /// What Trivet writes itself, because the cluster depends on it.
  private static final List<String> OWNED =
      List.of(
          "bind_address",
          "port",
          "socket",
          "datadir",
          "binlog_format",
          "default_storage_engine",
          "innodb_autoinc_lock_mode",
          "skip_networking",
          "server_id");

  /// Galera's settings that are the operator's; all others are Trivet's.
  private static final List<String> FREE_WSREP =
      List.of(
          "wsrep_slave_threads",
          "wsrep_retry_autocommit",
          "wsrep_max_ws_size",
          "wsrep_max_ws_rows",
          "wsrep_sync_wait");

  private static final Map<String, Weakness> WEAK = weak();

  /// @param safe the values that are safe, in lower case
  /// @param why what may happen with another
  private record Weakness(List<String> safe, String why) {}

  private MariadbOptions() {}

  static SortedMap<String, String> read(Yaml.Mapping mapping, Findings findings) {
    SortedMap<String, String> options = new TreeMap<>();
    for (Yaml.Entry entry : Section.ofNames(mapping, "\"options\"", findings).entries()) {
      String name = entry.key().text().toLowerCase(Locale.ROOT).replace('-', '_');
      String value = value(entry, findings);
      if (value == null || !isFree(name, entry, findings)) {
        continue;
      }
      if (options.put(name, value) != null) {
        findings.error(
            entry.key().at(),
            "\"" + name + "\" is twice in \"options\" (- and _ are the same to MariaDB)",
            "each option once");
      }
      Weakness weakness = WEAK.get(name);
      if (weakness != null && !weakness.safe.contains(value.toLowerCase(Locale.ROOT))) {
        findings.warning(
            entry.key().at(),
            name + " = " + value + " is weaker than Trivet's default: " + weakness.why,
            weakness.safe.get(0));
      }
    }
    return options;
  }

  private static @Nullable String value(Yaml.Entry entry, Findings findings) {
    boolean scalar = entry.value() instanceof Yaml.Scalar;
    String text = entry.value() instanceof Yaml.Scalar s ? s.text() : "";
    if (!scalar || !VALUE.matcher(text).matches()) {
      findings.error(
          entry.value().at(),
          "the value of option " + entry.key().kind() + " is " + entry.value().kind(),
          "one line of text or a number");
      return null;
    }
    return text;
  }

  private static boolean isFree(String name, Yaml.Entry entry, Findings findings) {
    if (!NAME.matcher(name).matches()) {
      findings.error(
          entry.key().at(),
          entry.key().kind() + " is not the name of a MariaDB setting",
          "letters, digits and _");
      return false;
    }
    if (OWNED.contains(name) || name.startsWith("wsrep_") && !FREE_WSREP.contains(name)) {
      findings.error(
          entry.key().at(),
          entry.key().kind() + " is written by Trivet itself, because the cluster depends on it",
          "any other setting");
      return false;
    }
    return true;
  }

  private static Map<String, Weakness> weak() {
    Map<String, Weakness> weak = new LinkedHashMap<>();
    weak.put(
        "innodb_flush_log_at_trx_commit",
        new Weakness(
            List.of("1"),
            "a power outage of all controllers can lose the last second of acknowledged writes"));
    weak.put(
        "innodb_flush_method",
        new Weakness(
            List.of("o_direct", "fsync", "o_dsync"),
            "a power outage can lose acknowledged writes that only the disk's cache had"));
    weak.put(
        "innodb_doublewrite",
        new Weakness(
            List.of("on", "1", "true"),
            "a power outage can leave torn pages, and the member has to copy everything again"));
    weak.put(
        "debug_no_sync",
        new Weakness(
            List.of("off", "0", "false"), "nothing is written to disk before it is acknowledged"));
    weak.put(
        "innodb_checksum_algorithm",
        new Weakness(
            List.of("full_crc32", "strict_full_crc32", "crc32", "strict_crc32"),
            "a damaged page is not noticed"));
    return weak;
  }
}
