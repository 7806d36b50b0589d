package io.trivet.daemon.vip;

import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.kernel.KernelEvent;
import io.trivet.linux.LinuxException;
import io.trivet.linux.MacAddress;
import io.trivet.linux.packet.ClaimWatch;
import io.trivet.linux.route.Link;
import io.trivet.linux.route.Neighbour;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who else says that a VIP is his, while this controller shows it. Listens all the time, and asks
/// when a VIP is newly shown and every half minute. Nothing waits for it: a VIP is claimed first,
/// and the question asked beside.
final class Claims implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Claims.class);
  private static final long ASK_NANOS = 30_000_000_000L;

  private static final int MOST_AWAITED = 64;
  private static final long LAST_WORDS_NANOS = 500_000_000L;

  /// By place and link.
  private final Map<String, ClaimWatch> watches = new TreeMap<>();

  private final Map<String, Long> askedAtNanos = new TreeMap<>();

  /// Descriptors that are readable when there is something to hear. Those of very many links are
  /// read when their turn comes.
  List<Integer> fds() {
    return watches.values().stream()
        .flatMap(watch -> watch.fds().stream())
        .limit(MOST_AWAITED)
        .toList();
  }

  /// What was heard since the last call.
  ///
  /// @param again filled with the VIPs that should be announced again, which is done whenever the
  ///   question is asked: a neighbour may have missed the announcement before
  List<KernelEvent> turn(List<OpenPlace> places, long nowNanos, List<String> again) {
    List<KernelEvent> heard = new ArrayList<>();
    TreeSet<String> shown = new TreeSet<>();
    TreeSet<String> wanted = new TreeSet<>();
    for (OpenPlace open : places) {
      for (String link : open.place().links()) {
        String key = open.place().key() + " " + link;
        wanted.add(key);
        List<VipPlace.Seat> seats =
            open.place().seats().stream().filter(seat -> seat.link().equals(link)).toList();
        try {
          turn(open, key, link, seats, nowNanos, again, heard);
        } catch (LinuxException e) {
          // The link may be gone, or another one by now.
          LOG.debug("Not listening for others on {}: {}", link, e.getMessage());
          close(key);
        }
        seats.stream().map(VipPlace.Seat::vip).filter(vip -> open.shows(vip)).forEach(shown::add);
      }
    }
    askedAtNanos.keySet().retainAll(shown);
    new TreeSet<>(watches.keySet())
        .stream().filter(key -> !wanted.contains(key)).forEach(this::close);
    return heard;
  }

  private void turn(
      OpenPlace open,
      String key,
      String link,
      List<VipPlace.Seat> seats,
      long nowNanos,
      List<String> again,
      List<KernelEvent> heard)
      throws LinuxException {
    ClaimWatch watch = watches.get(key);
    if (watch != null && !watch.mac().equals(open.inner().link(link).map(Link::mac).orElse(null))) {
      close(key); // answers would go to an Ethernet address that it does not have any more
      watch = null;
    }
    if (watch == null) {
      List<InetAddress> all = seats.stream().flatMap(seat -> addresses(seat).stream()).toList();
      watch = ClaimWatch.open(open.namespace(), link, all);
      watches.put(key, watch);
    }
    for (Map.Entry<ClaimWatch.Claim, Long> each : watch.read().entrySet()) {
      ClaimWatch.Claim claim = each.getKey();
      for (VipPlace.Seat seat : seats) {
        if (addresses(seat).contains(claim.address())
            && isAgainstUs(open.shownAtNanos().get(seat.vip()), each.getValue())) {
          String who = who(open, claim.mac());
          if (!who.isEmpty()) {
            heard.add(new KernelEvent.Claimed(seat.vip(), claim.address().getHostAddress(), who));
          }
        }
      }
    }
    for (VipPlace.Seat seat : seats) {
      Long shown = open.shownAtNanos().get(seat.vip());
      if (shown == null || nowNanos - shown <= LAST_WORDS_NANOS) {
        continue;
      }
      Long asked = askedAtNanos.get(seat.vip());
      boolean anew = asked == null || asked - shown < 0;
      if (asked == null || anew || nowNanos - asked >= ASK_NANOS) {
        askedAtNanos.put(seat.vip(), nowNanos);
        if (!anew) {
          again.add(seat.vip());
        }
        for (InetAddress address : addresses(seat)) {
          watch.ask(address);
        }
      }
    }
  }

  /// What was said before the VIP came here was said by the holder before, as it should; its last
  /// words may come in a little later. Who says it still answers to the question.
  private static boolean isAgainstUs(@Nullable Long shownAtNanos, long saidAtNanos) {
    return shownAtNanos != null && saidAtNanos - shownAtNanos > LAST_WORDS_NANOS;
  }

  /// The station with that Ethernet address, by what the neighbour table knows of it; empty when it
  /// is this controller itself, by another of its links.
  private static String who(OpenPlace open, MacAddress mac) throws LinuxException {
    List<Link> own = new ArrayList<>(open.host().links());
    own.addAll(open.inner().links());
    if (own.stream().anyMatch(link -> mac.equals(link.mac()))) {
      return "";
    }
    TreeSet<String> known = new TreeSet<>();
    for (Neighbour neighbour : open.host().neighbours()) {
      if (mac.equals(neighbour.mac())) {
        known.add(neighbour.address().getHostAddress());
      }
    }
    return known.isEmpty() ? mac.toString() : mac + " (" + String.join(", ", known) + ")";
  }

  private static List<InetAddress> addresses(VipPlace.Seat seat) {
    return seat.addresses().stream()
        .map(IpPrefix::address)
        .map(address -> InetAddress.ofLiteral(address.toString()))
        .toList();
  }

  private void close(String key) {
    ClaimWatch watch = watches.remove(key);
    if (watch != null) {
      watch.close();
    }
  }

  @Override
  public void close() {
    watches.values().forEach(ClaimWatch::close);
    watches.clear();
  }
}
