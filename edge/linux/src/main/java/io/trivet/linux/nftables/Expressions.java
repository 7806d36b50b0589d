package io.trivet.linux.nftables;

import io.trivet.linux.netlink.MessageWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes the expressions of one rule (linux/netfilter/nf_tables.h). Everything is loaded into
/// register 1, which is the only one needed: a rule here is a conjunction of tests that ends in a
/// verdict.
final class Expressions {
  /// What an offset counts from (enum nft_payload_bases).
  enum Base {
    LINK(0),
    NETWORK(1),
    TRANSPORT(2);

    private final int number;

    Base(int number) {
      this.number = number;
    }
  }

  static final int META_PROTOCOL = 1;
  static final int META_IIFNAME = 6;
  static final int META_OIFNAME = 7;
  static final int META_NFPROTO = 15;
  static final int META_L4PROTO = 16;

  private static final int LINK_NAME = 16; // IFNAMSIZ
  private static final int LIST_ELEMENT = 1;
  private static final int EXPRESSION_NAME = 1;
  private static final int EXPRESSION_DATA = 2;
  private static final int REGISTER_1 = 1;
  private static final int REGISTER_VERDICT = 0;
  private static final int DROP = 0;
  private static final int ACCEPT = 1;
  private static final int SOCKET_CONTROL_GROUP = 3;

  private final MessageWriter out;

  Expressions(MessageWriter out) {
    this.out = out;
  }

  /// Loads `length` octets of the packet.
  Expressions load(Base base, int offset, int length) {
    int element = begin("payload");
    out.attributeBe32(1, REGISTER_1);
    out.attributeBe32(2, base.number);
    out.attributeBe32(3, offset);
    out.attributeBe32(4, length);
    return end(element);
  }

  /// Loads what the kernel knows about the packet.
  Expressions loadMeta(int key) {
    int element = begin("meta");
    out.attributeBe32(1, REGISTER_1);
    out.attributeBe32(2, key);
    return end(element);
  }

  /// Loads the number of the control group (version 2) of the packet's socket, or of its ancestor
  /// at that depth below the root; the rule ends without a verdict where there is no socket, or
  /// none so deep.
  Expressions loadControlGroup(int depth) {
    int element = begin("socket");
    out.attributeBe32(1, SOCKET_CONTROL_GROUP);
    out.attributeBe32(2, REGISTER_1);
    out.attributeBe32(3, depth);
    return end(element);
  }

  /// Goes on only when what was loaded equals these octets.
  Expressions isEqual(int... octets) {
    byte[] value = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      value[i] = (byte) octets[i];
    }
    return compare(0, value); // NFT_CMP_EQ
  }

  /// Goes on only when what was loaded begins with these octets.
  Expressions beginsWith(byte[] octets) {
    return compare(0, octets);
  }

  /// Goes on only when the name of a link that was loaded does not begin so.
  Expressions isNotLinkLike(String beginning) {
    return compare(1, beginning.getBytes(StandardCharsets.US_ASCII)); // NFT_CMP_NEQ
  }

  /// Goes on only when the name of a link that was loaded is this one.
  Expressions isLink(String name) {
    return compare(0, Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), LINK_NAME));
  }

  private Expressions compare(int operation, byte[] value) {
    int element = begin("cmp");
    out.attributeBe32(1, REGISTER_1);
    out.attributeBe32(2, operation);
    int data = out.beginNest(3 | MessageWriter.NESTED);
    out.attribute(1, value).endNest(data);
    return end(element);
  }

  /// Sends the packet on with an address of the link that it leaves by.
  Expressions masquerade() {
    return end(begin("masq"));
  }

  /// Goes on only when what was loaded is in the set.
  Expressions isIn(String set) {
    return lookup(set, false);
  }

  /// Goes on only when what was loaded is not in the set.
  Expressions isNotIn(String set) {
    return lookup(set, true);
  }

  /// Counts packets that come this far.
  Expressions count() {
    return end(begin("counter"));
  }

  Expressions drop() {
    return verdict(DROP);
  }

  /// Lets the packet pass this chain; others may still drop it.
  Expressions accept() {
    return verdict(ACCEPT);
  }

  private Expressions verdict(int code) {
    int element = begin("immediate");
    out.attributeBe32(1, REGISTER_VERDICT);
    int data = out.beginNest(2 | MessageWriter.NESTED);
    int verdict = out.beginNest(2 | MessageWriter.NESTED);
    out.attributeBe32(1, code).endNest(verdict).endNest(data);
    return end(element);
  }

  private Expressions lookup(String set, boolean inverted) {
    int element = begin("lookup");
    out.attribute(1, set);
    out.attributeBe32(2, REGISTER_1);
    out.attributeBe32(5, inverted ? 1 : 0);
    return end(element);
  }

  private int innerNest;

  private int begin(String name) {
    int element = out.beginNest(LIST_ELEMENT | MessageWriter.NESTED);
    out.attribute(EXPRESSION_NAME, name);
    innerNest = out.beginNest(EXPRESSION_DATA | MessageWriter.NESTED);
    return element;
  }

  private Expressions end(int element) {
    out.endNest(innerNest).endNest(element);
    return this;
  }
}
