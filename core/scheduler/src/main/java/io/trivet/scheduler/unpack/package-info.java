/// From a CIB to the working set: options, nodes, resources, and what the history says is true.
@NullMarked
package io.trivet.scheduler.unpack;

import org.jspecify.annotations.NullMarked;
