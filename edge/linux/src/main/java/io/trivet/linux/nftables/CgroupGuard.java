package io.trivet.linux.nftables;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.MalformedReplyException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.netlink.Attributes;
import io.trivet.linux.netlink.Message;
import io.trivet.linux.netlink.NetlinkSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Keeps control groups silent in one network namespace, except while a child of theirs has a lease
/// that the kernel itself lets run out.
///
/// *Silent*: no packet of a socket that was made in the group, or below it, leaves or arrives, over
/// loopback as well, whatever its protocol (the `inet` family: IPv4 and IPv6). A guarded group is
/// one of a fixed depth; what is leased is a group one deeper. So a group that was made anew, by
/// another run of a service, is silent even while the one before it has a lease left, and the
/// sockets that the run before left behind stay silent while the new one speaks.
///
/// | chain (priority before connection tracking) | drops |
/// |---|---|
/// | out | packets of a socket whose group, at the depth, is in `guarded`, unless its group one deeper is in both of `leased` and `confirmed` ([AddressGuard.Key]) |
/// | in | packets for such a socket |
///
/// What passes on purpose: what the kernel says by itself, without a socket of the group (RST,
/// acknowledgements in TIME-WAIT). What the guard cannot see: frames of AF_PACKET sockets, sockets
/// made in another network namespace or before their process joined the group, and what another
/// process does when asked over a Unix socket. Whoever runs something in the group must see to
/// these.
///
/// A group is known by its number, the inode of its directory in the cgroup2 file system, which is
/// never used again. Like [AddressGuard] the rules live in the kernel, every method is one
/// transaction, and the kernel ends a lease up to one timer tick early, not late.
public final class CgroupGuard implements AutoCloseable {
  static final String GUARDED = "guarded";

  /// The kernel counts in ticks; see [AddressGuard].
  private static final long SHORTEST_MILLIS = 20;

  private static final int MOST_GUARDED = 500;
  private static final int MOST_AT_ONCE = 32;
  private static final int LOCAL_IN = 1;
  private static final int LOCAL_OUT = 3;
  private static final int FIRST = -350;
  private static final int NEW_ELEMENTS = 10 << 8 | 12;
  private static final int ELEMENTS = 3;
  private static final List<AddressGuard.Key> BOTH =
      List.of(AddressGuard.Key.LEASED, AddressGuard.Key.CONFIRMED);

  private final NetlinkSocket socket;
  private final String table;
  private final String place;

  private CgroupGuard(NetlinkSocket socket, String table, String place) {
    this.socket = socket;
    this.table = table;
    this.place = place;
  }

  /// A group that is heard now, and how long it still will be.
  ///
  /// @param group number of the group
  /// @param remainingMillis 0 when it is about to end
  public record Lit(long group, long remainingMillis) {}

  /// Opens the guard of a namespace without changing anything yet.
  ///
  /// @param table name of the table in the kernel, letters and digits, another one than that of an
  ///   [AddressGuard]
  public static CgroupGuard open(NetworkNamespace namespace, String table) throws LinuxException {
    if (!table.matches("[A-Za-z][A-Za-z0-9_]{0,30}")) {
      throw new IllegalArgumentException("not a name for a table: '" + table + "'");
    }
    NetlinkSocket socket = NetlinkSocket.open(namespace, NetlinkSocket.NETFILTER, 0);
    return new CgroupGuard(socket, table, " in " + namespace);
  }

  /// Puts the guard in place for exactly these groups, in the place of an older guard of the same
  /// name if there is one: without an instant in between for groups that were guarded before, and
  /// without giving or ending a lease. Safe to repeat.
  ///
  /// @param depth how deep guarded groups are below the root of the control groups that this
  ///   process sees; 1 for its children
  /// @param guarded numbers of groups of that depth, at most 500
  public void install(int depth, List<Long> guarded) throws LinuxException {
    try {
      write(depth, false, guarded);
    } catch (ErrnoException e) {
      // A table of our name that is not ours in shape: start from an empty one, which gives no
      // lease.
      if (e.errno().equals(Errno.EEXIST)
          || e.errno().equals(Errno.EINVAL)
          || e.errno().equals(Errno.EOPNOTSUPP)) {
        write(depth, true, guarded);
      } else {
        throw e;
      }
    }
  }

  private void write(int depth, boolean fresh, List<Long> guarded) throws LinuxException {
    if (guarded.size() > MOST_GUARDED) {
      throw new IllegalArgumentException(
          guarded.size() + " guarded control groups; at most " + MOST_GUARDED);
    }
    socket.batch(
        "install the guard of " + guarded.size() + " control groups" + place,
        (out, numbers) -> {
          Transaction to = new Transaction(out, numbers);
          if (fresh) {
            to.addTable(Family.INET, table).deleteTable(Family.INET, table);
          }
          to.addAwakeTable(Family.INET, table);
          to.addCgroupSet(Family.INET, table, GUARDED, false);
          BOTH.forEach(key -> to.addCgroupSet(Family.INET, table, key.set(false), true));
          chain(to, "out", LOCAL_OUT, depth);
          chain(to, "in", LOCAL_IN, depth);
          to.flushSet(Family.INET, table, GUARDED);
          for (long group : new TreeSet<>(guarded)) {
            to.addElement(Family.INET, table, GUARDED, octets(group), 0);
          }
          to.last().addTable(Family.INET, table).commit();
        });
  }

