/// The lease process: the leases of one controller in a process of their own, small, locked in
/// memory and scheduled before everything else, so that nothing that the big daemon does (or that
/// is done to it) can make a lease end. The daemon tells it what to be; it tells the daemon what it
/// sees.
@NullMarked
package io.trivet.daemon.leases;

import org.jspecify.annotations.NullMarked;
