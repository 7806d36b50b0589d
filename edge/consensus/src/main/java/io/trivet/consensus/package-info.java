/// A replicated log of opaque entries behind one small interface (Apache Ratis).
@NullMarked
package io.trivet.consensus;

import org.jspecify.annotations.NullMarked;
