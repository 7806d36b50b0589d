/// The replicated state and the commands that change it.
///
/// `ClusterState.apply(index, proposal)` is the only way in which the state changes: it is pure, so
/// every member that applied the same log has the same state. The state holds *targets* (what the
/// leader wants) and *reports* (what the nodes see); whoever acts compares the two, so a restart or
/// a new leader needs no memory of its own.
///
/// What is here is written to disk and sent over the network as JSON, by the names of the record
/// components. Renaming a component is therefore a change of format.
@NullMarked
package io.trivet.cluster.state;

import org.jspecify.annotations.NullMarked;
