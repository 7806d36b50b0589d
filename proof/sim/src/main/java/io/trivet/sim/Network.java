package io.trivet.sim;

import io.trivet.cluster.lease.LeaseCodec;
import io.trivet.cluster.lease.LeaseMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The network between the controllers. A cut link loses some messages and keeps others until it is
/// healed, as a stream does; a storm loses, delays and doubles.
final class Network {
  private record Kept(int from, int to, ByteBuffer bytes) {}

  private final World world;
  private final long[][] cutUntil;
  private final List<Kept> kept = new ArrayList<>();
  private long stormUntil;
  private int stormPerMille;

  Network(World world) {
    this.world = world;
    cutUntil = new long[world.plan.nodes()][world.plan.nodes()];
  }

  boolean open(int from, int to) {
    return from == to || world.now() >= cutUntil[from][to];
  }

  void cut(int from, int to, long until) {
    cutUntil[from][to] = Math.max(cutUntil[from][to], until);
    world.at(until, this::flush);
  }

  void storm(int perMille, long until) {
    stormPerMille = perMille;
    stormUntil = until;
  }

  void heal() {
    for (long[] row : cutUntil) {
      Arrays.fill(row, 0);
    }
    stormUntil = 0;
    flush();
  }

  /// Sends what a daemon wrote, as the bytes that it would be.
  void send(int from, int to, LeaseMessage message) {
    ByteBuffer bytes = ByteBuffer.wrap(LeaseCodec.encode(message));
    Chance chance = world.chance;
    if (!open(from, to)) {
      if (kept.size() < 1_000 && chance.below(3) == 0) {
        kept.add(new Kept(from, to, bytes));
      }
      return;
    }
    long delay = chance.betweenOrders(50_000, 800_000);
    if (chance.perMille(2)) {
      delay += chance.betweenOrders(Plan.MILLI, 20 * Plan.MILLI);
    }
    if (world.now() < stormUntil) {
      if (chance.perMille(stormPerMille)) {
        return;
      }
      if (chance.perMille(stormPerMille)) {
        delay += chance.betweenOrders(Plan.MILLI, Plan.SECOND);
      }
      if (chance.perMille(stormPerMille)) {
        carry(from, to, bytes, delay + chance.betweenOrders(Plan.MILLI, 2 * Plan.SECOND));
      }
    }
    carry(from, to, bytes, delay);
  }

  private void flush() {
    List<Kept> still = new ArrayList<>();
    for (Kept message : kept) {
      if (open(message.from, message.to)) {
        long delay = world.chance.betweenOrders(50_000, 100 * Plan.MILLI);
        carry(message.from, message.to, message.bytes, delay);
      } else {
        still.add(message);
      }
    }
    kept.clear();
    kept.addAll(still);
  }

  private void carry(int from, int to, ByteBuffer bytes, long delay) {
    world.after(
        delay,
        () -> {
          if (!open(from, to)) {
            return;
          }
          switch (LeaseCodec.decode(bytes)) {
            case LeaseCodec.Decoded.Understood(LeaseMessage message) ->
                world.deliver(from, to, message);
            case LeaseCodec.Decoded.Refused refused ->
                throw new IllegalStateException("our own message was refused: " + refused);
          }
        });
  }
}
