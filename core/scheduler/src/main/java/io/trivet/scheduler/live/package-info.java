/// From the running cluster to the scheduler and back: its agreed state as a CIB, and what of the
/// plan may be done at once.
@NullMarked
package io.trivet.scheduler.live;

import org.jspecify.annotations.NullMarked;
