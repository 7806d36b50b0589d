package io.trivet.cluster.file;

import java.util.Locale;

/// Who decides where a VIP is.
public enum Mode {
  /// Members with a quorum decide together; services are started in order across machines.
  COORDINATED,
  /// The controllers move VIPs between themselves by VRRP (RFC 9568); each starts its own services.
  INDEPENDENT;

  /// The word in the cluster file.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
