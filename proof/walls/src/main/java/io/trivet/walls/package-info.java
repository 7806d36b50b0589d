/// The walls of the house: rules of DESIGN.md that a machine can find broken, checked on class
/// files and source text.
///
/// Each rule is a function from what it reads to a list of [io.trivet.walls.Finding]s; an empty
/// list is a rule kept. `WallsTest` runs them over the whole repository, `BiteTest` proves on
/// fixtures that each of them finds what it forbids.
@NullMarked
package io.trivet.walls;

import org.jspecify.annotations.NullMarked;
