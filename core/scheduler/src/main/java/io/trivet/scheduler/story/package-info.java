/// A plan as an operator reads it: what is wrong, what would be done in which order and why, what
/// would be true then.
@NullMarked
package io.trivet.scheduler.story;

import org.jspecify.annotations.NullMarked;
