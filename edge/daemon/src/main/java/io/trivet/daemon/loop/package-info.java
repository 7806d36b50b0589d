/// The loop: events in, the pure [io.trivet.services.controller.ControllerMachine] decides, effects
/// out; and the way of proposals into the replicated log.
@NullMarked
package io.trivet.daemon.loop;

import org.jspecify.annotations.NullMarked;
