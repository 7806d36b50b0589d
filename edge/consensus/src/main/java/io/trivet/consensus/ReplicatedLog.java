package io.trivet.consensus;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
import org.apache.ratis.util.ExitUtils;
import org.jspecify.annotations.Nullable;

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

  private final Settings settings;
  private final RaftServer server;
  private final RaftServer.Division division;
  private final RoleWatch watch;
  private final ClientId proposer = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();

  private ReplicatedLog(
      Settings settings, RaftServer server, RaftServer.Division division, RoleWatch watch) {
    this.settings = settings;
    this.server = server;
    this.division = division;
    this.watch = watch;
  }

  /// Loads snapshot and log, starts listening for the other members, and returns; entries and roles
  /// then come to the listener. The state is restored (not yet with entries whose commit this
  /// member cannot know alone) when this returns.
  ///
  /// @throws StorageUnusable when the storage directory is damaged, somebody else's, or not
  ///   accessible
  /// @throws IOException when the address cannot be bound
  public static ReplicatedLog open(Settings settings, Listener listener) throws IOException {
    StorageDirectory directory =
        new StorageDirectory(
            settings.storageDirectory(), settings.self(), RatisSettings.GROUP.getUuid());
    directory.prepare();
    RoleWatch watch = new RoleWatch(settings.self(), listener, settings.electionMinMillis());
    RaftServer server;
    try {
      server = newServer(settings, new OpaqueStateMachine(listener, watch));
    } catch (IOException | RuntimeException e) {
      watch.close();
      throw directory.damaged(e);
    }
    return start(settings, server, watch, directory);
  }

  private static ReplicatedLog start(
      Settings settings, RaftServer server, RoleWatch watch, StorageDirectory directory)
      throws IOException {
    try {
      server.start();
      RaftServer.Division division = server.getDivision(RatisSettings.GROUP);
      watch.start(division.getInfo());
      return new ReplicatedLog(settings, server, division, watch);
    } catch (IOException | RuntimeException e) {
      watch.close();
      server.close();
      if (e instanceof ExitUtils.ExitException) {
        throw new IOException(
            "cannot listen on "
                + settings.members().get(settings.self())
                + " for the other members: "
                + e.getCause(),
            e);
      }
      throw directory.damaged(e);
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
    if (role() != Role.LEADER) {
      return CompletableFuture.failedFuture(notLeader(false));
    }
    // The copy is the price of an array that the caller may change afterwards.
    ByteString copy = UnsafeByteOperations.unsafeWrap(entry.clone());
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(proposer)
            .setServerId(server.getId())
            .setGroupId(RatisSettings.GROUP)
            .setCallId(calls.incrementAndGet())
            .setMessage(Message.valueOf(copy))
            .setType(RaftClientRequest.writeRequestType())
            .build();
    try {
      return server.submitClientRequestAsync(request).thenApply(this::indexOf);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
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
    return RoleWatch.leader(division.getInfo());
  }

  public Role role() {
    return RoleWatch.role(division.getInfo());
  }

  public long term() {
    return division.getInfo().getCurrentTerm();
  }

  /// Index of the last entry that the listener has seen (or of an entry of the log's own after it);
  /// -1 at first.
  public long lastApplied() {
    return division.getInfo().getLastAppliedIndex();
  }

  /// Whether this member has proof that a majority worked together within the last
  /// `electionMaxMillis`: a leader that heard enough members to be a majority, or a follower that
  /// heard its leader.
  ///
  /// An observation for people and for decisions that may be late by one election timeout. Not a
  /// lease.
  public boolean hasQuorum() {
    RoleInfoProto info = division.getInfo().getRoleInfoProto();
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
    TransferLeadershipRequest request =
        new TransferLeadershipRequest(
            proposer,
            server.getId(),
            RatisSettings.GROUP,
            calls.incrementAndGet(),
            RaftPeerId.valueOf(to),
            3L * settings.electionMaxMillis());
    try {
      return server
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
    watch.close();
    server.close();
  }
}