  private void chain(Transaction to, String chain, int hook, int depth) {
    to.addChain(Family.INET, table, chain, hook, FIRST, "");
    to.flushChain(Family.INET, table, chain);
    to.addRule(
        Family.INET,
        table,
        chain,
        rule ->
            rule.loadControlGroup(depth + 1)
                .isIn(AddressGuard.Key.LEASED.set(false))
                .isIn(AddressGuard.Key.CONFIRMED.set(false))
                .accept());
    // Also what runs right in the guarded group, and so in none that could have a lease.
    to.addRule(
        Family.INET,
        table,
        chain,
        rule -> rule.loadControlGroup(depth).isIn(GUARDED).count().drop());
  }

  /// Puts groups into one of the two sets for `timeoutMillis`, in the place of what is there.
  ///
  /// @param groups children of guarded groups, at most 32
  /// @param timeoutMillis round down; less than 20 takes the groups out of the set at once
  /// @throws ErrnoException ENOENT when no guard is installed
  public void setKey(AddressGuard.Key key, List<Long> groups, long timeoutMillis)
      throws LinuxException {
    if (timeoutMillis < SHORTEST_MILLIS) {
      remove(List.of(key), groups);
      return;
    }
    change("let control groups speak for some time", List.of(key), groups, timeoutMillis, true);
  }

  /// Makes groups silent now: takes them out of both sets.
  public void revoke(List<Long> groups) throws LinuxException {
    remove(BOTH, groups);
  }

  private void remove(List<AddressGuard.Key> keys, List<Long> groups) throws LinuxException {
    change("silence control groups", keys, groups, SHORTEST_MILLIS, false);
  }

  private void change(
      String asked,
      List<AddressGuard.Key> keys,
      List<Long> groups,
      long timeoutMillis,
      boolean keep)
      throws LinuxException {
    if (groups.size() > MOST_AT_ONCE) {
      throw new IllegalArgumentException(
          groups.size() + " control groups at once; at most " + MOST_AT_ONCE);
    }
    if (groups.isEmpty()) {
      return;
    }
    socket.batch(
        asked + place,
        (out, numbers) -> {
          Transaction to = new Transaction(out, numbers);
          for (long group : groups) {
            for (AddressGuard.Key key : keys) {
              String set = key.set(false);
              // Adding what is there does not refresh it; deleting what is not there is an error.
              to.addElement(Family.INET, table, set, octets(group), timeoutMillis)
                  .deleteElement(Family.INET, table, set, octets(group));
              if (keep) {
                to.addElement(Family.INET, table, set, octets(group), timeoutMillis);
              }
            }
          }
          to.last().addTable(Family.INET, table).commit();
        });
  }

  /// Makes all groups silent now, whatever their numbers.
  public void revokeAll() throws LinuxException {
    socket.batch(
        "silence all control groups" + place,
        (out, numbers) -> {
          Transaction to = new Transaction(out, numbers);
          to.flushSet(Family.INET, table, AddressGuard.Key.LEASED.set(false));
          to.last().flushSet(Family.INET, table, AddressGuard.Key.CONFIRMED.set(false)).commit();
        });
  }

  /// The groups that are heard now, with the time until the first of their keys ends.
  public List<Lit> lit() throws LinuxException {
    List<Lit> both = new ArrayList<>();
    List<Lit> confirmed = elements(AddressGuard.Key.CONFIRMED.set(false));
    for (Lit one : elements(AddressGuard.Key.LEASED.set(false))) {
      for (Lit other : confirmed) {
        if (one.group() == other.group()) {
          both.add(new Lit(one.group(), Math.min(one.remainingMillis(), other.remainingMillis())));
        }
      }
    }
    return both;
  }

  /// The guarded groups.
  ///
  /// @throws ErrnoException ENOENT when no guard is installed
  public List<Long> guarded() throws LinuxException {
    return elements(GUARDED).stream().map(Lit::group).sorted().toList();
  }

  /// What the kernel has of this guard now: table, sets, chains and rules, without elements and
  /// counters. Equal to what it was just after [#install] as long as nobody changed anything.
  public String look() throws LinuxException {
    return RulesetLook.describe(socket, table);
  }

  /// Number of the socket that makes the changes, by which events tell who made them.
  public int portId() throws LinuxException {
    return socket.portId();
  }

  /// Takes the guard away: from then on every group is heard. Without a guard, nothing happens.
  public void remove() throws LinuxException {
    socket.batch(
        "remove the guard of control groups" + place,
        (out, numbers) -> {
          Transaction to = new Transaction(out, numbers);
          to.addTable(Family.INET, table).last().deleteTable(Family.INET, table).commit();
        });
  }

  @Override
  public void close() {
    socket.close();
  }

  private List<Lit> elements(String set) throws LinuxException {
    return socket
        .dump(
            Transaction.GET_ELEMENTS,
            "list set " + set + " of table " + table + place,
            out -> Transaction.writeGetElements(out, Family.INET, table, set),
            CgroupGuard::elements)
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  private static @Nullable List<Lit> elements(Message message) throws MalformedReplyException {
    if (message.type() != NEW_ELEMENTS) {
      return null;
    }
    List<Lit> found = new ArrayList<>();
    for (Attributes.Attribute element : message.attributes(4).nested(ELEMENTS).list()) {
      Attributes fields = element.nested();
      ByteBuffer key = fields.nested(1).find(1);
      if (key != null && key.remaining() == Long.BYTES) {
        long group = key.duplicate().order(ByteOrder.nativeOrder()).getLong();
        found.add(new Lit(group, fields.be64(5, 0))); // NFTA_SET_ELEM_EXPIRATION
      }
    }
    return found;
  }

  private static byte[] octets(long group) {
    return ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(group).array();
  }
}
