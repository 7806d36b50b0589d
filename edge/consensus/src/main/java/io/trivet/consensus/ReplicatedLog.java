package io.trivet.consensus;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.apache.ratis.util.AtomicFileOutputStream;
import org.apache.ratis.util.ExitUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// A log of opaque entries that a majority of the members keeps on disk, in the same order on all
/// of them (Raft, by Apache Ratis). Knows nothing about what the entries mean.
///
/// Only the leader takes proposals. Methods may be called from any thread and do not block, but for
/// [#open] and [#close].
public final class ReplicatedLog implements AutoCloseable {
  /// Largest entry, in bytes.
  public static final int ENTRY_BYTES_MAX = RatisSettings.ENTRY_BYTES_MAX;

  /// Held, because a logger that nobody holds forgets its level.
  private static final Logger GRPC = Logger.getLogger("org.apache.ratis.thirdparty");

  static {
    RatisSettings.setNettyDefaults();
    // gRPC logs past SLF4J, and at INFO things like whether epoll is there.
    GRPC.setLevel(Level.WARNING);
    // Ratis must not end the process on its own, nor decide what an uncaught exception of any
    // thread of the process
    // means: that is the owner's business, see Listener.failed.
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    ExitUtils.disableSystemExit();
    Thread.setDefaultUncaughtExceptionHandler(before);
  }

  private static final int CLOSE_SECONDS = 10;

  /// How long between two attempts while the storage cannot be used.
  private static final int AGAIN_MILLIS = 1_000;

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(ReplicatedLog.class);

  private record Running(RaftServer server, RaftServer.Division division) {}

  private volatile Settings settings;
  private final Listener listener;
  private final StorageDirectory directory;
  private final RoleWatch watch;
  private final KeptFile.Watching files;
  private final OpaqueStateMachine.Told told = new OpaqueStateMachine.Told();
  private final ClientId proposer = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();
  private final Map<Long, CompletableFuture<Long>> proposals = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor keeper;
  private volatile @Nullable Running running;

  // Only the keeper thread touches these, or whoever opens before there is one at work.
  private boolean suspect;

  private volatile boolean closed;

  private ReplicatedLog(Settings settings, Listener listener) {
    this.settings = settings;
    this.listener = listener;
    this.directory =
        new StorageDirectory(
            settings.storageDirectory(), settings.self(), RatisSettings.GROUP.getUuid());
    this.watch =
        new RoleWatch(settings.self(), listener, settings.electionMinMillis(), this::stopped);
    this.files = KeptFile.watch(settings.storageDirectory(), this::stopped);
    this.keeper =
        new ScheduledThreadPoolExecutor(
            1,
            task ->
                Thread.ofPlatform().daemon().name(settings.self() + "-log-keeper").unstarted(task));
  }

