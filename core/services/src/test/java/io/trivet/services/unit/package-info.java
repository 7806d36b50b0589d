@NullMarked
package io.trivet.services.unit;

import org.jspecify.annotations.NullMarked;
