package io.trivet.linux.nftables;

/// A named set of addresses in a table.
///
/// @param timeout whether its elements end by themselves
record AddressSet(String name, boolean v6, boolean timeout) {}
