/// The netlink wire format and one socket that speaks it; not exported.
@NullMarked
package io.trivet.linux.netlink;

import org.jspecify.annotations.NullMarked;
