/// What would happen: executes a transition graph on a copy of the CIB.
@NullMarked
package io.trivet.scheduler.simulate;

import org.jspecify.annotations.NullMarked;
