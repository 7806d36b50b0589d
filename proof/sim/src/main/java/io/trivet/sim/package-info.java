/// A simulated world, seeds, and the laws.
@NullMarked
package io.trivet.sim;

import org.jspecify.annotations.NullMarked;
