package io.trivet.daemon.peer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.daemon.tls.Certificates;
import io.trivet.daemon.tls.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class PeerChannelTest {
  private static final byte KIND = 7;

  @TempDir static Path certificates = Path.of("");

  private final TreeMap<String, InetSocketAddress> addresses = new TreeMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeAll
  static void makeCertificates() throws Exception {
    String host = "127.0.0.1";
    SortedMap<String, String> all = new TreeMap<>(Map.of("a", host, "b", host, "x", host));
    Certificates.create(all, certificates.resolve("ours"));
    Certificates.create(all, certificates.resolve("theirs"));
  }

  @BeforeEach
  void chooseAddresses() throws IOException {
    for (String name : List.of("a", "b")) {
      addresses.put(name, new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort()));
    }
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  @Test
  void messagesArriveWholeInOrderAndOnce() throws Exception {
    Heard heardByA = new Heard();
    Heard heardByB = new Heard();
    PeerChannel a = start("a", "ours", heardByA);
    PeerChannel b = start("b", "ours", heardByB);
    heardByA.awaitConnected("b", 1);
    heardByB.awaitConnected("a", 1);
    for (int i = 0; i < 200; i++) {
      a.send("b", KIND, number(i));
    }
    b.send("a", (byte) 200, new byte[PeerChannel.BODY_BYTES_MAX]);
    heardByB.awaitMessages(200);
    heardByA.awaitMessages(1);
    for (int i = 0; i < 200; i++) {
      assertArrayEquals(number(i), heardByB.message(i));
    }
    assertEquals(PeerChannel.BODY_BYTES_MAX, heardByA.message(0).length);
    PeerStatus status = a.status().getFirst();
    assertTrue(status.outgoing() && status.incoming(), status.toString());
    assertEquals(0, status.dropped());
    assertEquals(200, status.sent());
  }

  @Test
  void aMessageTakesLessThanAMillisecondOnLoopback() throws Exception {
    Heard heardByB = new Heard();
    PeerChannel a = start("a", "ours", new Heard());
    start("b", "ours", heardByB);
    for (int i = 1; i <= 300; i++) {
      a.send("b", KIND, ByteBuffer.allocate(300).putLong(0, System.nanoTime()).array());
      heardByB.awaitMessages(i);
    }
    long[] delays = heardByB.delaysNanos();
    Arrays.sort(delays, 100, 300);
    long median = delays[200];
    assertTrue(median < TimeUnit.MILLISECONDS.toNanos(1), "median of 200: " + median + " ns");
  }

  /// Notes what each thread was told, by its name when it was told last.
  private static final class Urgencies implements Urgency {
    private final Map<Thread, List<String>> told = new ConcurrentHashMap<>();

    private void add(String what) {
      told.computeIfAbsent(Thread.currentThread(), _ -> new CopyOnWriteArrayList<>()).add(what);
    }

    @Override
    public void connecting() {
      add("connecting");
    }

    @Override
    public void connected() {
      add("connected");
    }

    List<String> of(String thread) {
      return told.entrySet().stream()
          .filter(entry -> entry.getKey().getName().equals(thread))
          .findFirst()
          .map(Map.Entry::getValue)
          .orElse(List.of());
    }
  }

  /// Whoever has a message in hand was told before that its connection stands.
  @Test
  void aThreadIsUrgentOnlyOnceItsConnectionStands() throws Exception {
    Urgencies urgencies = new Urgencies();
    Heard heardByB = new Heard();
    PeerChannel a = start("a", "ours", new Heard());
    PeerSettings settings =
        new PeerSettings(
            "b",
            addresses.get("b"),
            new TreeMap<>(Map.of("a", addresses.get("a"))),
            () -> context("b"),
            urgencies);
    PeerChannel b = PeerChannel.open(settings, heardByB);
    open.add(b);
    heardByB.awaitConnected("a", 1);
    a.send("b", KIND, number(1));
    heardByB.awaitMessages(1);
    List<String> writer = urgencies.of("b-to-a");
    assertEquals(
        List.of("connecting", "connected"), writer.subList(writer.size() - 2, writer.size()));
    assertEquals(List.of("connecting", "connected"), urgencies.of("b-from-a"));
  }

  private static SSLContext context(String name) {
    try {
      return identity(name, "ours").context(new TreeSet<>(List.of("a", "b")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aPeerThatComesBackIsConnectedAgain() throws Exception {
    Heard heardByA = new Heard();
    PeerChannel a = start("a", "ours", heardByA);
    PeerChannel b = start("b", "ours", new Heard());
    heardByA.awaitConnected("b", 1);
    b.close();
    heardByA.awaitDisconnected("b", 1);
    Heard heardByNewB = new Heard();
    start("b", "ours", heardByNewB);
    heardByA.awaitConnected("b", 2);
    a.send("b", KIND, number(5));
    heardByNewB.awaitMessages(1);
    assertArrayEquals(number(5), heardByNewB.message(0));
  }

  @Test
  void aCutWithoutAnySignIsNoticedWithinASecondAndHealsAtOnce() throws Exception {
    CuttableWire wire = new CuttableWire(addresses.get("b"));
    open.add(wire);
    Heard heardByA = new Heard();
    Heard heardByB = new Heard();
    PeerChannel a = start("a", Map.of("b", wire.address()), heardByA);
    start("b", "ours", heardByB);
    heardByA.awaitConnected("b", 1);
    wire.cut();
    long cutNanos = System.nanoTime();
    heardByA.awaitDisconnected("b", 1);
    long noticedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - cutNanos);
    assertTrue(noticedMillis < 1_500, "noticed after " + noticedMillis + " ms");
    assertTrue(heardByA.lastReason().contains("nothing heard for 1000 ms"), heardByA.lastReason());
    // The caller goes on sending and is never held up.
    for (int i = 0; i < 10_000; i++) {
      a.send("b", KIND, number(i));
    }
    wire.heal();
    long healedNanos = System.nanoTime();
    heardByA.awaitConnected("b", 2);
    long backMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - healedNanos);
    // This wire accepts while it is cut, so an attempt under way at the end of the cut has to time
    // out first.
    long attemptMillis = TimeUnit.NANOSECONDS.toMillis(Outgoing.HANDSHAKE_MAX_NANOS);
    assertTrue(backMillis < attemptMillis + 1_000, "back after " + backMillis + " ms");
    a.send("b", KIND, number(-1));
    heardByB.await("the newest message", it -> it.contains(number(-1)));
    assertTrue(a.status().getFirst().dropped() > 9_000, a.status().toString());
  }

  @Test
  void aReaderThatSleepsCostsTheSenderNothingButOldMessages() throws Exception {
    Heard heardByA = new Heard();
    Heard heardByB = new Heard();
    PeerChannel a = start("a", "ours", heardByA);
    start("b", "ours", heardByB);
    heardByA.awaitConnected("b", 1);
    heardByB.holdUp();
    byte[] large = new byte[256 * 1024];
    long start = System.nanoTime();
    for (int i = 0; i < 400; i++) {
      a.send("b", KIND, large);
    }
    long sendMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    assertTrue(sendMillis < 2_000, "100 MB were handed over in " + sendMillis + " ms");
    heardByA.awaitDisconnected("b", 1);
    // Which of the two comes first depends on how much the kernel buffers.
    assertTrue(
        heardByA.lastReason().matches("a write was stuck.*|nothing heard.*"),
        heardByA.lastReason());
    assertTrue(a.status().getFirst().dropped() > 300, a.status().toString());
    heardByB.goOn();
    heardByA.awaitConnected("b", 2);
    a.send("b", KIND, number(9));
    heardByB.await("the newest message", it -> it.contains(number(9)));
  }

  @Test
  void aCertificateOfAnotherAuthorityIsRefusedInBothDirections() throws Exception {
    Heard heardByA = new Heard();
    Heard heardByB = new Heard();
    PeerChannel a = start("a", "ours", heardByA);
    PeerChannel b = start("b", "theirs", heardByB);
    a.send("b", KIND, number(1));
    b.send("a", KIND, number(1));
    awaitAttempts(a, b);
    assertEquals(0, heardByA.messages() + heardByB.messages());
    assertFalse(heardByA.everConnected() || heardByB.everConnected());
  }

  @Test
  void aCertificateOfANonMemberIsRefused() throws Exception {
    Heard heardByA = new Heard();
    start("a", "ours", heardByA);
    Identity stranger = identity("x", "ours");
    try (Socket plain = connect(addresses.get("a"))) {
      SSLSocket tls = tls(plain, stranger);
      assertThrows(
          IOException.class,
          () -> {
            tls.startHandshake();
            tls.getOutputStream().write(Frame.greeting());
            new Frame.Reader(tls.getInputStream()).expectGreeting();
          });
    }
    assertEquals(0, heardByA.messages());
  }

  @Test
  void aPeerUnderTheNameOfAnotherIsNotTalkedTo() throws Exception {
    // At b's address answers a second "a": a valid member, but not the one that is wanted there.
    addresses.put("x", addresses.get("b"));
    Heard heardByX = new Heard();
    Heard heardByA = new Heard();
    PeerChannel a = start("a", "ours", heardByA);
    PeerSettings settings =
        new PeerSettings(
            "x",
            addresses.get("x"),
            new TreeMap<>(Map.of("a", addresses.get("a"))),
            identity("x", "ours").context(new TreeSet<>(List.of("a", "b", "x"))));
    PeerChannel x = PeerChannel.open(settings, heardByX);
    open.add(x);
    a.send("b", KIND, number(1));
    awaitAttempts(a, x);
    assertFalse(heardByA.everConnected());
    assertEquals(0, heardByX.messages());
  }

  @Test
  void aMessageThatIsTooLargeIsRefusedHereAndThere() throws Exception {
    Heard heardByA = new Heard();
    PeerChannel a = start("a", "ours", heardByA);
    assertThrows(IllegalArgumentException.class, () -> a.send("b", KIND, new byte[(1 << 20) + 1]));
    assertThrows(IllegalArgumentException.class, () -> a.send("b", (byte) 0, new byte[1]));
    assertThrows(IllegalArgumentException.class, () -> a.send("nobody", KIND, new byte[1]));
    for (int length : new int[] {(1 << 20) + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
      byte[] header = ByteBuffer.allocate(5).putInt(length).put(KIND).array();
      assertTrue(isCutAfter(header), "length " + length);
    }
    assertEquals(0, heardByA.messages());
  }

  @Test
  void nonsenseFromAMemberOrAStrangerHarmsNobody() throws Exception {
    Heard heardByA = new Heard();
    Heard heardByB = new Heard();
    PeerChannel a = start("a", "ours", heardByA);
    Random random = new Random(42);
    for (int i = 0; i < 40; i++) {
      byte[] nonsense = new byte[1 + random.nextInt(300)];
      random.nextBytes(nonsense);
      // A first byte above the limit: otherwise half a frame would just wait for its other half.
      nonsense[0] = (byte) (nonsense[0] | 0x40);
      assertTrue(i % 2 == 0 ? isCutAfter(nonsense) : isCutWithoutTls(nonsense), "round " + i);
    }
    start("b", "ours", heardByB);
    heardByA.awaitConnected("b", 1);
    a.send("b", KIND, number(3));
    heardByB.awaitMessages(1);
    assertEquals(0, heardByA.messages());
  }

  @Test
  void aStrangerThatSaysNothingIsCutAndDoesNotKeepOthersOut() throws Exception {
    Heard heardByA = new Heard();
    start("a", "ours", heardByA);
    List<Socket> silent = new ArrayList<>();
    for (int i = 0; i < 3 * Incoming.UNPROVED_MAX; i++) {
      Socket socket = new Socket();
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0));
      socket.connect(addresses.get("a"), 5_000);
      silent.add(socket);
    }
    Heard heardByB = new Heard();
    PeerChannel b = start("b", "ours", heardByB);
    heardByB.awaitConnected("a", 1);
    b.send("a", KIND, number(4));
    heardByA.awaitMessages(1);
    for (Socket socket : silent) {
      assertTrue(ends(socket), "the silent connection was ended");
    }
  }

  /// As member b, correctly greeted, sends these bytes; says whether the connection was ended for
  /// it.
  private boolean isCutAfter(byte[] bytes) throws Exception {
    try (Socket plain = connect(addresses.get("a"))) {
      SSLSocket tls = tls(plain, identity("b", "ours"));
      tls.startHandshake();
      OutputStream out = tls.getOutputStream();
      out.write(Frame.greeting());
      new Frame.Reader(tls.getInputStream()).expectGreeting();
      out.write(bytes);
      return ends(tls);
    }
  }

  private boolean isCutWithoutTls(byte[] bytes) throws IOException {
    try (Socket plain = connect(addresses.get("a"))) {
      plain.getOutputStream().write(bytes);
      return ends(plain);
    }
  }

  private static boolean ends(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
    try (socket) {
      InputStream in = socket.getInputStream();
      while (in.read() >= 0) {
        // What is still on its way.
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static Socket connect(InetSocketAddress address) throws IOException {
    Socket socket = new Socket();
    socket.connect(address, 5_000);
    return socket;
  }

  private static SSLSocket tls(Socket plain, Identity identity) throws IOException {
    return (SSLSocket)
        identity
            .context(new TreeSet<>(List.of("a", "b", "x")))
            .getSocketFactory()
            .createSocket(plain, "127.0.0.1", plain.getPort(), true);
  }

  /// Waits until both have tried five times, and failed each time.
  private static void awaitAttempts(PeerChannel one, PeerChannel other) {
    while (one.status().getFirst().failures() < 5 || other.status().getFirst().failures() < 5) {
      assertFalse(one.status().getFirst().outgoing());
      assertFalse(other.status().getFirst().outgoing());
      Thread.onSpinWait();
    }
  }

  private PeerChannel start(String self, String authority, PeerListener listener) throws Exception {
    return start(self, authority, addresses, listener);
  }

  private PeerChannel start(
      String self, Map<String, InetSocketAddress> peers, PeerListener listener) throws Exception {
    return start(self, "ours", peers, listener);
  }

  private PeerChannel start(
      String self, String authority, Map<String, InetSocketAddress> peers, PeerListener listener)
      throws Exception {
    PeerSettings settings =
        new PeerSettings(
            self,
            addresses.get(self),
            new TreeMap<>(peers),
            identity(self, authority).context(new TreeSet<>(List.of("a", "b"))));
    PeerChannel channel = PeerChannel.open(settings, listener);
    open.add(channel);
    return channel;
  }

  private static Identity identity(String name, String authority) throws IOException {
    return Identity.load(
        certificates.resolve(authority).resolve(name), name, "127.0.0.1", Instant.now());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(40).putInt(value).array();
  }
}
