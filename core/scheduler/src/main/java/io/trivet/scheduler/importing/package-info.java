/// From a CIB to a cluster file of Trivet, with a remark for all that has no place in one.
@NullMarked
package io.trivet.scheduler.importing;

import org.jspecify.annotations.NullMarked;
