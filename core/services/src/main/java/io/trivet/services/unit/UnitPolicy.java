package io.trivet.services.unit;

import io.trivet.cluster.state.Report;
import io.trivet.cluster.state.Target;
import io.trivet.scheduler.PolicyView;
import io.trivet.scheduler.ServicePolicy;
import io.trivet.scheduler.StartDecision;

/// The policy of resources without a mind of their own: they may start when all that they need is
/// up, and their agents start them again. One that hangs runs, so an order to start it would change
/// nothing and count as a failure: its agent starts it anew when it is its turn ([Restarts]).
public final class UnitPolicy implements ServicePolicy {
  @Override
  public StartDecision mayStart(PolicyView view, String node) {
    Report report = view.report(node);
    return Answers.hangs(report)
        ? new StartDecision.Wait(
            "it hangs, and is started anew on " + node + " if it stays so, one at a time", null)
        : new StartDecision.Start(Target.PLAIN, "all that it needs is up");
  }

  @Override
  public boolean restartsByItself() {
    return true;
  }
}
