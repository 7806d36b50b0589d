package io.trivet.consensus;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcTlsConfig;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.thirdparty.io.netty.handler.ssl.SslProvider;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/// Ratis' settings: a small log of small entries in a process that has little memory, fsync on,
/// disk bounded. Each line that departs from Ratis' default says why.
final class RatisSettings {
  /// One group, always the same: clusters are told apart by their certificate authority.
  static final RaftGroupId GROUP =
      RaftGroupId.valueOf(UUID.fromString("74726976-6574-4c6f-8a67-000000000001"));

  /// Largest entry. Everything that buffers entries is sized by it.
  static final int ENTRY_BYTES_MAX = 512 * 1024;

  // Ratis wants: entry with its header < what one append carries < write buffer.
  private static final SizeInBytes APPEND_BYTES_MAX = SizeInBytes.valueOf("576KB");
  private static final SizeInBytes WRITE_BUFFER = SizeInBytes.valueOf("640KB");

  /// Larger than any record on disk.
  static final int RECORD_BYTES_MAX = WRITE_BUFFER.getSizeInt();

  private RatisSettings() {}

  /// System properties that Netty reads once, when its classes are loaded. A value that somebody
  /// set is kept.
  static void setNettyDefaults() {
    String netty = "org.apache.ratis.thirdparty.io.netty.";
    // One arena of small chunks instead of two for each core of 4 MiB chunks: the traffic is a few
    // KiB a second.
    setDefault(netty + "allocator.numDirectArenas", "1");
    setDefault(netty + "allocator.numHeapArenas", "1");
    setDefault(netty + "allocator.maxOrder", "4");
    setDefault(netty + "allocator.useCacheForAllThreads", "false");
    setDefault(netty + "eventLoopThreads", "1");
    // JDK TLS and NIO: no native library is unpacked into /tmp, which may be mounted noexec.
    setDefault(netty + "handler.ssl.noOpenSsl", "true");
    setDefault(netty + "transport.noNative", "true");
  }

  static RaftGroup group(Settings settings) {
    List<RaftPeer> peers =
        settings.members().entrySet().stream()
            .map(
                member ->
                    RaftPeer.newBuilder()
                        .setId(member.getKey())
                        .setAddress(member.getValue())
                        .build())
            .toList();
    return RaftGroup.valueOf(GROUP, peers);
  }

  static Parameters parameters(Settings settings) {
    Parameters parameters = new Parameters();
    Tls tls = settings.tls();
    if (tls != null) {
      GrpcTlsConfig config =
          GrpcTlsConfig.newBuilder()
              .setKeyManager(tls.keyManager())
              .setTrustManager(tls.trustManager())
              .setMutualTls(true)
              .setSslProvider(SslProvider.JDK)
              .setProtocols("TLSv1.3")
              // AES is fast only when C2 compiles its intrinsics, and a small process runs without
              // C2.
              .setCipherSuites(
                  "TLS_CHACHA20_POLY1305_SHA256",
                  "TLS_AES_128_GCM_SHA256",
                  "TLS_AES_256_GCM_SHA384")
              .build();
      GrpcConfigKeys.TLS.setConf(parameters, config);
    }
    return parameters;
  }

  static RaftProperties properties(Settings settings) {
    RaftProperties properties = new RaftProperties();
    storage(properties, settings);
    elections(properties, settings);
    network(properties, settings);
    memory(properties);
    return properties;
  }

  private static void storage(RaftProperties properties, Settings settings) {
    RaftServerConfigKeys.setStorageDir(properties, List.of(settings.storageDirectory().toFile()));
    RaftServerConfigKeys.setRemovedGroupsDir(
        properties, settings.storageDirectory().resolve("removed").toFile());
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, settings.snapshotEntries());
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(properties, 2);
    RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
    // A member that is away must not let the others' disks fill up: it gets a snapshot when it is
    // back.
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("1MB"));
    RaftServerConfigKeys.Log.setPreallocatedSize(properties, SizeInBytes.valueOf("64KB"));
    RaftServerConfigKeys.Log.setWriteBufferSize(properties, WRITE_BUFFER);
  }

  private static void elections(RaftProperties properties, Settings settings) {
    TimeDuration min = millis(settings.electionMinMillis());
    TimeDuration max = millis(settings.electionMaxMillis());
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, min);
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, max);
    // Bounds a vote request to a member whose power is off, and a lost append.
    RaftServerConfigKeys.Rpc.setRequestTimeout(
        properties, millis(2 * settings.electionMaxMillis()));
    // A leader whose process was frozen for longer than an election takes steps down (default: 10
    // s).
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, max);
    RaftServerConfigKeys.setSleepDeviationThreshold(properties, max);
    // A process that was frozen for a minute catches up like any other (default: it shuts down).
    RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(36_500, TimeUnit.DAYS));
    RaftServerConfigKeys.RetryCache.setExpiryTime(
        properties, TimeDuration.valueOf(5, TimeUnit.SECONDS));
    // Retry soon when a member is away; its return must be noticed within a heartbeat or two.
    RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, "1ms,5, 50ms,20, 200ms,1000");
  }

  private static void network(RaftProperties properties, Settings settings) {
    GrpcConfigKeys.Server.setHost(properties, settings.ownHost());
    GrpcConfigKeys.Server.setPort(properties, settings.ownPort());
    GrpcConfigKeys.setUseEpoll(properties, false);
    // Heartbeats share the connection with entries, which are small here.
    GrpcConfigKeys.Server.setHeartbeatChannel(properties, false);
    GrpcConfigKeys.Server.setBossGroupSize(properties, 1);
    GrpcConfigKeys.Server.setWorkerGroupSize(properties, 1);
    GrpcConfigKeys.Client.setWorkerGroupSize(properties, 1);
    GrpcConfigKeys.Server.setAsyncRequestThreadPoolSize(properties, 2);
  }

  private static void memory(RaftProperties properties) {
    GrpcConfigKeys.setMessageSizeMax(properties, SizeInBytes.valueOf("2MB"));
    GrpcConfigKeys.setFlowControlWindow(properties, SizeInBytes.valueOf("256KB"));
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, APPEND_BYTES_MAX);
    RaftServerConfigKeys.Log.Appender.setSnapshotChunkSizeMax(
        properties, SizeInBytes.valueOf("256KB"));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, 2);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("4MB"));
    RaftServerConfigKeys.Log.setQueueByteLimit(properties, SizeInBytes.valueOf("8MB"));
    RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf("8MB"));
  }

  private static TimeDuration millis(int millis) {
    return TimeDuration.valueOf(millis, TimeUnit.MILLISECONDS);
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
