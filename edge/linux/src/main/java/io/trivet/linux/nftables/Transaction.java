package io.trivet.linux.nftables;

import io.trivet.linux.netlink.MessageWriter;
import io.trivet.linux.netlink.NetlinkSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Consumer;

/// Writes one nf_tables transaction: a batch of which the kernel does everything at once or nothing
/// (linux/netfilter/nfnetlink.h, nf_tables.h). Adding a table, set, chain or element that is there
/// already is no error.
///
/// The last change must be told that it is the last ([#last]), because only it asks for the
/// acknowledgement.
final class Transaction {
  private static final int SUBSYSTEM = 10 << 8;
  static final int GET_ELEMENTS = SUBSYSTEM | 13;

  private static final int BATCH_BEGIN = 16;
  private static final int BATCH_END = 17;
  private static final int NEW_TABLE = SUBSYSTEM;
  private static final int DELETE_TABLE = SUBSYSTEM | 2;
  private static final int NEW_CHAIN = SUBSYSTEM | 3;
  private static final int NEW_RULE = SUBSYSTEM | 6;
  private static final int DELETE_RULE = SUBSYSTEM | 8;
  private static final int NEW_SET = SUBSYSTEM | 9;
  private static final int NEW_ELEMENTS = SUBSYSTEM | 12;
  private static final int DELETE_ELEMENTS = SUBSYSTEM | 14;

  private static final int NETFILTER_VERSION_0 = 0;
  private static final int SET_TIMEOUT = 0x10;
  private static final int ACCEPT = 1;
  private static final int POSTROUTING = 4;
  private static final int SOURCE_NAT = 100; // NF_IP_PRI_NAT_SRC

  private final MessageWriter out;
  private final NetlinkSocket.Numbers numbers;
  private int nextSetId = 1;
  private boolean last;

  Transaction(MessageWriter out, NetlinkSocket.Numbers numbers) {
    this.out = out;
    this.numbers = numbers;
    begin(BATCH_BEGIN, 0, 0);
    out.be16(10).end(); // res_id: the subsystem
  }

  /// The next change is the last one.
  Transaction last() {
    last = true;
    return this;
  }

  void commit() {
    if (!last) {
      throw new IllegalStateException("a transaction without an acknowledged change");
    }
    last = false;
    begin(BATCH_END, 0, 0);
    out.be16(10).end();
  }

  Transaction addTable(Family family, String table) {
    change(NEW_TABLE, NetlinkSocket.CREATE, family).attribute(1, table).end();
    return this;
  }

  /// A table whose rules are asked: one that somebody made dormant is woken.
  Transaction addAwakeTable(Family family, String table) {
    change(NEW_TABLE, NetlinkSocket.CREATE, family).attribute(1, table).attributeBe32(2, 0).end();
    return this;
  }

  Transaction deleteTable(Family family, String table) {
    change(DELETE_TABLE, 0, family).attribute(1, table).end();
    return this;
  }

  /// A set of addresses; `keyType` is what nft(8) shows it as.
  Transaction addSet(Family family, String table, AddressSet set) {
    change(NEW_SET, NetlinkSocket.CREATE, family).attribute(1, table).attribute(2, set.name());
    out.attributeBe32(3, set.timeout() ? SET_TIMEOUT : 0);
    out.attributeBe32(4, set.v6() ? 8 : 7); // nft's TYPE_IP6ADDR, TYPE_IPADDR
    out.attributeBe32(5, set.v6() ? 16 : 4);
    out.attributeBe32(10, nextSetId++);
    out.end();
    return this;
  }

  /// A set of control groups by their numbers.
  ///
  /// @param timeout whether its elements end by themselves
  Transaction addCgroupSet(Family family, String table, String set, boolean timeout) {
    change(NEW_SET, NetlinkSocket.CREATE, family).attribute(1, table).attribute(2, set);
    out.attributeBe32(3, timeout ? SET_TIMEOUT : 0);
    out.attributeBe32(4, 46); // nft's TYPE_CGROUPV2
    out.attributeBe32(5, Long.BYTES);
    out.attributeBe32(10, nextSetId++);
    out.end();
    return this;
  }

