/// The cluster's certificates: made once by an operator, loaded by every daemon, shared by all
/// connections between controllers.
@NullMarked
package io.trivet.daemon.tls;

import org.jspecify.annotations.NullMarked;
