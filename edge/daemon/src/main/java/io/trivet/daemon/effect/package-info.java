/// What the agents ask for, done: child processes, SQL, the runtime socket of HAProxy, probes,
/// files. Every call blocks and belongs on a virtual thread; every call is bounded in time and in
/// what it reads.
@NullMarked
package io.trivet.daemon.effect;

import org.jspecify.annotations.NullMarked;
