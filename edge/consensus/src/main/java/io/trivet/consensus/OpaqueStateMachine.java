package io.trivet.consensus;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.AtomicFileOutputStream;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/// Hands entries, snapshots and events over to the [Listener]. Keeps no state but the index of the
/// last entry, which outlives it: when the log is opened again in the same process, what was told
/// before is not told again.
final class OpaqueStateMachine extends BaseStateMachine {
  /// What Ratis tells besides entries: that something about the roles changed, and that the log has
  /// stopped.
  interface Watch {
    void changed();

    /// An entry could not be applied.
    void failed(Throwable cause);

    /// Something could not be written.
    void storageFailed(Throwable cause);
  }

  /// Index of the last entry that the listener was told, as such or in a snapshot.
  static final class Told {
    private volatile long index = -1;
  }

  private final Listener listener;
  private final Watch watch;
  private final Told told;
  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();

  OpaqueStateMachine(Listener listener, Watch watch, Told told) {
    this.listener = listener;
    this.watch = watch;
    this.told = told;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage)
      throws IOException {
    getLifeCycle()
        .startAndTransition(
            () -> {
              super.initialize(server, group, raftStorage);
              storage.init(raftStorage);
              load(storage.getLatestSnapshot());
            });
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return storage;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    try {
      if (entry.getIndex() > told.index) {
        listener.applied(
            entry.getIndex(),
            entry.getTerm(),
            entry.getStateMachineLogEntry().getLogData().toByteArray());
        told.index = entry.getIndex();
      }
    } catch (RuntimeException | Error e) {
      watch.failed(e);
      throw e;
    }
    updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  @Override
  public long takeSnapshot() throws IOException {
    TermIndex last = getLastAppliedTermIndex();
    // While it catches up with what the listener knows, the listener's state is not this one.
    if (last.getIndex() < 0 || last.getIndex() < told.index) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    File file = storage.getSnapshotFile(last.getTerm(), last.getIndex());
    try (OutputStream out = new AtomicFileOutputStream(file)) {
      out.write(listener.snapshot());
    }
    MD5Hash digest = MD5FileUtil.computeAndSaveMd5ForFile(file);
    storage.updateLatestSnapshot(
        new SingleFileSnapshotInfo(
            new FileInfo(file.toPath(), digest), last.getTerm(), last.getIndex()));
    return last.getIndex();
  }

  /// Before a snapshot of the leader replaces the state; [#reinitialize] follows.
  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    load(storage.loadLatestSnapshot());
    if (getLifeCycleState() == LifeCycle.State.PAUSED) {
      getLifeCycle().transition(LifeCycle.State.STARTING);
      getLifeCycle().transition(LifeCycle.State.RUNNING);
    }
  }

  private void load(@Nullable SingleFileSnapshotInfo snapshot) throws IOException {
    if (snapshot == null) {
      return;
    }
    File file = snapshot.getFile().getPath().toFile();
    MD5Hash saved = MD5FileUtil.readStoredMd5ForFile(file);
    if (saved != null && !saved.equals(MD5FileUtil.computeMd5ForFile(file))) {
      throw new IOException("the snapshot " + file + " does not match its checksum");
    }
    if (snapshot.getIndex() > told.index) {
      listener.restore(Files.readAllBytes(file.toPath()));
      told.index = snapshot.getIndex();
    }
    setLastAppliedTermIndex(snapshot.getTermIndex());
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    watch.changed();
  }

  @Override
  public void notifyLeaderReady() {
    watch.changed();
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    watch.changed();
  }

  @Override
  public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
    watch.storageFailed(cause);
  }

  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
    watch.changed();
  }
}
