/// Where each resource shall run, and in which role: scores, colocations, capacity.
@NullMarked
package io.trivet.scheduler.assign;

import org.jspecify.annotations.NullMarked;
