/// Calls into the C library; not exported.
@NullMarked
package io.trivet.linux.ffi;

import org.jspecify.annotations.NullMarked;
