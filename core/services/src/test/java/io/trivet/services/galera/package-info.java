@NullMarked
package io.trivet.services.galera;

import org.jspecify.annotations.NullMarked;
