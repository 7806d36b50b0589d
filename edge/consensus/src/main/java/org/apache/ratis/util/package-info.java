/// One class that takes the place of Ratis' own, and nothing else.
@NullMarked
package org.apache.ratis.util;

import org.jspecify.annotations.NullMarked;
