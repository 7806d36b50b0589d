@NullMarked
package io.trivet.daemon.loop;

import org.jspecify.annotations.NullMarked;
