/// The Debian image of a node: recipe and building.
@NullMarked
package io.trivet.lab.image;

import org.jspecify.annotations.NullMarked;
