/// The `trivet` command.
@NullMarked
package io.trivet.cli;

import org.jspecify.annotations.NullMarked;
