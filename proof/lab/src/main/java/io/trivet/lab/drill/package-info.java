/// Faults made on purpose, their measurement, and the reports.
@NullMarked
package io.trivet.lab.drill;

import org.jspecify.annotations.NullMarked;
