/// Whole controllers in a simulated world: the production `ControllerMachine` with its agents,
/// policies and planner, over models of the replicated log, of systemd and of Galera. It looks for
/// breaches of the laws of data (law 2) and of quorum (law 4), and for clusters that do not recover
/// by themselves. Leases have a simulator of their own.
@NullMarked
package io.trivet.sim.site;

import org.jspecify.annotations.NullMarked;
