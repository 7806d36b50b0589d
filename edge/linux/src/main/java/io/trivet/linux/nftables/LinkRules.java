package io.trivet.linux.nftables;

import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.Prefix;
import io.trivet.linux.netlink.NetlinkSocket;
import io.trivet.linux.nftables.Expressions.Base;
import java.util.Arrays;
import java.util.List;

/// What a host does for links of its own to network namespaces, by nftables: packets from there
/// leave with an address of the host, and an interface that forwards only for their sake forwards
/// nothing else.
///
/// | table, chain | what |
/// |---|---|
/// | ip out, ip6 out | masquerades what comes from the links' network and leaves by another link |
/// | inet forward | drops what came in by a restricted interface and would not leave by such a link |
///
/// Every method is one transaction. Thread-safe.
public final class LinkRules implements AutoCloseable {
  private static final int FORWARD = 2;
  private static final int IPV4_SOURCE = 12;
  private static final int IPV6_SOURCE = 8;
  private static final int[] NFPROTO = {2, 10};

  private final NetlinkSocket socket;
  private final String table;

  private LinkRules(NetlinkSocket socket, String table) {
    this.socket = socket;
    this.table = table;
  }

  /// Opens them without changing anything yet.
  ///
  /// @param table name of the tables in the kernel
  public static LinkRules open(NetworkNamespace namespace, String table) throws LinuxException {
    return new LinkRules(NetlinkSocket.open(namespace, NetlinkSocket.NETFILTER, 0), table);
  }

  /// What there should be.
  ///
  /// @param networks the links' networks, of which the length is a multiple of 8
  /// @param links what the name of every such link begins with
  /// @param restricted4 interfaces that forward IPv4 for these links only
  /// @param restrict6 whether nothing but what comes from or goes to these links is forwarded in
  ///   IPv6: the kernel knows one switch for all interfaces there
  public record Wanted(
      List<Prefix> networks, String links, List<String> restricted4, boolean restrict6) {
    public Wanted {
      networks = List.copyOf(networks);
      restricted4 = List.copyOf(restricted4);
    }
  }

  /// Puts the rules in place, for older ones of the same name.
  public void install(Wanted wanted) throws LinuxException {
    socket.batch(
        "let the links to network namespaces reach other machines",
        (out, numbers) -> {
          Transaction to = new Transaction(out, numbers);
          for (Family family : List.of(Family.IP, Family.IP6, Family.INET)) {
            to.addTable(family, table).deleteTable(family, table).addTable(family, table);
          }
          for (Prefix network : wanted.networks()) {
            masquerade(to, network, wanted.links());
          }
          to.addChain(Family.INET, table, "forward", FORWARD, 0, "");
          for (String link : wanted.restricted4()) {
            to.addRule(
                Family.INET,
                table,
                "forward",
                rule ->
                    rule.loadMeta(Expressions.META_NFPROTO)
                        .isEqual(NFPROTO[0])
                        .loadMeta(Expressions.META_IIFNAME)
                        .isLink(link)
                        .loadMeta(Expressions.META_OIFNAME)
                        .isNotLinkLike(wanted.links())
                        .count()
                        .drop());
          }
          if (wanted.restrict6()) {
            to.addRule(
                Family.INET,
                table,
                "forward",
                rule ->
                    rule.loadMeta(Expressions.META_NFPROTO)
                        .isEqual(NFPROTO[1])
                        .loadMeta(Expressions.META_IIFNAME)
                        .isNotLinkLike(wanted.links())
                        .loadMeta(Expressions.META_OIFNAME)
                        .isNotLinkLike(wanted.links())
                        .count()
                        .drop());
          }
          to.last().addTable(Family.INET, table).commit();
        });
  }

  private void masquerade(Transaction to, Prefix network, String links) {
    Family family = network.v4() ? Family.IP : Family.IP6;
    byte[] octets = Arrays.copyOf(network.address().getAddress(), network.length() / 8);
    to.addSourceNatChain(family, table, "out");
    to.addRule(
        family,
        table,
        "out",
        rule ->
            rule.load(Base.NETWORK, network.v4() ? IPV4_SOURCE : IPV6_SOURCE, octets.length)
                .beginsWith(octets)
                .loadMeta(Expressions.META_OIFNAME)
                .isNotLinkLike(links)
                .masquerade());
  }

  /// Chains of others that decide about forwarded packets, drop those that no rule of theirs takes,
  /// and have no rule in their table that names these links or their networks. Whoever made them
  /// did not think of the links: what a table of ours lets through, another may still drop.
  ///
  /// @param named what such a rule would contain, as octets
  /// @return for people: `FORWARD of table ip filter`
  public List<String> droppedBy(List<byte[]> named) throws LinuxException {
    return ForwardDrops.look(socket, table, named);
  }

  /// What the kernel has now, see [RulesetLook].
  public String look() throws LinuxException {
    return RulesetLook.describe(socket, table);
  }

  /// Takes them away; none is no error.
  public void remove() throws LinuxException {
    socket.batch(
        "remove the rules of links to network namespaces",
        (out, numbers) -> {
          Transaction to = new Transaction(out, numbers);
          for (Family family : List.of(Family.IP, Family.IP6, Family.INET)) {
            to.addTable(family, table);
            if (family == Family.INET) {
              to.last();
            }
            to.deleteTable(family, table);
          }
          to.commit();
        });
  }

  /// Number of the socket that makes the changes, by which events tell who made them.
  public int portId() throws LinuxException {
    return socket.portId();
  }

  @Override
  public void close() {
    socket.close();
  }
}
