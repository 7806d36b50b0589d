/// The leases at work: the pure [io.trivet.cluster.lease.LeaseMachine] on one thread with priority,
/// the kernel below it, the peers beside it.
@NullMarked
package io.trivet.daemon.lease;

import org.jspecify.annotations.NullMarked;
