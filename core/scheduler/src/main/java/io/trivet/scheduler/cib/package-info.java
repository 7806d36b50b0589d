/// A CIB: Pacemaker's cluster information base, read from XML and written as XML. Knows nothing of
/// what the elements mean.
@NullMarked
package io.trivet.scheduler.cib;

import org.jspecify.annotations.NullMarked;
