package io.trivet.cluster.file;

import io.trivet.cluster.IpAddress;

/// A machine of the control plane.
///
/// @param name its name in the cluster: a lower-case host name label (RFC 1123), unique
/// @param address where the other members and the services reach it, unique
/// @param witness true for a member that only votes and runs no services
public record Controller(String name, IpAddress address, boolean witness) {}
