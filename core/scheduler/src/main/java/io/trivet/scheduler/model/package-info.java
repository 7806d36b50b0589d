/// The working set of one plan: nodes, resources, constraints, actions. Data that the other rooms
/// of the scheduler change while a plan is made.
@NullMarked
package io.trivet.scheduler.model;

import org.jspecify.annotations.NullMarked;
