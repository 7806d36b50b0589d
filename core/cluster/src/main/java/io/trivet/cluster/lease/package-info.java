/// Leases: who may answer for a VIP now, agreed by a majority of the members and enforced by each
/// member's kernel.
///
/// [LeaseMachine] decides, [HoldCommit] is the only safe way to carry its `Hold` into the kernel,
/// [LeaseCodec] is the wire.
@NullMarked
package io.trivet.cluster.lease;

import org.jspecify.annotations.NullMarked;
