package io.trivet.daemon.vip;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.file.Vip;
import io.trivet.cluster.kernel.Difference;
import io.trivet.cluster.kernel.Part;
import io.trivet.cluster.lease.HoldCommit;
import io.trivet.daemon.lease.VipKernel;
import io.trivet.linux.LinuxException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.nftables.AddressGuard;
import io.trivet.linux.packet.Announcer;
import io.trivet.linux.route.Link;
import io.trivet.linux.route.Route;
import io.trivet.linux.route.RouteSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All VIPs of this controller in the kernel. [#reconfigure] makes their places and guards; from
/// then on no VIP is answered for without a lease, also when this process is gone.
///
/// The methods of [VipKernel] belong to the lease thread and never wait for the others; places may
/// be made and taken away on another thread meanwhile. A call that meets a place on its way out
/// fails with an [IOException].
public final class VipHost implements VipKernel, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(VipHost.class);
  static final String TABLE = "trivet";
  private static final int ANNOUNCEMENTS = 3;

  private final PlaceRegister register;
  private final NetworkNamespace host;
  private final PlaceBuilder builder;
  private final Forwarding forwarding;

  /// By [VipPlace#key]. Only with this object's lock.
  private final SortedMap<String, OpenPlace> places = new TreeMap<>();

  private List<Vip> vips = List.of();
  private PlaceNumbers numbers;

  /// By the VIP's name. Replaced as a whole, so that the lease thread needs no lock.
  private volatile SortedMap<String, OpenPlace> placeOfVip = new TreeMap<>();

  /// @param register remembers what Trivet made
  /// @param ownAddresses addresses of this controller
  /// @throws IOException when this process has not the rights for it
  public VipHost(PlaceRegister register, List<IpAddress> ownAddresses) throws IOException {
    this(register, ownAddresses, NetworkNamespace.current());
  }

  /// @param host the controller's own namespace
  VipHost(PlaceRegister register, List<IpAddress> ownAddresses, NetworkNamespace host)
      throws IOException {
    this.register = register;
    this.host = host;
    this.numbers = new PlaceNumbers(register.all());
    this.builder = new PlaceBuilder(host, ownAddresses);
    this.forwarding = new Forwarding(register, host, ownAddresses);
  }

  /// What [#reconfigure] did.
  ///
  /// @param gone VIPs that are not here any more, or are here with other addresses or on another
  ///   link: each is dark and without its old addresses; whoever believed to hold it must be told
  public record Reconfigured(SortedSet<String> gone) {}

  /// Makes these the VIPs of this controller, as a difference: places, guards, addresses and leases
  /// of what did not change are not touched. What is gone is darkened, its addresses are taken
  /// away, then its place, unless others live there. What is new is made, dark.
  ///
  /// At the first call, whatever address of a VIP this controller still has from an earlier life is
  /// dark at once and taken away. May take some tenths of a second for a new namespace, and leaves
  /// the lease thread alone meanwhile.
  ///
  /// @throws IOException when a guard cannot be installed, or what is gone cannot be darkened; a
  ///   missing interface is no reason: the VIPs on it cannot be shown then
  public synchronized Reconfigured reconfigure(List<Vip> wanted) throws IOException {
    boolean first = places.isEmpty();
    PlaceNumbers covering = numbers.covering(wanted);
    keep(covering);
    SortedMap<String, VipPlace> next = new TreeMap<>();
    VipPlace.of(wanted, covering).forEach(place -> next.put(place.key(), place));
    TreeSet<String> gone = new TreeSet<>();
    for (OpenPlace open : List.copyOf(places.values())) {
      VipPlace after = next.get(open.place().key());
      for (VipPlace.Seat seat : open.place().seats()) {
        if (after == null || !after.seats().contains(seat)) {
          gone.add(seat.vip());
          takeAway(open, seat);
        }
      }
      if (after == null) {
        removePlace(open);
      }
    }
    for (VipPlace place : next.values()) {
      OpenPlace open = places.get(place.key());
      if (open == null) {
        add(open(place));
      } else if (!open.place().equals(place)) {
        add(changed(open, place));
      }
    }
    if (first) {
      removeLeftovers(covering, next);
    }
    numbers = covering.only(wanted);
    vips = List.copyOf(wanted);
    keep(numbers);
    forward();
    return new Reconfigured(gone);
  }

  private void keep(PlaceNumbers changed) throws IOException {
    SortedMap<String, Integer> all = register.all();
    all.keySet().removeIf(PlaceNumbers::isKey);
    all.putAll(changed.numbers());
    register.keep(all);
  }

  /// Lets packets of the links to namespaces through the host.
  private void forward() {
    try {
      forwarding.put(hostLinks(), true);
    } catch (IOException e) {
      LOG.error("The namespaces do not reach the other controllers: {}", e.getMessage());
    }
  }

  /// Everything that is not as it should be.
  synchronized List<Difference> look() throws IOException {
    List<Difference> differences = new ArrayList<>();
    for (OpenPlace open : places.values()) {
      differences.addAll(new PlaceLook(open, builder, host).differences());
    }
    for (String what : forwarding.put(hostLinks(), false)) {
      differences.add(changed(what));
    }
    return differences;
  }

  /// Puts right what Trivet made, but for what decides whether a VIP is answered for: that is left
  /// to [#showAgain] and [#restoreGuard], on the lease thread.
  ///
  /// @return the places that need those two
  synchronized List<OpenPlace> putRight(List<Difference> differences) throws IOException {
    Attempts attempts = new Attempts();
    List<OpenPlace> touched = new ArrayList<>();
    for (OpenPlace open : places.values()) {
      String name = open.place().namespace();
      if (differences.stream().noneMatch(d -> PlaceLook.concerns(d, open.place()))) {
        continue;
      }
      touched.add(open);
      if (name == null) {
        attempts.on(() -> builder.prepareHost(open.place()));
      } else {
        if (!open.namespace().isNamed(name)) {
          attempts.on(() -> open.namespace().giveName(name));
        }
        attempts.on(() -> builder.build(open.place(), open.namespace()));
      }
    }
    attempts.on(() -> forwarding.put(hostLinks(), true));
    attempts.end();
    return touched;
  }

  /// Shows a VIP again if it is shown, hides it again if not. On the lease thread.
  void showAgain(String vip) {
    try {
      OpenPlace open = of(vip);
      if (open.shows(vip)) {
        VipAddresses.removeDeaf(open, open.place().seat(vip));
        show(vip);
        VipAddresses.removeStrays(open, open.place().seat(vip));
      } else {
        VipAddresses.remove(open, open.place().seat(vip));
      }
    } catch (IOException e) {
      LOG.warn("VIP {} is not as it should be: {}", vip, e.getMessage());
    }
  }

  /// Whether this controller shows the VIP now.
  boolean shows(String vip) {
    OpenPlace open = placeOfVip.get(vip);
    return open != null && open.shows(vip);
  }

  /// The places there are now, to be listened to.
  synchronized List<OpenPlace> open() {
    return List.copyOf(places.values());
  }

  NetworkNamespace hostNamespace() {
    return host;
  }

  /// Numbers of the sockets that make changes in a namespace.
  synchronized List<Integer> ownPorts() throws IOException {
    List<Integer> ports = new ArrayList<>();
    for (OpenPlace open : places.values()) {
      ports.add(open.guard().portId());
      ports.add(open.inner().portId());
      ports.add(open.host().portId());
    }
    ports.add(forwarding.portId());
    return ports;
  }

  private List<String> hostLinks() {
    return places.values().stream()
        .map(OpenPlace::place)
        .filter(place -> place.namespace() != null)
        .map(VipPlace::hostLink)
        .toList();
  }

  /// The VIPs in force.
  public synchronized List<Vip> vips() {
    return vips;
  }

  private OpenPlace open(VipPlace place) throws IOException {
    String name = place.namespace();
    NetworkNamespace namespace = name == null ? host.again() : NetworkNamespace.ensure(name);
    OpenPlace open = OpenPlace.open(place, namespace, host, TABLE);
    try {
      VipAddresses.removeForgotten(open.guard(), open.inner(), open.place().allGuarded());
      install(open);
      build(open);
      for (VipPlace.Seat seat : place.seats()) {
        VipAddresses.removeOwn(open, seat);
        endConnections(open, seat);
      }
      return open;
    } catch (IOException e) {
      open.close();
      throw e;
    }
  }

  /// Other VIPs in a place that stays: what is new is guarded before anything is made for it.
  private OpenPlace changed(OpenPlace before, VipPlace place) throws IOException {
    OpenPlace open = before.with(place);
    install(open);
    build(open);
    for (VipPlace.Seat seat : place.seats()) {
      if (!before.place().seats().contains(seat)) {
        VipAddresses.removeOwn(open, seat);
      }
    }
    open.announcers()
        .forEach(
            (link, announcer) -> {
              if (!place.links().contains(link) && open.announcers().remove(link, announcer)) {
                announcer.close();
              }
            });
    return open;
  }

  /// Makes what a place needs beside its guard. What the kernel refuses is said, and no reason to
  /// stop: the guard is there.
  private void build(OpenPlace open) {
    VipPlace place = open.place();
    try {
      if (place.namespace() == null) {
        builder.prepareHost(place);
      } else {
        builder.build(place, open.namespace());
      }
      install(open);
    } catch (IOException e) {
      LOG.error(
          "The place of the VIPs in {} is not complete: {}", open.namespace(), e.getMessage());
    }
  }

  private void add(OpenPlace open) {
    places.put(open.place().key(), open);
    publish();
  }

  private void publish() {
    SortedMap<String, OpenPlace> byVip = new TreeMap<>();
    places
        .values()
        .forEach(open -> open.place().seats().forEach(seat -> byVip.put(seat.vip(), open)));
    placeOfVip = byVip;
  }

  /// A VIP leaves: dark first, then without its addresses.
  private void takeAway(OpenPlace open, VipPlace.Seat seat) throws IOException {
    Attempts attempts = new Attempts();
    open.shownAtNanos().remove(seat.vip());
    attempts.on(() -> open.guard().revoke(VipAddresses.of(seat)));
    boolean hidden = attempts.on(() -> VipAddresses.removeOwn(open, seat));
    endConnections(open, seat);
    if (!hidden) {
      attempts.end();
    }
    LOG.info("VIP {} has left {}", seat.vip(), open.namespace());
  }

  private void removePlace(OpenPlace open) throws IOException {
    places.remove(open.place().key());
    publish();
    String namespace = open.place().namespace();
    if (namespace == null) {
      open.guard().remove();
    } else {
      builder.remove(namespace, open.place().hostLink());
      LOG.info("Removed the network namespace {}, no VIP lives in it any more", namespace);
    }
    open.close();
  }

  /// What an earlier run made and nobody wants any more.
  private void removeLeftovers(PlaceNumbers known, SortedMap<String, VipPlace> wanted)
      throws IOException {
    for (String namespace : known.namespaces()) {
      if (!wanted.containsKey(namespace)) {
        builder.remove(namespace, VipPlace.hostLink(known.ofNamespace(namespace)));
        LOG.info("Removed the network namespace {}, no VIP lives in it any more", namespace);
      }
    }
    if (!wanted.containsKey("")) {
      try (AddressGuard guard = AddressGuard.open(host, TABLE);
          RouteSocket route = RouteSocket.open(host)) {
        VipAddresses.removeForgotten(guard, route, List.of());
        guard.remove();
      }
    }
  }

  @Override
  public void setKey(String vip, HoldCommit.Key key, long timeoutNanos) throws IOException {
    OpenPlace open = of(vip);
    AddressGuard.Key set =
        switch (key) {
          case FIRST -> AddressGuard.Key.LEASED;
          case SECOND -> AddressGuard.Key.CONFIRMED;
        };
    open.guard()
        .setKey(
            set,
            VipAddresses.of(open.place().seat(vip)),
            TimeUnit.NANOSECONDS.toMillis(timeoutNanos));
  }

  @Override
  public void clearKeys(String vip) throws IOException {
    whereItIs(vip, open -> open.guard().revoke(VipAddresses.of(open.place().seat(vip))));
  }

  private interface InPlace {
    void make(OpenPlace open) throws IOException;
  }

  /// For what makes a VIP dark: one that is not here any more was made dark when it left, also when
  /// it leaves just now.
  private void whereItIs(String vip, InPlace darkening) throws IOException {
    OpenPlace open = placeOfVip.get(vip);
    if (open == null) {
      return;
    }
    try {
      darkening.make(open);
    } catch (IOException e) {
      if (open.equals(placeOfVip.get(vip))) {
        throw e;
      }
      whereItIs(vip, darkening);
    }
  }

  @Override
  public void show(String vip) throws IOException {
    OpenPlace open = of(vip);
    VipPlace.Seat seat = open.place().seat(vip);
    int link = open.inner().indexOf(seat.link());
    for (IpPrefix address : seat.addresses()) {
      open.inner().ensureAddress(link, VipAddresses.alone(address));
    }
    open.shownAtNanos().putIfAbsent(vip, System.nanoTime());
    announce(vip);
    if (open.place().namespace() != null) {
      // The kernel dropped the IPv4 routes of the link when its last address left.
      int toHost = open.inner().indexOf(VipPlace.INNER_LINK);
      for (Route route : builder.routes(open.place(), seat, link, toHost)) {
        open.inner().ensureRoute(route);
      }
      for (IpPrefix address : seat.addresses()) {
        open.host().ensureRoute(VipAddresses.hostRoute(open.place(), address));
      }
    }
  }

  @Override
  public void hide(String vip) throws IOException {
    whereItIs(vip, open -> hide(open, open.place().seat(vip)));
  }

  private static void hide(OpenPlace open, VipPlace.Seat seat) throws IOException {
    open.shownAtNanos().remove(seat.vip());
    Attempts attempts = new Attempts();
    attempts.on(() -> VipAddresses.remove(open, seat));
    int ended = endConnections(open, seat);
    if (ended > 0) {
      LOG.info("VIP {} is not here any more: ended {} connections", seat.vip(), ended);
    }
    attempts.end();
  }

  private static int endConnections(OpenPlace open, VipPlace.Seat seat) {
    try {
      return open.sockets().destroyLocal(VipAddresses.of(seat));
    } catch (LinuxException e) {
      LOG.warn("Connections to VIP {} were not ended: {}", seat.vip(), e.getMessage());
      return 0;
    }
  }

  @Override
  public void announce(String vip) throws IOException {
    OpenPlace open = of(vip);
    VipPlace.Seat seat = open.place().seat(vip);
    Announcer announcer = open.announcers().get(seat.link());
    if (announcer != null && hasMac(open, seat.link(), announcer)) {
      try {
        announceAll(announcer, seat);
        return;
      } catch (LinuxException e) {
        // The link may be another one of that name by now.
        LOG.debug("{}", e.getMessage());
      }
    }
    Announcer anew = Announcer.open(open.namespace(), seat.link());
    if (announcer != null && open.announcers().remove(seat.link(), announcer)) {
      announcer.close();
    }
    open.announcers().put(seat.link(), anew);
    announceAll(anew, seat);
  }

  private static boolean hasMac(OpenPlace open, String link, Announcer announcer)
      throws LinuxException {
    return announcer.mac().equals(open.inner().link(link).map(Link::mac).orElse(null));
  }

  /// VIPs that are shown here and were announced with an Ethernet address which their link does not
  /// have any more: neighbours send to the old one until they hear of the new.
  synchronized List<String> announcedWrongly() throws IOException {
    List<String> wrongly = new ArrayList<>();
    for (OpenPlace open : places.values()) {
      for (VipPlace.Seat seat : open.place().seats()) {
        Announcer announcer = open.announcers().get(seat.link());
        if (announcer != null && open.shows(seat.vip())) {
          boolean right = hasMac(open, seat.link(), announcer);
          boolean there = right || open.inner().link(seat.link()).isPresent();
          if (!right && there) {
            wrongly.add(seat.vip());
          }
        }
      }
    }
    return wrongly;
  }

  /// The kernel parameters that are not as they should be; much cheaper than [#look], and the
  /// kernel tells of everything but them.
  synchronized List<Difference> lookAtSettings() throws IOException {
    List<Difference> differences = new ArrayList<>();
    for (OpenPlace open : places.values()) {
      differences.addAll(new PlaceLook(open, builder, host).settingsOnly());
    }
    for (String what : forwarding.settings()) {
      differences.add(changed(what));
    }
    return differences;
  }

  private static Difference changed(String forwarding) {
    return new Difference(
        new Part.Forwarding(forwarding), Difference.Found.CHANGED, new TreeSet<>());
  }

  private static void announceAll(Announcer announcer, VipPlace.Seat seat) throws LinuxException {
    for (InetAddress address : VipAddresses.of(seat)) {
      announcer.announce(address, ANNOUNCEMENTS);
    }
  }

  @Override
  public synchronized void close() {
    List<OpenPlace> open = List.copyOf(places.values());
    places.clear();
    publish();
    open.forEach(OpenPlace::close);
    forwarding.close();
    host.close();
  }

  @Override
  public void restoreGuard(String vip) throws IOException {
    install(of(vip));
  }

  /// Puts the guard in place and keeps what it looks like, to see later whether somebody changed
  /// it.
  static void install(OpenPlace open) throws LinuxException {
    open.guard().install(inet(open.place().guarded()), inet(open.place().elsewhere()));
    List<String> there = new ArrayList<>(open.place().links());
    there.retainAll(open.inner().links().stream().map(Link::name).toList());
    if (!open.guard().guardEgress(there)) {
      LOG.debug("This kernel cannot filter announcements on their way out");
    }
    open.guardSeen().set(open.guard().look());
  }

  @Override
  public void cutLink(String vip) throws IOException {
    OpenPlace open = of(vip);
    String link = open.place().seat(vip).link();
    if (open.place().namespace() == null) {
      open.host().setDown(link);
    } else {
      open.inner().deleteLink(link);
    }
  }

  @Override
  public void cutUplink(String vip) throws IOException {
    OpenPlace open = of(vip);
    open.host().setDown(open.place().seat(vip).parent());
  }

  private OpenPlace of(String vip) throws IOException {
    OpenPlace open = placeOfVip.get(vip);
    if (open == null) {
      throw new IOException("VIP " + vip + " is not in the cluster file in force");
    }
    return open;
  }

  private static List<InetAddress> inet(List<IpAddress> addresses) {
    return addresses.stream().map(VipAddresses::inet).toList();
  }
}
