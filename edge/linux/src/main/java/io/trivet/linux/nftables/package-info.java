/// nf_tables over netlink: tables, sets, chains, and the guard that keeps addresses dark without a
/// lease.
@NullMarked
package io.trivet.linux.nftables;

import org.jspecify.annotations.NullMarked;
