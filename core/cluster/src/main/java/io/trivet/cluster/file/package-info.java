/// The cluster file: what the operator wants, as records, and the reader that turns YAML into them
/// or into problems.
@NullMarked
package io.trivet.cluster.file;

import org.jspecify.annotations.NullMarked;
