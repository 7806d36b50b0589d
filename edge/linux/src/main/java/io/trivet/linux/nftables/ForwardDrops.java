package io.trivet.linux.nftables;

import io.trivet.linux.LinuxException;
import io.trivet.linux.MalformedReplyException;
import io.trivet.linux.netlink.Attributes;
import io.trivet.linux.netlink.Message;
import io.trivet.linux.netlink.NetlinkSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds the base chains of others that drop forwarded packets by default: `policy drop` at the
/// hook forward, as `iptables -P FORWARD DROP` and most firewalls make it. A packet has to pass
/// every chain of a hook, whatever their priorities.
final class ForwardDrops {
  private static final int SUBSYSTEM = 10 << 8;
  private static final int NEW_CHAIN = SUBSYSTEM | 3;
  private static final int GET_CHAIN = SUBSYSTEM | 4;
  private static final int NEW_RULE = SUBSYSTEM | 6;
  private static final int GET_RULE = SUBSYSTEM | 7;
  private static final int HEADER = 4;
  private static final int FORWARD = 2;
  private static final int NF_DROP = 0;
  private static final int NF_ACCEPT = 1;

  private record Chain(String table, String name) {}

  private ForwardDrops() {}

  static List<String> look(NetlinkSocket socket, String ours, List<byte[]> named)
      throws LinuxException {
    List<String> found = new ArrayList<>();
    for (Family family : List.of(Family.IP, Family.IP6, Family.INET)) {
      List<Chain> chains =
          socket.dump(
              GET_CHAIN,
              "look for chains that drop forwarded packets",
              out -> out.u8(family.number()).u8(0).u16(0),
              ForwardDrops::dropping);
      for (Chain chain : chains) {
        if (!chain.table().equals(ours) && !names(socket, family, chain.table(), named)) {
          String word = family.name().toLowerCase(Locale.ROOT);
          found.add(chain.name() + " of table " + word + " " + chain.table());
        }
      }
    }
    return found;
  }

  private static @Nullable Chain dropping(Message message) throws MalformedReplyException {
    if (message.type() != NEW_CHAIN) {
      return null;
    }
    Attributes chain = message.attributes(HEADER); // NFTA_CHAIN_TABLE, NAME, HOOK, POLICY
    boolean forward = network(chain.nested(4).find(1), -1) == FORWARD;
    return forward && network(chain.find(5), NF_ACCEPT) == NF_DROP
        ? new Chain(chain.text(1), chain.text(3))
        : null;
  }

  private static boolean names(
      NetlinkSocket socket, Family family, String table, List<byte[]> named) throws LinuxException {
    return socket
        .dump(
            GET_RULE,
            "look at the rules of table " + table,
            out -> {
              out.u8(family.number()).u8(0).u16(0);
              out.attribute(1, table);
            },
            message -> message.type() == NEW_RULE ? contains(message, table, named) : null)
        .contains(true);
  }

  private static boolean contains(Message message, String table, List<byte[]> named)
      throws MalformedReplyException {
    Attributes rule = message.attributes(HEADER); // NFTA_RULE_TABLE, EXPRESSIONS
    ByteBuffer expressions = rule.find(4);
    if (expressions == null || !rule.text(1).equals(table)) {
      return false;
    }
    return named.stream().anyMatch(octets -> contains(expressions, octets));
  }

  private static boolean contains(ByteBuffer in, byte[] octets) {
    for (int start = 0; start + octets.length <= in.limit(); start++) {
      int i = 0;
      while (i < octets.length && in.get(start + i) == octets[i]) {
        i++;
      }
      if (i == octets.length) {
        return true;
      }
    }
    return false;
  }

  /// A number in network byte order.
  private static int network(@Nullable ByteBuffer value, int otherwise) {
    return value == null || value.limit() < 4
        ? otherwise
        : value.duplicate().order(ByteOrder.BIG_ENDIAN).getInt(0);
  }
}
