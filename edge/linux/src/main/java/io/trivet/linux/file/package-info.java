/// Files in folders of other users, without following what those put there.
@NullMarked
package io.trivet.linux.file;

import org.jspecify.annotations.NullMarked;
