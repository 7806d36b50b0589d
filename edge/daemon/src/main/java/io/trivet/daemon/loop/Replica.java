package io.trivet.daemon.loop;

import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Proposal;
import io.trivet.consensus.Listener;
import io.trivet.consensus.Role;
import io.trivet.consensus.StorageTrouble;
import io.trivet.daemon.json.BadJson;
import io.trivet.daemon.json.Json;
import io.trivet.services.controller.ControllerEvent;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The state as the log makes it. Lives on the log's threads, because a snapshot must be exactly as
/// of the last applied entry; every entry goes on to the loop, which applies it to its own copy.
///
/// An entry that cannot be read stops this member: going on without it would make the members'
/// states differ.
public final class Replica implements Listener {
  private final Consumer<ControllerEvent> loop;
  private final Consumer<Throwable> failed;
  private final Consumer<@Nullable StorageTrouble> storage;
  private ClusterState state = ClusterState.empty();
  private volatile @Nullable String leader;
  private volatile Role role = Role.FOLLOWER;

  /// @param loop takes what the machine must be told
  /// @param failed takes the reason when the log stopped for good
  /// @param storage takes why the log stands still for now, null when it goes on
  public Replica(
      Consumer<ControllerEvent> loop,
      Consumer<Throwable> failed,
      Consumer<@Nullable StorageTrouble> storage) {
    this.loop = loop;
    this.failed = failed;
    this.storage = storage;
  }

  @Override
  public void applied(long index, long term, byte[] entry) {
    Proposal proposal;
    try {
      proposal = Json.read(entry, Proposal.class);
    } catch (BadJson e) {
      throw new IllegalStateException(
          "entry "
              + index
              + " of the replicated log is not understood ("
              + e.getMessage()
              + "); a newer Trivet may have written it: install the same version on all controllers",
          e);
    }
    state = state.apply(index, proposal).state();
    loop.accept(new ControllerEvent.EntryApplied(index, proposal));
  }

  @Override
  public byte[] snapshot() {
    return Json.bytes(state, ClusterState.class);
  }

  @Override
  public void restore(byte[] snapshot) {
    try {
      state = Json.read(snapshot, ClusterState.class);
    } catch (BadJson e) {
      throw new IllegalStateException(
          "the snapshot of the replicated state is not understood: " + e.getMessage(), e);
    }
    loop.accept(new ControllerEvent.StateRestored(state));
  }

  @Override
  public void leaderChanged(@Nullable String newLeader, long term) {
    leader = newLeader;
    tell();
  }

  @Override
  public void roleChanged(Role newRole, long term) {
    role = newRole;
    tell();
  }

  @Override
  public void storage(@Nullable StorageTrouble trouble) {
    storage.accept(trouble);
  }

  @Override
  public void failed(Throwable cause) {
    failed.accept(cause);
  }

  private void tell() {
    loop.accept(new ControllerEvent.LeaderChanged(leader, role == Role.LEADER));
  }
}
