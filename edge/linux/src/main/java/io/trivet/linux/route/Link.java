package io.trivet.linux.route;

import io.trivet.linux.MacAddress;
import org.jspecify.annotations.Nullable;

/// A network interface as the kernel described it at one moment.
///
/// @param kind `veth`, `macvlan`, `bridge` …; empty for hardware and loopback
/// @param up whether it is administratively up (IFF_UP)
/// @param carrier whether the other end of the cable is there (IFF_LOWER_UP)
/// @param masterIndex index of the bridge it is a port of, 0 for none
/// @param parentIndex index of the link it is stacked on or, for veth, of its peer (in the peer's
///   namespace); 0 for none
/// @param mac null for links without an Ethernet address
/// @param arp whether the kernel asks and answers ARP and neighbour discovery on it (no IFF_NOARP)
/// @param mode of a macvlan, one of its MACVLAN_MODE_ numbers, see [#MACVLAN_BRIDGE]; 0 for others
public record Link(
    int index,
    String name,
    String kind,
    @Nullable MacAddress mac,
    OperState operState,
    boolean up,
    boolean carrier,
    int mtu,
    int masterIndex,
    int parentIndex,
    boolean arp,
    int mode) {
  /// MACVLAN_MODE_BRIDGE (linux/if_link.h): macvlans on one interface reach each other.
  public static final int MACVLAN_BRIDGE = 4;

  /// RFC 2863 operational state, with the kernel's numbers (linux/if.h).
  public enum OperState {
    UNKNOWN,
    NOT_PRESENT,
    DOWN,
    LOWER_LAYER_DOWN,
    TESTING,
    DORMANT,
    UP;

    static OperState of(int value) {
      return value >= 0 && value < values().length ? values()[value] : UNKNOWN;
    }
  }

  /// Whether frames can pass as far as this machine knows: up, with carrier, and operational state
  /// UP or UNKNOWN (loopback and some drivers never say UP).
  public boolean usable() {
    return up && carrier && (operState == OperState.UP || operState == OperState.UNKNOWN);
  }
}
