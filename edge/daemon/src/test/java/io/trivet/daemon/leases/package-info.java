@NullMarked
package io.trivet.daemon.leases;

import org.jspecify.annotations.NullMarked;
