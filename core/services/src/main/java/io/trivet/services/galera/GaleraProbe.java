package io.trivet.services.galera;

import io.trivet.services.agent.OnDisk;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what Galera and MariaDB write: `grastate.dat`, the log of `--wsrep-recover`, status
/// variables and provider options.
public final class GaleraProbe {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern RECOVERED =
      Pattern.compile("WSREP: Recovered position: (" + UUID + "):(-?[0-9]{1,18})\\s*$");
  private static final String NO_HISTORY = "00000000-0000-0000-0000-000000000000";

  /// What [#sample] reads.
  static final List<String> SAMPLE_STATEMENTS =
      List.of(
          "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_local_state_comment',"
              + " 'wsrep_cluster_status', 'wsrep_cluster_conf_id', 'wsrep_cluster_state_uuid',"
              + " 'wsrep_incoming_addresses', 'wsrep_ready', 'wsrep_last_committed',"
              + " 'wsrep_received')");

  /// What [#providerOptions] reads.
  static final List<String> OPTIONS_STATEMENTS =
      List.of("SHOW GLOBAL VARIABLES WHERE Variable_name = 'wsrep_provider_options'");

  private GaleraProbe() {}

  /// What `grastate.dat` says.
  ///
  /// @param uuid the history, empty for none
  /// @param seqno the position, -1 if it was not stopped in order
  /// @param safe value of `safe_to_bootstrap`
  public record StateFile(String uuid, long seqno, boolean safe) {}

  /// Reads `grastate.dat`; null if it is damaged.
  public static @Nullable StateFile stateFile(String text) {
    String uuid = "";
    long seqno = Long.MIN_VALUE;
    boolean safe = false;
    for (String line : text.lines().toList()) {
      int colon = line.indexOf(':');
      if (line.startsWith("#") || colon < 0) {
        continue;
      }
      String value = line.substring(colon + 1).strip();
      switch (line.substring(0, colon).strip()) {
        case "uuid" -> uuid = value;
        case "seqno" -> seqno = number(value);
        case "safe_to_bootstrap" -> safe = value.equals("1");
        default -> {}
      }
    }
    if (!UUID.matcher(uuid).matches() || seqno < -1) {
      return null;
    }
    return new StateFile(uuid.equals(NO_HISTORY) ? "" : uuid, seqno, safe);
  }

  /// A whole file, in place of a damaged one, with leave to bootstrap from it: Galera takes the
  /// position that `--wsrep-recover` finds only for the history that the file names, and would
  /// begin a new history else.
  static String bootstrapFrom(String uuid) {
    return "# GALERA saved state\nversion: 2.1\nuuid:    "
        + uuid
        + "\nseqno:   -1\nsafe_to_bootstrap: 1\n";
  }

  /// The same file with leave to bootstrap from it.
  static String safeToBootstrap(String text) {
    StringBuilder out = new StringBuilder();
    boolean found = false;
    for (String line : text.lines().toList()) {
      boolean leave = line.startsWith("safe_to_bootstrap:");
      found |= leave;
      out.append(leave ? "safe_to_bootstrap: 1" : line).append('\n');
    }
    return found ? out.toString() : out.append("safe_to_bootstrap: 1\n").toString();
  }

  /// A state file that makes the next join copy everything: with no history in it, Galera does not
  /// take the position that `--wsrep-recover` finds either.
  static String nothingSaved() {
    return """
    # GALERA saved state
    version: 2.1
    uuid:    00000000-0000-0000-0000-000000000000
    seqno:   -1
    safe_to_bootstrap: 0
    """;
  }

  /// The position in the log of `mariadbd --wsrep-recover`; UNKNOWN if it is not there, NONE if the
  /// log says that there is none.
  public static GaleraPosition recovered(String log) {
    GaleraPosition found = GaleraPosition.UNKNOWN;
    for (String line : log.lines().toList()) {
      Matcher matcher = RECOVERED.matcher(line);
      if (matcher.find()) {
        String uuid = matcher.group(1);
        long seqno = number(matcher.group(2));
        found =
            uuid.equals(NO_HISTORY) || seqno < 0
                ? GaleraPosition.NONE
                : GaleraPosition.known(uuid, seqno, false);
      }
    }
    return found;
  }

