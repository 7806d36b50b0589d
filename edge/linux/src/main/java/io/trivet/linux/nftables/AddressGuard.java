package io.trivet.linux.nftables;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.netlink.NetlinkSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/// Keeps a list of addresses dark in one network namespace, except while each of them has a lease
/// that the kernel itself lets run out.
///
/// *Dark*: nobody gets an answer from this machine for the address, and nothing leaves that says
/// the address is here; see [GuardRules] for what exactly is dropped. The rules live in the kernel,
/// in tables of one name, so a guard stays when its process dies, and leases end while the process
/// is frozen. Every method is one transaction: all of it, or nothing.
///
/// Time: the kernel ends a lease at the given timeout after the transaction, up to one timer tick
/// (4-10 ms) early, not late. Not thread-safe in its meaning (two callers would race for what the
/// guard is), but safe to call from several threads.
public final class AddressGuard implements AutoCloseable {
  private static final List<Family> ALL = List.of(Family.ARP, Family.INET, Family.NETDEV);
  private static final List<Family> WITHOUT_EGRESS = List.of(Family.ARP, Family.INET);

  /// The kernel counts in ticks of up to 10 ms and rounds down, and some kernels take less than one
  /// tick for "without an end": what is that short is dark at once instead.
  private static final long SHORTEST_MILLIS = 20;

  /// So that a transaction fits the socket's buffer.
  public static final int MOST_AT_ONCE = 32;

  /// Likewise.
  public static final int MOST_GUARDED = 500;

  private static final Key[] BOTH = Key.values();
  private static final Key[] ONLY_LEASED = {Key.LEASED};
  private static final Key[] ONLY_CONFIRMED = {Key.CONFIRMED};

  private final NetlinkSocket socket;
  private final String table;
  private final String place;
  private final List<Family> families;

  private AddressGuard(NetlinkSocket socket, String table, String place) throws LinuxException {
    this.socket = socket;
    this.table = table;
    this.place = place;
    this.families = netdevSupported() ? ALL : WITHOUT_EGRESS;
  }

  /// Opens the guard of a namespace without changing anything yet.
  ///
  /// @param table name of the tables in the kernel, letters and digits
  public static AddressGuard open(NetworkNamespace namespace, String table) throws LinuxException {
    if (!table.matches("[A-Za-z][A-Za-z0-9_]{0,30}")) {
      throw new IllegalArgumentException("not a name for a table: '" + table + "'");
    }
    NetlinkSocket socket = NetlinkSocket.open(namespace, NetlinkSocket.NETFILTER, 0);
    try {
      return new AddressGuard(socket, table, " in " + namespace);
    } catch (LinuxException e) {
      socket.close();
      throw e;
    }
  }

  /// Puts the guard in place for exactly these addresses, in the place of an older guard of the
  /// same name if there is one.
  ///
  /// There is no instant without a guard in between, for addresses that were guarded before; leases
  /// that run go on and end when they would have ended; no lease is given. Safe to repeat.
  public void install(List<InetAddress> guarded) throws LinuxException {
    install(guarded, List.of());
  }

  /// [#install(List)], and keeps other addresses dark here for ever: those that another namespace
  /// of this machine may answer for. Frames about them that come from there and leave by a link of
  /// this namespace pass.
  ///
  /// @param elsewhere together with `guarded` at most [#MOST_GUARDED]
  public void install(List<InetAddress> guarded, List<InetAddress> elsewhere)
      throws LinuxException {
    String asked = "install the guard of " + names(guarded) + place;
    try {
      write(asked, false, guarded, elsewhere);
    } catch (ErrnoException e) {
      // Tables of our name that are not ours in shape: start from empty ones, which gives no lease.
      if (e.errno().equals(Errno.EEXIST)
          || e.errno().equals(Errno.EINVAL)
          || e.errno().equals(Errno.EOPNOTSUPP)) {
        write(asked, true, guarded, elsewhere);
      } else {
        throw e;
      }
    }
  }

  private void write(
      String asked, boolean fresh, List<InetAddress> guarded, List<InetAddress> elsewhere)
      throws LinuxException {
    socket.batch(
        asked,
        (out, numbers) -> {
          Transaction to = new Transaction(out, numbers);
          GuardRules rules = new GuardRules(to, table);
          for (Family family : families) {
            if (fresh) {
              to.addTable(family, table).deleteTable(family, table);
            }
            rules.tableAndSets(family);
          }
          rules.arp().inet();
          replaceGuarded(to, guarded, elsewhere);
          to.commit();
        });
  }

