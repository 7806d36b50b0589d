package io.trivet.sim.site;

import io.trivet.services.agent.OnDisk;
import io.trivet.services.galera.GaleraConfig;
import java.util.List;
import java.util.Map;

/// What a controller's programs read from its disk, and how that fails.
final class Files {
  private final Site site;
  private final Map<String, String> disk;
  private long unreadableUntil;

  Files(Site site, Map<String, String> disk) {
    this.site = site;
    this.disk = disk;
  }

  OnDisk<String> read(String path) {
    String text = disk.get(path);
    return !readable()
        ? new OnDisk.Unreadable<>("Input/output error")
        : text == null ? new OnDisk.Absent<>() : new OnDisk.There<>(text);
  }

  /// What a fresh installation of MariaDB has made, and nothing elsewhere.
  OnDisk<List<String>> list(String path) {
    return !readable()
        ? new OnDisk.Unreadable<>("Input/output error")
        : path.equals(GaleraConfig.DATA)
            ? new OnDisk.There<>(List.of("ibdata1", "mysql"))
            : new OnDisk.Absent<>();
  }

  boolean readable() {
    return site.now() >= unreadableUntil;
  }

  /// Reading fails (EIO, not mounted).
  void unreadable(long nanos) {
    unreadableUntil = site.now() + nanos;
  }

  /// A write that power interrupted left half of the file.
  void tear(String path) {
    String text = disk.get(path);
    if (text != null) {
      disk.put(path, text.substring(0, site.chance.nextInt(text.length() + 1)));
    }
  }

  void heal() {
    unreadableUntil = 0;
  }
}