  /// What a running member says.
  ///
  /// @param state `Synced`, `Joining`, `Joined`, `Donor/Desynced`, …
  /// @param primary true if it is in the primary component
  /// @param configuration number of the component's membership
  /// @param uuid the history
  /// @param incoming addresses of the members in the component
  /// @param ready true if it takes queries
  /// @param applied number of its last write, below 0 if it has none
  /// @param received writes that came from the others since it runs, below 0 if not known
  public record Sample(
      String state,
      boolean primary,
      long configuration,
      String uuid,
      String incoming,
      boolean ready,
      long applied,
      long received) {}

  /// Reads the rows of [#SAMPLE_STATEMENTS]; null if something is missing.
  public static @Nullable Sample sample(List<List<@Nullable String>> rows) {
    TreeMap<String, String> values = new TreeMap<>();
    for (List<@Nullable String> row : rows) {
      if (row.size() < 2) {
        return null;
      }
      String name = row.get(0);
      String value = row.get(1);
      if (name != null && value != null) {
        values.put(name, value);
      }
    }
    String state = values.get("wsrep_local_state_comment");
    String status = values.get("wsrep_cluster_status");
    if (state == null || status == null || state.length() > 100) {
      return null;
    }
    String uuid = values.getOrDefault("wsrep_cluster_state_uuid", "");
    return new Sample(
        state,
        status.equals("Primary"),
        number(values.getOrDefault("wsrep_cluster_conf_id", "")),
        UUID.matcher(uuid).matches() && !uuid.equals(NO_HISTORY) ? uuid : "",
        values.getOrDefault("wsrep_incoming_addresses", ""),
        values.getOrDefault("wsrep_ready", "").equals("ON"),
        Math.max(-1, number(values.getOrDefault("wsrep_last_committed", ""))),
        Math.max(-1, number(values.getOrDefault("wsrep_received", ""))));
  }

  /// Reads `wsrep_provider_options`: `name = value; name = value; …`.
  public static NavigableMap<String, String> providerOptions(List<List<@Nullable String>> rows) {
    TreeMap<String, String> options = new TreeMap<>();
    for (List<@Nullable String> row : rows) {
      String value = row.size() < 2 ? null : row.get(1);
      if (value == null || !"wsrep_provider_options".equals(row.get(0))) {
        continue;
      }
      for (String option : value.split(";")) {
        int equals = option.indexOf('=');
        if (equals > 0) {
          options.put(option.substring(0, equals).strip(), option.substring(equals + 1).strip());
        }
      }
    }
    return options;
  }

  /// A decimal number; a value below -1 if it is none.
  private static long number(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative ? text.substring(1) : text;
    if (digits.isEmpty() || digits.length() > 18) {
      return Long.MIN_VALUE;
    }
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return Long.MIN_VALUE;
      }
      value = value * 10 + (c - '0');
    }
    return negative ? -value : value;
  }

  /// The note of a bootstrap: the epoch of its order, and the log that the order stood in.
  static String note(long epoch, String log) {
    return epoch + "\n" + log + "\n";
  }

  /// A note of the last bootstrap that cannot be read, or not as a number: it forbids every
  /// bootstrap as long as that is so.
  static final long UNREADABLE_NOTE = Long.MAX_VALUE;

  /// The epoch of the last bootstrap as this node has noted it, 0 if it has not, or for an order of
  /// another log than this one; [#UNREADABLE_NOTE] where nobody can tell.
  static long epoch(OnDisk<String> note, String log) {
    if (note instanceof OnDisk.Absent<String>) {
      return 0;
    }
    String text = note.contentOrNull();
    String[] lines = (text == null ? "" : text.strip()).split("\n", 2);
    String digits = lines[0].strip();
    boolean number =
        !digits.isEmpty()
            && digits.length() <= 18
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number) {
      return UNREADABLE_NOTE;
    }
    return log.equals(lines.length < 2 ? "" : lines[1].strip()) ? Long.parseLong(digits) : 0;
  }
}
