/// Control groups of version 2, as directories (Documentation/admin-guide/cgroup-v2.rst).
@NullMarked
package io.trivet.linux.cgroup;

import org.jspecify.annotations.NullMarked;
