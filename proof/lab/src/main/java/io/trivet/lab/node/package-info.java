/// Nodes and the switch between them: booting, entering, cutting, cutting the power.
@NullMarked
package io.trivet.lab.node;

import org.jspecify.annotations.NullMarked;
