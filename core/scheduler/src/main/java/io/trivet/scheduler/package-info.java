/// State in, transition out: which actions, where, in what order, and why.
@NullMarked
package io.trivet.scheduler;

import org.jspecify.annotations.NullMarked;
