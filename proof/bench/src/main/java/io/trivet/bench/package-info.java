/// Benchmarks: how long the scheduler takes, by itself and side by side with a yardstick.
@NullMarked
package io.trivet.bench;

import org.jspecify.annotations.NullMarked;
