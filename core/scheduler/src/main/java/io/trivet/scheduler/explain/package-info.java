/// Why a resource is where it is, and what would make it move: from what the plan noted, not
/// guessed.
@NullMarked
package io.trivet.scheduler.explain;

import org.jspecify.annotations.NullMarked;
