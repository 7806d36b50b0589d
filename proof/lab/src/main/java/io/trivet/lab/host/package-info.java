/// The machine that carries the lab: its commands, processes, control groups, and what it lacks.
@NullMarked
package io.trivet.lab.host;

import org.jspecify.annotations.NullMarked;
