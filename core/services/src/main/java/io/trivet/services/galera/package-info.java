/// MariaDB with Galera: a database of which every controller has a copy.
///
/// There is one way only to form a primary component: the leader's decision to bootstrap one member
/// ([GaleraRecovery]), acted on once. Galera's own way after a power outage (`pc.recovery`, which
/// re-forms the component from what each member wrote to `gvwstate.dat`) is switched off, since two
/// ways could form two components; so is the file by which an operator's `galera_new_cluster`
/// works. What remains to Galera is to merge members that kept running and only lost sight of each
/// other.
@NullMarked
package io.trivet.services.galera;

import org.jspecify.annotations.NullMarked;