  /// Replaces the list of guarded addresses. An address that leaves the list answers from then on
  /// if the machine has it: take it off the machine first.
  public void setGuarded(List<InetAddress> guarded) throws LinuxException {
    socket.batch(
        "guard " + names(guarded) + place,
        (out, numbers) -> {
          Transaction to = new Transaction(out, numbers);
          replaceGuarded(to, guarded, List.of());
          to.commit();
        });
  }

  /// Guards frames too that programs send by themselves through these links (gratuitous ARP,
  /// unsolicited neighbour advertisements), so that a sender which was frozen cannot claim an
  /// address after its lease. To be repeated when a link was made anew.
  ///
  /// @return false when the kernel cannot do it (before 5.16): such frames then pass
  public boolean guardEgress(List<String> links) throws LinuxException {
    if (!families.contains(Family.NETDEV)) {
      return false;
    }
    try {
      for (String link : new TreeSet<>(links)) {
        socket.batch(
            "guard frames leaving through " + link + place,
            (out, numbers) -> {
              Transaction to = new Transaction(out, numbers);
              new GuardRules(to, table).egress("egress-" + link, link);
              to.last().addTable(Family.NETDEV, table).commit();
            });
      }
      return true;
    } catch (ErrnoException e) {
      if (e.errno().equals(Errno.EOPNOTSUPP)) {
        return false;
      }
      throw e;
    }
  }

  /// The two sets that must both contain an address before it answers.
  ///
  /// With one set, whoever computes a timeout, is paused, and commits it afterwards gives a lease
  /// that nobody gave. With two, a caller can commit one key, look at the clock, and commit the
  /// other only when the first is right.
  public enum Key {
    LEASED,
    CONFIRMED;

    private final String set4 = name().toLowerCase(Locale.ROOT);
    private final String set6 = set4 + "6";

    String set(boolean v6) {
      return v6 ? set6 : set4;
    }
  }

  /// Lets an address answer from now on for `timeoutMillis`, whether it had a lease or not; an
  /// older lease counts no more. Sets both keys in one transaction: for callers that need no
  /// protection against their own pauses.
  ///
  /// @param timeoutMillis less than 20 makes the address dark at once
  public void lease(InetAddress address, long timeoutMillis) throws LinuxException {
    set(BOTH, List.of(address), timeoutMillis);
  }

  /// Puts addresses into one of the two sets for `timeoutMillis`, in the place of what is there.
  ///
  /// @param addresses at most 32
  /// @param timeoutMillis round down; less than 20 takes the addresses out of the set at once
  public void setKey(Key key, List<InetAddress> addresses, long timeoutMillis)
      throws LinuxException {
    set(key == Key.LEASED ? ONLY_LEASED : ONLY_CONFIRMED, addresses, timeoutMillis);
  }

  private void set(Key[] keys, List<InetAddress> addresses, long timeoutMillis)
      throws LinuxException {
    if (timeoutMillis < SHORTEST_MILLIS) {
      remove(keys, addresses);
      return;
    }
    change(
        "let addresses answer for some time",
        keys,
        addresses,
        (to, family, set, element) ->
            // Adding an element that is there does not refresh it; deleting one that is not is an
            // error.
            to.addElement(family, table, set, element, timeoutMillis)
                .deleteElement(family, table, set, element)
                .addElement(family, table, set, element, timeoutMillis));
  }

  /// Makes an address dark now; one without a lease is dark already.
  public void revoke(InetAddress address) throws LinuxException {
    revoke(List.of(address));
  }

  /// Makes addresses dark now, in one transaction: takes them out of both sets.
  public void revoke(List<InetAddress> addresses) throws LinuxException {
    remove(BOTH, addresses);
  }

  private void remove(Key[] keys, List<InetAddress> addresses) throws LinuxException {
    change(
        "make addresses dark",
        keys,
        addresses,
        (to, family, set, element) ->
            to.addElement(family, table, set, element, SHORTEST_MILLIS)
                .deleteElement(family, table, set, element));
  }

  @FunctionalInterface
  private interface ElementChange {
    void write(Transaction to, Family family, String set, byte[] element);
  }

  private void change(String asked, Key[] keys, List<InetAddress> addresses, ElementChange change)
      throws LinuxException {
    if (addresses.size() > MOST_AT_ONCE) {
      throw new IllegalArgumentException(
          addresses.size() + " addresses at once; at most " + MOST_AT_ONCE);
    }
    if (addresses.isEmpty()) {
      return;
    }
    socket.batch(
        asked,
        (out, numbers) -> {
          Transaction to = new Transaction(out, numbers);
          for (InetAddress address : addresses) {
            boolean v6 = !(address instanceof Inet4Address);
            byte[] element = address.getAddress();
            for (Family family : families) {
              if (v6 && family == Family.ARP) {
                continue;
              }
              for (Key key : keys) {
                change.write(to, family, key.set(v6), element);
              }
            }
          }
          to.last().addTable(Family.INET, table).commit();
        });
  }

