package io.trivet.consensus;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How a member takes part in the replicated log.
///
/// @param self this member's name, one of `members`
/// @param members every voting member: name to `host:port`; the same on all of them
/// @param storageDirectory where the log, the vote and the snapshots live; must survive a reboot
/// @param electionMinMillis shortest time without the leader after which a member asks for votes,
///   50 to 60000
/// @param electionMaxMillis longest such time, at least `electionMinMillis + 10`
/// @param snapshotEntries a snapshot is taken when so many entries were applied since the last one,
///   at least 1
/// @param tls mutual TLS; null speaks plain text and is for tests on loopback only
public record Settings(
    String self,
    SortedMap<String, String> members,
    Path storageDirectory,
    int electionMinMillis,
    int electionMaxMillis,
    int snapshotEntries,
    @Nullable Tls tls) {

  /// Entries between two snapshots when the caller has no wish of its own.
  public static final int SNAPSHOT_ENTRIES = 2_000;

  public Settings {
    members = Collections.unmodifiableSortedMap(new TreeMap<>(members));
    if (!members.containsKey(self)) {
      throw new IllegalArgumentException(
          "\"" + self + "\" is not one of the members " + members.keySet());
    }
    for (Map.Entry<String, String> member : members.entrySet()) {
      requireAddress(member.getKey(), member.getValue());
    }
    if (electionMinMillis < 50 || electionMinMillis > 60_000) {
      throw new IllegalArgumentException(
          "electionMinMillis is " + electionMinMillis + ", allowed are 50 to 60000");
    }
    if (electionMaxMillis < electionMinMillis + 10) {
      throw new IllegalArgumentException(
          "electionMaxMillis is "
              + electionMaxMillis
              + ", at least "
              + (electionMinMillis + 10)
              + " is needed");
    }
    if (snapshotEntries < 1) {
      throw new IllegalArgumentException(
          "snapshotEntries is " + snapshotEntries + ", at least 1 is needed");
    }
  }

  /// The usual settings: a snapshot every [#SNAPSHOT_ENTRIES] entries.
  public Settings(
      String self,
      SortedMap<String, String> members,
      Path storageDirectory,
      int electionMinMillis,
      int electionMaxMillis,
      @Nullable Tls tls) {
    this(
        self,
        members,
        storageDirectory,
        electionMinMillis,
        electionMaxMillis,
        SNAPSHOT_ENTRIES,
        tls);
  }

  /// The same with other election timeouts.
  Settings retimed(int minMillis, int maxMillis) {
    return new Settings(
        self, members, storageDirectory, minMillis, maxMillis, snapshotEntries, tls);
  }

  /// How many members are a majority of all.
  public int majority() {
    return members.size() / 2 + 1;
  }

  String ownHost() {
    String address = address(self);
    String host = address.substring(0, address.lastIndexOf(':'));
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  int ownPort() {
    String address = address(self);
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  private String address(String member) {
    String address = members.get(member);
    if (address == null) {
      throw new IllegalArgumentException("no member " + member);
    }
    return address;
  }

  private static void requireAddress(String member, String address) {
    int colon = address.lastIndexOf(':');
    boolean good = colon > 0 && address.substring(colon + 1).matches("[0-9]{1,5}");
    if (good) {
      int port = Integer.parseInt(address.substring(colon + 1));
      good = port >= 1 && port <= 65_535;
    }
    if (!good) {
      throw new IllegalArgumentException(
          "the address of member \"" + member + "\" is \"" + address + "\", wanted is host:port");
    }
  }
}
