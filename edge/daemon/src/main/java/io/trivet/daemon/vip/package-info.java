/// Virtual IPs in the kernel: namespaces, addresses, the guard that enforces leases, announcements.
@NullMarked
package io.trivet.daemon.vip;

import org.jspecify.annotations.NullMarked;