  /// The addresses that answer now, with the time until the first of their keys ends, by the table
  /// that decides about packets.
  public List<Leased> leased() throws LinuxException {
    List<Leased> both = new ArrayList<>();
    List<Leased> confirmed = leased(Key.CONFIRMED);
    for (Leased one : leased(Key.LEASED)) {
      for (Leased other : confirmed) {
        if (one.address().equals(other.address())) {
          both.add(
              new Leased(one.address(), Math.min(one.remainingMillis(), other.remainingMillis())));
        }
      }
    }
    return both;
  }

  /// What one of the two sets contains.
  public List<Leased> leased(Key key) throws LinuxException {
    List<Leased> all = new ArrayList<>(elements(key.set(false)));
    all.addAll(elements(key.set(true)));
    return all;
  }

  /// The guarded addresses.
  ///
  /// @throws ErrnoException ENOENT when no guard is installed
  public List<InetAddress> guarded() throws LinuxException {
    List<Leased> all = new ArrayList<>(elements(GuardRules.GUARDED));
    all.addAll(elements(GuardRules.GUARDED6));
    return all.stream().map(Leased::address).toList();
  }

  /// What the kernel has of this guard now: tables, sets, chains and rules, without elements and
  /// counters. Equal to what it was just after [#install] and [#guardEgress] as long as nobody
  /// changed anything.
  public String look() throws LinuxException {
    return RulesetLook.describe(socket, table);
  }

  /// Number of the socket that makes the changes, by which events tell who made them.
  public int portId() throws LinuxException {
    return socket.portId();
  }

  /// Takes the guard away: from then on every address of the machine answers. Without a guard,
  /// nothing happens.
  public void remove() throws LinuxException {
    socket.batch(
        "remove the guard" + place,
        (out, numbers) -> {
          Transaction to = new Transaction(out, numbers);
          for (int i = 0; i < families.size(); i++) {
            to.addTable(families.get(i), table);
            if (i == families.size() - 1) {
              to.last();
            }
            to.deleteTable(families.get(i), table);
          }
          to.commit();
        });
  }

  @Override
  public void close() {
    socket.close();
  }

  private void replaceGuarded(
      Transaction to, List<InetAddress> guarded, List<InetAddress> elsewhere) {
    if (guarded.size() + elsewhere.size() > MOST_GUARDED) {
      throw new IllegalArgumentException(
          guarded.size() + elsewhere.size() + " guarded addresses; at most " + MOST_GUARDED);
    }
    List<InetAddress> all = new ArrayList<>(guarded);
    all.addAll(elsewhere);
    for (Family family : families) {
      List<InetAddress> here = family == Family.NETDEV ? guarded : all;
      List<InetAddress> v4 =
          here.stream().filter(a -> a instanceof Inet4Address).distinct().toList();
      List<InetAddress> v6 =
          here.stream().filter(a -> !(a instanceof Inet4Address)).distinct().toList();
      to.flushSet(family, table, GuardRules.GUARDED);
      to.addElements(family, table, GuardRules.GUARDED, v4);
      if (family != Family.ARP) {
        to.flushSet(family, table, GuardRules.GUARDED6);
        to.addElements(family, table, GuardRules.GUARDED6, v6);
      }
    }
    to.last().addTable(Family.INET, table);
  }

  private List<Leased> elements(String set) throws LinuxException {
    return socket
        .dump(
            Transaction.GET_ELEMENTS,
            "list set " + set + " of table " + table + place,
            out -> Transaction.writeGetElements(out, Family.INET, table, set),
            ElementCodec::elements)
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  /// Asked by a transaction that changes nothing when it works.
  private boolean netdevSupported() throws LinuxException {
    try {
      socket.batch(
          "try a netdev table",
          (out, numbers) -> {
            Transaction to = new Transaction(out, numbers);
            String probe = table + "_probe";
            to.addTable(Family.NETDEV, probe).last().deleteTable(Family.NETDEV, probe).commit();
          });
      return true;
    } catch (ErrnoException e) {
      if (e.errno().equals(Errno.EPERM)) {
        throw e;
      }
      return false;
    }
  }

  private static String names(List<InetAddress> addresses) {
    return addresses.isEmpty()
        ? "no addresses"
        : String.join(", ", addresses.stream().map(InetAddress::getHostAddress).toList());
  }
}
