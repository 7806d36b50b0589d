/// The expansion: the cluster file in Pacemaker's terms (primitives, groups, clones, constraints),
/// each with the reason for its existence.
@NullMarked
package io.trivet.cluster.expand;

import org.jspecify.annotations.NullMarked;
