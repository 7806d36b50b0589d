/// Rules, dates, durations and name-value pairs of a CIB, evaluated.
@NullMarked
package io.trivet.scheduler.rules;

import org.jspecify.annotations.NullMarked;
