/// What a daemon asks of the kernel for itself: scheduling, memory, signals, clocks, readiness.
@NullMarked
package io.trivet.linux.process;

import org.jspecify.annotations.NullMarked;
