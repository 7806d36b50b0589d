package io.trivet.linux.watch;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.MalformedReplyException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.netlink.Attributes;
import io.trivet.linux.netlink.Message;
import io.trivet.linux.netlink.NetlinkSocket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Changes that others make in one network namespace: links, addresses, routes and rules
/// (rtnetlink), and nftables (nfnetlink). Not thread-safe.
///
/// Who did it comes from the number of the socket, which is that of its process as a rule, and for
/// nftables from the kernel itself, which tells the name (NFT_MSG_NEWGEN).
public final class ChangeWatch implements AutoCloseable {
  /// RTMGRP_LINK, IPV4_IFADDR, IPV4_ROUTE, IPV4_RULE, IPV6_IFADDR, IPV6_ROUTE, IPV6_RULE.
  private static final int ROUTE_GROUPS = 0x1 | 0x10 | 0x40 | 0x80 | 0x100 | 0x400 | 1 << 18;

  private static final int NFTABLES_GROUP = 1 << 6; // NFNLGRP_NFTABLES
  private static final int NFTABLES = 10;
  private static final int NEW_GENERATION = 15;
  private static final int HEADER = 4;

  private final NetlinkSocket route;
  private final NetlinkSocket ruleset;
  private final TreeSet<String> tables = new TreeSet<>();
  private List<Integer> own = List.of();

  private ChangeWatch(NetlinkSocket route, NetlinkSocket ruleset) {
    this.route = route;
    this.ruleset = ruleset;
  }

  /// Begins to listen.
  public static ChangeWatch open(NetworkNamespace namespace) throws LinuxException {
    NetlinkSocket route = NetlinkSocket.open(namespace, NetlinkSocket.ROUTE, ROUTE_GROUPS);
    try {
      return new ChangeWatch(
          route, NetlinkSocket.open(namespace, NetlinkSocket.NETFILTER, NFTABLES_GROUP));
    } catch (LinuxException e) {
      route.close();
      throw e;
    }
  }

  /// Leaves out what this process and these sockets of its own change, see [NetlinkSocket#portId].
  public void ignore(List<Integer> ports) throws LinuxException {
    List<Integer> all = new ArrayList<>(ports);
    all.add((int) ProcessHandle.current().pid()); // the first socket of a process has its number
    own = List.copyOf(all);
    route.ignore(own);
    ruleset.ignore(own);
  }

  /// What was changed since the last call; does not wait.
  public List<Change> read() throws LinuxException {
    List<Change> changes = new ArrayList<>();
    drain(route, message -> routeChange(message, changes), changes);
    drain(ruleset, message -> rulesetChange(message, changes), changes);
    return changes;
  }

  int routeFd() {
    return route.fd();
  }

  int rulesetFd() {
    return ruleset.fd();
  }

  private interface Taker {
    void take(Message message) throws MalformedReplyException;
  }

  private static void drain(NetlinkSocket socket, Taker taker, List<Change> changes)
      throws LinuxException {
    while (true) {
      try {
        List<Message> messages = socket.receiveEvents("hear of changes");
        if (messages.isEmpty()) {
          return;
        }
        for (Message message : messages) {
          taker.take(message);
        }
      } catch (ErrnoException e) {
        if (!e.errno().equals(Errno.ENOBUFS)) {
          throw e;
        }
        changes.add(new Change(Change.Kind.UNKNOWN, List.of(), ""));
      }
    }
  }

  private void routeChange(Message message, List<Change> changes) {
    if (own.contains(message.port())) {
      return;
    }
    Change.Kind kind =
        switch (message.type()) {
          case 16, 17 -> Change.Kind.LINK; // RTM_NEWLINK, RTM_DELLINK
          case 20, 21 -> Change.Kind.ADDRESS; // RTM_NEWADDR, RTM_DELADDR
          case 25, 32, 33 -> Change.Kind.ROUTE; // RTM_DELROUTE, RTM_NEWRULE, RTM_DELRULE
          default -> null;
        };
    if (kind != null) {
      changes.add(new Change(kind, List.of(), process(message.port())));
    }
  }

  private void rulesetChange(Message message, List<Change> changes) throws MalformedReplyException {
    if (message.type() >> 8 != NFTABLES || own.contains(message.port())) {
      return;
    }
    if ((message.type() & 0xff) != NEW_GENERATION) {
      tables.add(message.attributes(HEADER).text(1));
      return;
    }
    Attributes generation = message.attributes(HEADER);
    String name = generation.text(3); // NFTA_GEN_PROC_NAME
    String process =
        name.isEmpty()
            ? process(message.port())
            : name + numbered(message.port(), " (process ", ")");
    changes.add(new Change(Change.Kind.RULESET, List.copyOf(tables), process));
    tables.clear();
  }

  /// Sockets have the number of their process, but for the second one of a process (negative).
  private static String process(int port) {
    if (port <= 0) {
      return "";
    }
    try {
      return Files.readString(Path.of("/proc/" + port + "/comm")).strip()
          + " (process "
          + port
          + ")";
    } catch (IOException e) {
      return "process " + port + ", which has ended";
    }
  }

  private static String numbered(int port, String before, String after) {
    return port <= 0 ? "" : before + port + after;
  }

  @Override
  public void close() {
    route.close();
    ruleset.close();
  }
}
