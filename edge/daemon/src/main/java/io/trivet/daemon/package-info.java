/// The loop: events in, effects out; peers, control socket.
@NullMarked
package io.trivet.daemon;

import org.jspecify.annotations.NullMarked;
