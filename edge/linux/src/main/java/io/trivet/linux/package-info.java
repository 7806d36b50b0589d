/// A small Linux library over FFM; knows nothing of Trivet.
@NullMarked
package io.trivet.linux;

import org.jspecify.annotations.NullMarked;
