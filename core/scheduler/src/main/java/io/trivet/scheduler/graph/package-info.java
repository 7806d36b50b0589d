/// The transition graph: which of the actions are done, and what each waits for.
@NullMarked
package io.trivet.scheduler.graph;

import org.jspecify.annotations.NullMarked;
