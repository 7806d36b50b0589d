@NullMarked
package io.trivet.daemon.systemd;

import org.jspecify.annotations.NullMarked;
