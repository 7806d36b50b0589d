/// JSON for everything that leaves the process: log entries, peer messages, the control socket.
@NullMarked
package io.trivet.daemon.json;

import org.jspecify.annotations.NullMarked;
