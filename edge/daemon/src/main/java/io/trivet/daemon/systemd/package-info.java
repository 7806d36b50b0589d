/// Units of systemd over D-Bus: start, stop, kill, and every change of state as it happens.
@NullMarked
package io.trivet.daemon.systemd;

import org.jspecify.annotations.NullMarked;
