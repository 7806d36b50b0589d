package io.trivet.sim;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.lease.LeaseEffect;
import io.trivet.cluster.lease.LeaseMessage;
import io.trivet.cluster.lease.LeaseTiming;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a [Node] needs of the world that it is in.
public interface Surroundings {
  Chance chance();

  /// Real time, which nobody in the world can read.
  long now();

  void at(long time, Runnable what);

  default void after(long nanos, Runnable what) {
    at(now() + nanos, what);
  }

  /// Notes what happens: `what` and `who` for comparing two runs, the words for people.
  void say(int who, long what, Supplier<String> words);

  List<String> members();

  List<String> vips();

  /// The timing of the cluster file at the start.
  LeaseTiming timing();

  /// Whether cluster files change in this world.
  default boolean filesChange() {
    return false;
  }

  /// How long a member is quiet after a start: the longest promise that there may be.
  default long quietNanos() {
    return timing().promiseNanos();
  }

  /// How many sets the kernel looks at: 2 but in experiments.
  default int keys() {
    return 2;
  }

  /// What the controller's own copy of the log says.
  List<VipAssignment> assignments(Node node);

  /// Carries a message, or loses it.
  void send(int from, int to, LeaseMessage message);

  /// The leases of a node say something about others or about who holds.
  void told(Node node, LeaseEffect fact);

  /// A node began or ceased to answer for a VIP.
  void holdChanged(Node node, String vip, boolean holding, long epoch);

  /// What runs under a lease of a unit, in this world.
  default @Nullable FencedRun unit(Node node, String lease) {
    return null;
  }
}