  /// Loads snapshot and log, starts listening for the other members, and returns; entries and roles
  /// then come to the listener. The state is restored (not yet with entries whose commit this
  /// member cannot know alone) when this returns.
  ///
  /// A storage that is full, damaged, somebody else's or not accessible does not stop it: that
  /// comes to [Listener#storage], is tried again every second, and until then this member takes
  /// part in nothing.
  ///
  /// @throws IOException when the address cannot be bound
  public static ReplicatedLog open(Settings settings, Listener listener) throws IOException {
    if (!AtomicFileOutputStream.keepsWhatWasPromised()) {
      throw new IllegalStateException("Ratis' own AtomicFileOutputStream is in use");
    }
    ReplicatedLog log = new ReplicatedLog(settings, listener);
    try {
      log.openOnce();
    } catch (AddressInUse e) {
      log.close();
      throw e;
    } catch (IOException e) {
      log.troubled(e);
    }
    // Only now: the first opening takes seconds where three controllers start on a busy machine,
    // and nobody may open beside it.
    var _ =
        log.keeper.scheduleWithFixedDelay(
            log::look, AGAIN_MILLIS, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    return log;
  }

  /// Not the storage: nothing that waiting would mend without somebody being told at the start.
  private static final class AddressInUse extends IOException {
    private static final long serialVersionUID = 1L;

    AddressInUse(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private void openOnce() throws IOException {
    directory.probe();
    directory.prepare();
    if (suspect) {
      directory.writeAgain();
    }
    RaftServer server;
    try {
      server = newServer(settings, new OpaqueStateMachine(listener, watch, told));
    } catch (IOException | RuntimeException e) {
      throw directory.refused(e);
    }
    try {
      server.start();
      running = new Running(server, server.getDivision(RatisSettings.GROUP));
    } catch (IOException | RuntimeException e) {
      server.close();
      if (e instanceof ExitUtils.ExitException) {
        throw new AddressInUse(
            "cannot listen on "
                + settings.members().get(settings.self())
                + " for the other members: "
                + e.getCause(),
            e);
      }
      throw directory.refused(e);
    }
    suspect = false;
    watch.tell(null);
    watch.watch(running.division.getInfo());
  }

  /// Other election timeouts, from the next time on that the log is opened here ([#reconnect], a
  /// start). Members may have different ones: that changes who asks for votes first, and nothing
  /// else.
  ///
  /// @throws IllegalArgumentException when they are not allowed ([Settings])
  public void retime(int electionMinMillis, int electionMaxMillis) {
    settings = settings.retimed(electionMinMillis, electionMaxMillis);
  }

  // ---- while the storage cannot be used

  /// Ends all connections with the other members and begins anew, within a second: whom the trust
  /// manager accepts no more is out. For rare occasions; whoever leads does so no more.
  public void reconnect() {
    onKeeper(
        () -> {
          Running was = running;
          if (was != null && !closed) {
            stand(new IOException("the replicated log connects anew"));
            close(was);
            look();
          }
        });
  }

  /// From any thread: the log cannot go on as it is.
  private void stopped(Throwable cause) {
    onKeeper(() -> stop(cause));
  }

  private void stop(Throwable cause) {
    Running was = running;
    if (was == null || closed) {
      return;
    }
    suspect = true;
    stand(cause);
    LOG.warn("The replicated log stopped: {}", String.valueOf(cause));
    troubled(cause);
    close(was);
  }

  private void stand(Throwable cause) {
    running = null;
    watch.watch(null);
    IOException stopped =
        new IOException("the replicated log of " + settings.self() + " stopped", cause);
    proposals.values().forEach(proposal -> proposal.completeExceptionally(stopped));
  }

  private void troubled(Throwable cause) {
    watch.tell(StorageTrouble.of(settings.storageDirectory(), cause));
  }

  /// Once a second: opens the log again, or looks whether the disk is full before the log finds
  /// out, which may take long where nothing is to be written.
  private void look() {
    if (closed) {
      return;
    }
    try {
      if (running != null) {
        watch.tell(directory.roomLeft() ? null : StorageTrouble.full(settings.storageDirectory()));
        return;
      }
      openOnce();
      LOG.info("The replicated log goes on");
    } catch (IOException e) {
      troubled(e);
    }
  }

  private void onKeeper(Runnable task) {
    try {
      keeper.execute(task);
    } catch (RejectedExecutionException e) {
      // Closed: there is nothing left to keep.
    }
  }

  private static void close(Running was) {
    try {
      was.server.close();
    } catch (IOException | RuntimeException e) {
      LOG.warn("While the replicated log stopped: {}", String.valueOf(e));
    }
  }

  private static RaftServer newServer(Settings settings, OpaqueStateMachine stateMachine)
      throws IOException {
    return RaftServer.newBuilder()
        .setServerId(RaftPeerId.valueOf(settings.self()))
        .setGroup(RatisSettings.group(settings))
        // Formats a directory only when it is empty; a damaged one is an error.
        .setOption(RaftStorage.StartupOption.RECOVER)
        .setStateMachine(stateMachine)
        .setProperties(RatisSettings.properties(settings))
        .setParameters(RatisSettings.parameters(settings))
        .build();
  }

  /// Appends an entry. Completes with its index once it is committed and applied on this member.
  ///
  /// Fails with [NotLeader] when this member does not lead (any more), with
  /// [IllegalArgumentException] when the entry is larger than [#ENTRY_BYTES_MAX], and with
  /// [IOException] when the log is closed or refuses for another reason. Without a majority it
  /// stays open until the leader notices and steps down (one election timeout), then it fails with
  /// `mayStillApply`. Completion runs on a thread of the log: do not block it.
  public CompletableFuture<Long> propose(byte[] entry) {
    if (entry.length > ENTRY_BYTES_MAX) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException(
              "the entry has "
                  + entry.length
                  + " bytes, at most "
                  + ENTRY_BYTES_MAX
                  + " are allowed"));
    }
    Running now = running;
    if (now == null || role() != Role.LEADER) {
      return CompletableFuture.failedFuture(notLeader(false));
    }
    // The copy is the price of an array that the caller may change afterwards.
    ByteString copy = UnsafeByteOperations.unsafeWrap(entry.clone());
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(proposer)
            .setServerId(now.server.getId())
            .setGroupId(RatisSettings.GROUP)
            .setCallId(calls.incrementAndGet())
            .setMessage(Message.valueOf(copy))
            .setType(RaftClientRequest.writeRequestType())
            .build();
    try {
      return followed(
          now,
          request.getCallId(),
          now.server.submitClientRequestAsync(request).thenApply(this::indexOf));
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /// Ends with the log at the latest, whatever Ratis does with it then.
  private CompletableFuture<Long> followed(
      Running now, long call, CompletableFuture<Long> proposal) {
    proposals.put(call, proposal);
    var _ = proposal.whenComplete((_, _) -> proposals.remove(call));
    if (!now.equals(running)) {
      proposal.completeExceptionally(new IOException("the replicated log stopped"));
    }
    return proposal;
  }

  private Long indexOf(RaftClientReply reply) {
    if (reply.isSuccess()) {
      return reply.getLogIndex();
    }
    throw new CompletionException(failure(reply));
  }

  private Throwable failure(RaftClientReply reply) {
    Throwable cause = reply.getException();
    if (cause instanceof LeaderNotReadyException || cause instanceof LeaderSteppingDownException) {
      return notLeader(false);
    }
    if (cause instanceof NotLeaderException) {
      return notLeader(true);
    }
    return cause == null ? new IOException("the log refused: " + reply) : cause;
  }

  private NotLeader notLeader(boolean mayStillApply) {
    String leader = leader();
    return new NotLeader(
        settings.self(), settings.self().equals(leader) ? null : leader, mayStillApply);
  }

  /// The leader that this member knows of; null when it knows none.
  public @Nullable String leader() {
    Running now = running;
    return now == null ? null : RoleWatch.leader(now.division.getInfo());
  }

  public Role role() {
    Running now = running;
    return now == null ? Role.FOLLOWER : RoleWatch.role(now.division.getInfo());
  }

  /// The term, as far as this member knows; 0 while its storage cannot be used.
  public long term() {
    Running now = running;
    return now == null ? 0 : now.division.getInfo().getCurrentTerm();
  }

  /// Index of the last entry that the listener has seen (or of an entry of the log's own after it);
  /// -1 at first, and while the storage cannot be used.
  public long lastApplied() {
    Running now = running;
    return now == null ? -1 : now.division.getInfo().getLastAppliedIndex();
  }

  /// Whether this member has proof that a majority worked together within the last
  /// `electionMaxMillis`: a leader that heard enough members to be a majority, or a follower that
  /// heard its leader.
  ///
  /// An observation for people and for decisions that may be late by one election timeout. Not a
  /// lease.
  public boolean hasQuorum() {
    Running now = running;
    if (now == null) {
      return false;
    }
    RoleInfoProto info = now.division.getInfo().getRoleInfoProto();
    int limit = settings.electionMaxMillis();
    return switch (info.getRole()) {
      case LEADER ->
          1
                  + info.getLeaderInfo().getFollowerInfoList().stream()
                      .filter(follower -> follower.getLastRpcElapsedTimeMs() <= limit)
                      .count()
              >= settings.majority();
      case FOLLOWER, LISTENER ->
          leader() != null
              && info.getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs() <= limit;
      case CANDIDATE, UNRECOGNIZED -> false;
    };
  }

  /// Hands the leadership to another member. Fails when this member does not lead, when the other
  /// cannot be reached, or when it has not taken over after three election timeouts; then this
  /// member goes on leading.
  public CompletableFuture<Void> transferLeadership(String to) {
    if (!settings.members().containsKey(to)) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException(
              "\"" + to + "\" is not one of the members " + settings.members().keySet()));
    }
    Running now = running;
    if (now == null) {
      return CompletableFuture.failedFuture(notLeader(false));
    }
    TransferLeadershipRequest request =
        new TransferLeadershipRequest(
            proposer,
            now.server.getId(),
            RatisSettings.GROUP,
            calls.incrementAndGet(),
            RaftPeerId.valueOf(to),
            3L * settings.electionMaxMillis());
    try {
      return now.server
          .transferLeadershipAsync(request)
          .thenAccept(
              reply -> {
                if (!reply.isSuccess()) {
                  throw new CompletionException(failure(reply));
                }
              });
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /// Takes a snapshot, stops and frees the storage. Blocks for up to a few seconds. A second call
  /// does nothing.
  @Override
  public void close() throws IOException {
    files.close();
    closed = true;
    keeper.shutdown();
    try {
      var _ = keeper.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    watch.close();
    Running was = running;
    if (was != null) {
      was.server.close();
    }
  }
}
