package io.trivet.linux.nftables;

import io.trivet.linux.nftables.Expressions.Base;
import java.util.function.Consumer;

/// The rules of [AddressGuard], as one transaction writes them. An address is *dark* when it is in
/// `guarded` and not in both of `leased` and `confirmed` ([AddressGuard.Key]).
///
/// | table, chain | drops |
/// |---|---|
/// | arp in | requests for a dark address (RFC 826; the kernel would answer them) |
/// | arp out | anything that says a dark address is here (sender address) |
/// | inet in | packets *to* a dark address, through loopback as well; neighbour solicitations whose *target* is dark |
/// | inet out | packets *from* a dark address; neighbour advertisements whose target is dark |
/// | netdev egress | the same claims in frames that a program sends by itself (AF_PACKET), which the other tables do not see |
///
/// What is let through on purpose: ARP replies and neighbour advertisements *about* a dark address
/// that come in, and packets of this machine *to* an address that another machine holds. A machine
/// without the lease is a client like others.
final class GuardRules {
  static final String GUARDED = "guarded";
  static final String GUARDED6 = "guarded6";

  private static final int ARP_IN = 0;
  private static final int ARP_OUT = 1;
  private static final int LOCAL_IN = 1;
  private static final int LOCAL_OUT = 3;
  private static final int NETDEV_EGRESS = 1;

  /// Before conntrack (-200) and everything else that could answer or count a packet.
  private static final int FIRST = -350;

  /// ARP for IPv4 over Ethernet (RFC 826): offsets in the ARP packet.
  private static final int ARP_OPERATION = 6;

  private static final int ARP_SENDER = 14;
  private static final int ARP_TARGET = 24;

  private static final int ETHERNET_HEADER = 14;
  private static final int IPV6_HEADER = 40;
  private static final int ICMPV6 = 58;
  private static final int NEIGHBOUR_SOLICITATION = 135;
  private static final int NEIGHBOUR_ADVERTISEMENT = 136;

  /// Target address in both (RFC 4861, 4.3 and 4.4).
  private static final int ND_TARGET = 8;

  private final Transaction to;
  private final String table;

  GuardRules(Transaction to, String table) {
    this.to = to;
    this.table = table;
  }

  /// Table and sets of one family.
  GuardRules tableAndSets(Family family) {
    to.addAwakeTable(family, table);
    to.addSet(family, table, new AddressSet(GUARDED, false, false));
    for (AddressGuard.Key key : AddressGuard.Key.values()) {
      to.addSet(family, table, new AddressSet(key.set(false), false, true));
    }
    if (family != Family.ARP) {
      to.addSet(family, table, new AddressSet(GUARDED6, true, false));
      for (AddressGuard.Key key : AddressGuard.Key.values()) {
        to.addSet(family, table, new AddressSet(key.set(true), true, true));
      }
    }
    return this;
  }

  GuardRules arp() {
    chain(Family.ARP, "in", ARP_IN, FIRST, "");
    dropDark(Family.ARP, "in", GuardRules::arpRequest, Base.NETWORK, ARP_TARGET, false);
    chain(Family.ARP, "out", ARP_OUT, FIRST, "");
    dropDark(Family.ARP, "out", rule -> {}, Base.NETWORK, ARP_SENDER, false);
    return this;
  }

  GuardRules inet() {
    chain(Family.INET, "in", LOCAL_IN, FIRST, "");
    dropDark(Family.INET, "in", GuardRules::v4, Base.NETWORK, 16, false);
    dropDark(Family.INET, "in", GuardRules::v6, Base.NETWORK, 24, true);
    dropDark(
        Family.INET,
        "in",
        rule -> neighbour(rule, NEIGHBOUR_SOLICITATION),
        Base.TRANSPORT,
        ND_TARGET,
        true);
    chain(Family.INET, "out", LOCAL_OUT, FIRST, "");
    dropDark(Family.INET, "out", GuardRules::v4, Base.NETWORK, 12, false);
    dropDark(Family.INET, "out", GuardRules::v6, Base.NETWORK, 8, true);
    dropDark(
        Family.INET,
        "out",
        rule -> neighbour(rule, NEIGHBOUR_ADVERTISEMENT),
        Base.TRANSPORT,
        ND_TARGET,
        true);
    return this;
  }

  /// Frames that leave through one link. Offsets count from the Ethernet header, the only one that
  /// is sure to be known for frames which a program made.
  GuardRules egress(String chain, String link) {
    chain(Family.NETDEV, chain, NETDEV_EGRESS, 0, link);
    dropDark(
        Family.NETDEV,
        chain,
        rule -> rule.load(Base.LINK, 12, 2).isEqual(0x08, 0x06),
        Base.LINK,
        ETHERNET_HEADER + ARP_SENDER,
        false);
    dropDark(
        Family.NETDEV,
        chain,
        rule ->
            rule.load(Base.LINK, 12, 2)
                .isEqual(0x86, 0xdd)
                .load(Base.LINK, ETHERNET_HEADER + 6, 1)
                .isEqual(ICMPV6)
                .load(Base.LINK, ETHERNET_HEADER + IPV6_HEADER, 1)
                .isEqual(NEIGHBOUR_ADVERTISEMENT),
        Base.LINK,
        ETHERNET_HEADER + IPV6_HEADER + ND_TARGET,
        true);
    return this;
  }

  /// One rule for each key: a packet passes only when no key is missing.
  private void dropDark(
      Family family, String chain, Consumer<Expressions> tests, Base base, int offset, boolean v6) {
    for (AddressGuard.Key key : AddressGuard.Key.values()) {
      to.addRule(
          family,
          table,
          chain,
          rule -> {
            tests.accept(rule);
            rule.load(base, offset, v6 ? 16 : 4)
                .isIn(v6 ? GUARDED6 : GUARDED)
                .isNotIn(key.set(v6))
                .count()
                .drop();
          });
    }
  }

  private void chain(Family family, String chain, int hook, int priority, String link) {
    to.addChain(family, table, chain, hook, priority, link);
    to.flushChain(family, table, chain);
  }

  private static void arpRequest(Expressions rule) {
    rule.load(Base.NETWORK, ARP_OPERATION, 2).isEqual(0, 1);
  }

  private static void v4(Expressions rule) {
    rule.loadMeta(Expressions.META_NFPROTO).isEqual(2);
  }

  private static void v6(Expressions rule) {
    rule.loadMeta(Expressions.META_NFPROTO).isEqual(10);
  }

  private static void neighbour(Expressions rule, int type) {
    v6(rule);
    rule.loadMeta(Expressions.META_L4PROTO)
        .isEqual(ICMPV6)
        .load(Base.TRANSPORT, 0, 1)
        .isEqual(type);
  }
}
