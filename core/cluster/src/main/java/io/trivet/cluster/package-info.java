/// The words of the domain: cluster file, resources, replicated state, commands, leases.
@NullMarked
package io.trivet.cluster;

import org.jspecify.annotations.NullMarked;
