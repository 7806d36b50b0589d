/// What Trivet puts into the kernel of a controller: how much of it there can be, what is missing,
/// what is done about it, and what people are told.
@NullMarked
package io.trivet.cluster.kernel;

import org.jspecify.annotations.NullMarked;
