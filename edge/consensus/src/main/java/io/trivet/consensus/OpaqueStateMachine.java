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
/// last entry.
final class OpaqueStateMachine extends BaseStateMachine {
  /// What Ratis tells besides entries: that something about the roles changed, and that the log has
  /// stopped.
  interface Watch {
    void changed();

    void failed(Throwable cause);
  }

  private final Listener listener;
  private final Watch watch;
  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();

  OpaqueStateMachine(Listener listener, Watch watch) {
    this.listener = listener;
    this.watch = watch;
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
      listener.applied(
          entry.getIndex(),
          entry.getTerm(),
          entry.getStateMachineLogEntry().getLogData().toByteArray());
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
    if (last.getIndex() < 0) {
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
    listener.restore(Files.readAllBytes(file.toPath()));
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
    watch.failed(cause);
  }

  @Override
  public void notifyServerShutdown(RoleInfoProto role, boolean allServer) {
    watch.changed();
  }
}
