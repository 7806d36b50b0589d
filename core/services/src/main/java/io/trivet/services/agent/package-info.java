/// The shape of every resource agent: events in, effects out, on one node.
@NullMarked
package io.trivet.services.agent;

import org.jspecify.annotations.NullMarked;
