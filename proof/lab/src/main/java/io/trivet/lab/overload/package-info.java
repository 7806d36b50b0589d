/// A machine that is far too busy: what leases do on it, and what keepalived does beside them.
@NullMarked
package io.trivet.lab.overload;

import org.jspecify.annotations.NullMarked;
