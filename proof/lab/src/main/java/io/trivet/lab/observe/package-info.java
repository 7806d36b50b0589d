/// What an outside observer sees of the VIP: answers by controller, gaps, tokens.
@NullMarked
package io.trivet.lab.observe;

import org.jspecify.annotations.NullMarked;
