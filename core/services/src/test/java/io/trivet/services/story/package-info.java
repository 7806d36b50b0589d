/// Stories: what happens to an agent, and what it does about it, as text that a reviewer reads.
@NullMarked
package io.trivet.services.story;

import org.jspecify.annotations.NullMarked;
