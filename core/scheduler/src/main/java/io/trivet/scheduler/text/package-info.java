/// What an operator reads: status, summary, scores, a drawing of the graph.
@NullMarked
package io.trivet.scheduler.text;

import org.jspecify.annotations.NullMarked;
