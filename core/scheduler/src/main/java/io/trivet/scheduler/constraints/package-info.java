/// From a CIB's constraints to the working set's.
@NullMarked
package io.trivet.scheduler.constraints;

import org.jspecify.annotations.NullMarked;
