@NullMarked
package io.trivet.sim.site;

import org.jspecify.annotations.NullMarked;
