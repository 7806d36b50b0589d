/// Units that the network fences, in the kernel: they are heard while their lease lives.
@NullMarked
package io.trivet.daemon.units;

import org.jspecify.annotations.NullMarked;
