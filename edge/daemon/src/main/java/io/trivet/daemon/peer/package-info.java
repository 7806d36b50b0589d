/// The direct line between controllers: small messages that must be fast and may be lost, beside
/// the replicated log, which is slower and loses nothing.
@NullMarked
package io.trivet.daemon.peer;

import org.jspecify.annotations.NullMarked;
