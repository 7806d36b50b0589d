package io.trivet.linux.nftables;

import java.net.InetAddress;

/// An address that answers now, and how long it still will.
///
/// @param remainingMillis 0 when it is about to end
public record Leased(InetAddress address, long remainingMillis) {}
