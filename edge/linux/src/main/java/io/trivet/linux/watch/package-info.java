/// Who changes what in the networks of this machine, told by the kernel as it happens.
@NullMarked
package io.trivet.linux.watch;

import org.jspecify.annotations.NullMarked;
