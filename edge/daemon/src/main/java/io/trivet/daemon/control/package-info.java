/// The control socket: one JSON request a line, one JSON answer a line, authorised by peer
/// credentials.
@NullMarked
package io.trivet.daemon.control;

import org.jspecify.annotations.NullMarked;
