package io.trivet.daemon.leases;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.lease.LeaseTiming;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Both ends of the connection on a real socket.
class LeaseLinkTest {
  private static final VipAssignment PUBLIC = new VipAssignment("public", 1, "c1", List.of("c2"));

  @TempDir Path folder;

  private final Facts facts = new Facts();
  private final BlockingQueue<ToLeases> down = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> up = new LinkedBlockingQueue<>();

  private Path socket() {
    return folder.resolve("leases.sock");
  }

  private LeaseLink link(long run) {
    LeaseLink link =
        new LeaseLink(
            socket(),
            run,
            LinkCodecTest.role(LeaseTiming.STANDARD),
            new LeaseLink.Listener() {
              @Override
              public void heard(FromLeases fact) {
                up.add(fact.toString());
              }

              @Override
              public void lost() {
                up.add("lost");
              }

              @Override
              public void missing() {
                up.add("missing");
              }

              @Override
              public void found() {
                up.add("found");
              }
            });
    link.start();
    return link;
  }

  private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(20, TimeUnit.SECONDS);
    assertNotNull(next, "nothing came");
    return next;
  }

  private void expectWholeStory(long run) throws InterruptedException {
    assertEquals(new ToLeases.Play(LinkCodecTest.role(LeaseTiming.STANDARD)), next(down));
    assertEquals(new ToLeases.Attend(run), next(down));
    assertEquals(new ToLeases.Assign(List.of(PUBLIC), false), next(down));
    assertEquals(new ToLeases.Serve("public", true), next(down));
  }

  @Test
  void aLeaseProcessThatWasStartedAnewIsToldEverything() throws Exception {
    try (LeaseLink link = link(7)) {
      link.assign(List.of(PUBLIC), true);
      link.serve("public", true);
      try (DaemonDoor first = DaemonDoor.open(socket(), facts, down::add)) {
        assertNotNull(first);
        expectWholeStory(7);
      }
      assertEquals("lost", next(up));
      try (DaemonDoor second = DaemonDoor.open(socket(), facts, down::add)) {
        assertNotNull(second);
        expectWholeStory(7);
        link.attend();
        assertEquals(new ToLeases.Attend(7), next(down));
      }
    }
  }

  @Test
  void aLeaseProcessThatIsAwayForLongIsMissedAndFound() throws Exception {
    try (LeaseLink link = link(7)) {
      assertNotNull(link);
      assertEquals("missing", next(up));
      try (DaemonDoor door = DaemonDoor.open(socket(), facts, down::add)) {
        assertNotNull(door);
        assertEquals("found", next(up));
      }
      assertEquals("lost", next(up));
    }
  }

  @Test
  void aDaemonThatWasStartedAnewIsToldWhatIsTrue() throws Exception {
    facts.peerHeard("c2");
    facts.peerBegan("c2", 5);
    facts.peerSilent("c3");
    facts.holdChanged("public", true, 3);
    try (DaemonDoor door = DaemonDoor.open(socket(), facts, down::add);
        LeaseLink link = link(8)) {
      assertNotNull(door);
      assertNotNull(link);
      List<String> picture = List.of(next(up), next(up), next(up), next(up));
      assertEquals(
          List.of(
              new FromLeases.PeerHeard("c2").toString(),
              new FromLeases.PeerBegan("c2", 5).toString(),
              new FromLeases.PeerSilent("c3").toString(),
              new FromLeases.HoldChanged("public", true, 3).toString()),
          picture);
      facts.holdChanged("public", false, 0);
      assertEquals(new FromLeases.HoldChanged("public", false, 0).toString(), next(up));
    }
  }

  @Test
  void aCallerThatSendsNonsenseIsCutOffAndTheNextOneServed() throws Exception {
    try (DaemonDoor door = DaemonDoor.open(socket(), facts, down::add)) {
      assertNotNull(door);
      try (SocketChannel nonsense = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
        nonsense.write(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1, 0}));
        assertTrue(ended(nonsense));
      }
      try (LeaseLink link = link(9)) {
        link.assign(List.of(PUBLIC), false);
        link.serve("public", true);
        expectWholeStory(9);
      }
    }
  }

  private static boolean ended(SocketChannel channel) {
    try {
      return channel.read(ByteBuffer.allocate(1)) < 0;
    } catch (IOException e) {
      return true; // reset, since it did not read all
    }
  }
}