  /// A base chain of type filter that accepts what no rule drops.
  ///
  /// @param device for a chain of the netdev family the link, else empty
  Transaction addChain(
      Family family, String table, String chain, int hook, int priority, String device) {
    return addChain("filter", family, table, chain, hook, priority, device);
  }

  /// A base chain that translates source addresses.
  Transaction addSourceNatChain(Family family, String table, String chain) {
    return addChain("nat", family, table, chain, POSTROUTING, SOURCE_NAT, "");
  }

  private Transaction addChain(
      String type,
      Family family,
      String table,
      String chain,
      int hook,
      int priority,
      String device) {
    change(NEW_CHAIN, NetlinkSocket.CREATE, family).attribute(1, table).attribute(3, chain);
    int nest = out.beginNest(4 | MessageWriter.NESTED);
    out.attributeBe32(1, hook).attributeBe32(2, priority);
    if (!device.isEmpty()) {
      out.attribute(3, device);
    }
    out.endNest(nest);
    out.attributeBe32(5, ACCEPT).attribute(7, type).end();
    return this;
  }

  /// Empties a chain.
  Transaction flushChain(Family family, String table, String chain) {
    change(DELETE_RULE, 0, family).attribute(1, table).attribute(2, chain).end();
    return this;
  }

  Transaction addRule(Family family, String table, String chain, Consumer<Expressions> rule) {
    change(NEW_RULE, NetlinkSocket.CREATE | NetlinkSocket.APPEND, family)
        .attribute(1, table)
        .attribute(2, chain);
    int nest = out.beginNest(4 | MessageWriter.NESTED);
    rule.accept(new Expressions(out));
    out.endNest(nest).end();
    return this;
  }

  /// Empties a set.
  Transaction flushSet(Family family, String table, String set) {
    change(DELETE_ELEMENTS, 0, family).attribute(1, table).attribute(2, set).end();
    return this;
  }

  /// Adds elements without a timeout.
  Transaction addElements(Family family, String table, String set, List<InetAddress> elements) {
    change(NEW_ELEMENTS, NetlinkSocket.CREATE, family).attribute(1, table).attribute(2, set);
    int list = out.beginNest(3 | MessageWriter.NESTED);
    for (InetAddress element : elements) {
      element(element.getAddress(), 0);
    }
    out.endNest(list).end();
    return this;
  }

  /// Adds one element.
  ///
  /// @param timeoutMillis 0 for none
  Transaction addElement(
      Family family, String table, String set, byte[] element, long timeoutMillis) {
    return oneElement(
        NEW_ELEMENTS, NetlinkSocket.CREATE, family, table, set, element, timeoutMillis);
  }

  /// Deletes one element.
  Transaction deleteElement(Family family, String table, String set, byte[] element) {
    return oneElement(DELETE_ELEMENTS, 0, family, table, set, element, 0);
  }

  private Transaction oneElement(
      int type,
      int flags,
      Family family,
      String table,
      String set,
      byte[] element,
      long timeoutMillis) {
    change(type, flags, family).attribute(1, table).attribute(2, set);
    int list = out.beginNest(3 | MessageWriter.NESTED);
    element(element, timeoutMillis);
    out.endNest(list).end();
    return this;
  }

  private void element(byte[] key, long timeoutMillis) {
    int nest = out.beginNest(1 | MessageWriter.NESTED);
    int data = out.beginNest(1 | MessageWriter.NESTED);
    out.attribute(1, key).endNest(data);
    if (timeoutMillis > 0) {
      out.attributeBe64(4, timeoutMillis);
    }
    out.endNest(nest);
  }

  /// The request for the elements of a set.
  static void writeGetElements(MessageWriter out, Family family, String table, String set) {
    out.u8(family.number()).u8(NETFILTER_VERSION_0).u16(0).attribute(1, table).attribute(2, set);
  }

  private MessageWriter change(int type, int flags, Family family) {
    begin(type, flags | (last ? NetlinkSocket.ACK : 0), family.number());
    return out.be16(0);
  }

  private void begin(int type, int flags, int family) {
    out.begin(type, flags | NetlinkSocket.REQUEST)
        .sequence(numbers.next())
        .u8(family)
        .u8(NETFILTER_VERSION_0);
  }
}
