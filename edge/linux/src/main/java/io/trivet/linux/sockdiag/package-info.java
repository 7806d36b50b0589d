/// Ending TCP connections from outside, as `ss -K` does.
@NullMarked
package io.trivet.linux.sockdiag;

import org.jspecify.annotations.NullMarked;
