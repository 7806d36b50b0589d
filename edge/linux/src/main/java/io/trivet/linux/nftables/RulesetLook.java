package io.trivet.linux.nftables;

import io.trivet.linux.LinuxException;
import io.trivet.linux.MalformedReplyException;
import io.trivet.linux.netlink.Attributes;
import io.trivet.linux.netlink.Message;
import io.trivet.linux.netlink.NetlinkSocket;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tables of one name as the kernel tells them: flags, sets, chains and rules in order, without
/// what changes by itself (handles, counters, elements). Two looks that are equal say that nobody
/// changed what the tables mean; the text itself is for nobody.
final class RulesetLook {
  private static final int SUBSYSTEM = 10 << 8;
  private static final int NEW_TABLE = SUBSYSTEM;
  private static final int GET_TABLE = SUBSYSTEM | 1;
  private static final int NEW_CHAIN = SUBSYSTEM | 3;
  private static final int GET_CHAIN = SUBSYSTEM | 4;
  private static final int NEW_RULE = SUBSYSTEM | 6;
  private static final int GET_RULE = SUBSYSTEM | 7;
  private static final int NEW_SET = SUBSYSTEM | 9;
  private static final int GET_SET = SUBSYSTEM | 10;
  private static final int HEADER = 4;

  private RulesetLook() {}

  static String describe(NetlinkSocket socket, String table) throws LinuxException {
    StringBuilder text = new StringBuilder();
    for (Family family : Family.values()) {
      // NFTA_TABLE_NAME, FLAGS: a dormant table has rules that nobody asks
      List<String> found = dump(socket, family, table, GET_TABLE, NEW_TABLE, List.of(1, 2));
      if (!found.isEmpty()) {
        // NFTA_SET_TABLE, NAME, FLAGS, KEY_TYPE, KEY_LEN
        found.addAll(dump(socket, family, table, GET_SET, NEW_SET, List.of(1, 2, 3, 4, 5)));
        // NFTA_CHAIN_TABLE, NAME, HOOK, POLICY, TYPE
        found.addAll(dump(socket, family, table, GET_CHAIN, NEW_CHAIN, List.of(1, 3, 4, 5, 7)));
        // NFTA_RULE_TABLE, CHAIN, EXPRESSIONS
        found.addAll(dump(socket, family, table, GET_RULE, NEW_RULE, List.of(1, 2, 4)));
      }
      found.forEach(line -> text.append(family).append(' ').append(line).append('\n'));
    }
    return text.toString();
  }

  private static List<String> dump(
      NetlinkSocket socket, Family family, String table, int get, int answer, List<Integer> what)
      throws LinuxException {
    return socket.dump(
        get,
        "look at the tables " + table,
        out -> {
          out.u8(family.number()).u8(0).u16(0);
          if (get != GET_TABLE) {
            out.attribute(1, table);
          }
        },
        message -> line(message, table, answer, what));
  }

  private static @Nullable String line(
      Message message, String table, int answer, List<Integer> what)
      throws MalformedReplyException {
    if (message.type() != answer) {
      return null;
    }
    Attributes attributes = message.attributes(HEADER);
    if (!attributes.text(1).equals(table)) {
      return null;
    }
    StringBuilder line = new StringBuilder();
    line.append(answer & 0xff);
    for (int type : what) {
      Attributes.Attribute found = attributes.attribute(type);
      line.append(' ');
      if (found != null && answer == NEW_RULE && type == 4) {
        expressions(found.nested(), line);
      } else if (found != null) {
        line.append(hex(found.value()));
      }
    }
    return line.toString();
  }

  private static void expressions(Attributes expressions, StringBuilder line)
      throws MalformedReplyException {
    for (Attributes.Attribute expression : expressions.list()) {
      Attributes fields = expression.nested();
      String name = fields.text(1);
      line.append(name).append('(');
      ByteBuffer data = fields.find(2);
      if (data != null && !name.equals("counter")) {
        line.append(hex(data));
      }
      line.append(')');
    }
  }

  private static String hex(ByteBuffer value) {
    byte[] octets = new byte[value.limit()];
    value.get(0, octets);
    return HexFormat.of().formatHex(octets);
  }
}
