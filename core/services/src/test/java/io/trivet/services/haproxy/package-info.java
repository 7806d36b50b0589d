@NullMarked
package io.trivet.services.haproxy;

import org.jspecify.annotations.NullMarked;
