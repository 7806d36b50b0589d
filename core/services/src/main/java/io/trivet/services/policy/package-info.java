/// What services decide for all of their members. The contract is the planner's port, because the
/// planner calls it: [io.trivet.scheduler.ServicePolicy], [io.trivet.scheduler.StartDecision],
/// [io.trivet.scheduler.PolicyView].
@NullMarked
package io.trivet.services.policy;

import org.jspecify.annotations.NullMarked;
