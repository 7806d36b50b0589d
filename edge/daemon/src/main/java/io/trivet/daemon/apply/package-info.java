/// Before a cluster file is agreed on: each controller is asked what only it can know.
@NullMarked
package io.trivet.daemon.apply;

import org.jspecify.annotations.NullMarked;
