/// Real controllers on one machine, faults, drills, the SLA report.
@NullMarked
package io.trivet.lab;

import org.jspecify.annotations.NullMarked;
