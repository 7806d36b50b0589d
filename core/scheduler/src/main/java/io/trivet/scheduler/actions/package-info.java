/// Which actions follow from where things run and shall run, and in which order.
@NullMarked
package io.trivet.scheduler.actions;

import org.jspecify.annotations.NullMarked;
