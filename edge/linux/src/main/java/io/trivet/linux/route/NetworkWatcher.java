package io.trivet.linux.route;

import io.trivet.linux.Errno;
import io.trivet.linux.ErrnoException;
import io.trivet.linux.LinuxException;
import io.trivet.linux.MalformedReplyException;
import io.trivet.linux.NetworkNamespace;
import io.trivet.linux.ffi.InputWait;
import io.trivet.linux.netlink.Message;
import io.trivet.linux.netlink.NetlinkSocket;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reports changes of links and addresses of one namespace, on one platform thread of its own.
///
/// Begins with every link and address that is there. When the kernel had to drop reports because
/// the listener was slow, everything is reported again; what went away meanwhile is then missing
/// without a report of its own.
public final class NetworkWatcher implements AutoCloseable {
  private static final int GROUPS =
      0x1 | 0x10 | 0x100; // RTMGRP_LINK, RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR
  private static final String ASKED = "watch links";

  private final NetlinkSocket events;
  private final RouteSocket route;
  private final InputWait input;
  private final Consumer<NetworkEvent> listener;
  private final Consumer<LinuxException> onFailure;
  private final Thread thread;
  private volatile boolean closed;

  private NetworkWatcher(
      NetlinkSocket events,
      RouteSocket route,
      InputWait input,
      Consumer<NetworkEvent> listener,
      Consumer<LinuxException> onFailure) {
    this.events = events;
    this.route = route;
    this.input = input;
    this.listener = listener;
    this.onFailure = onFailure;
    this.thread = Thread.ofPlatform().daemon().name("network-watcher").unstarted(this::loop);
  }

  /// Starts to watch.
  ///
  /// @param listener called on the watcher's thread; must not block for long
  /// @param onFailure called once on that thread when watching has ended by an error
  public static NetworkWatcher start(
      NetworkNamespace namespace,
      Consumer<NetworkEvent> listener,
      Consumer<LinuxException> onFailure)
      throws LinuxException {
    InputWait input = new InputWait();
    @Nullable NetlinkSocket events = null;
    try {
      events = NetlinkSocket.open(namespace, NetlinkSocket.ROUTE, GROUPS);
      RouteSocket route = RouteSocket.open(namespace);
      NetworkWatcher watcher = new NetworkWatcher(events, route, input, listener, onFailure);
      watcher.thread.start();
      return watcher;
    } catch (LinuxException e) {
      input.close();
      if (events != null) {
        events.close();
      }
      throw e;
    }
  }

  /// Ends the thread and waits for it, unless the listener itself calls this.
  @Override
  public void close() {
    closed = true;
    input.wake();
    if (Thread.currentThread() == thread) {
      return;
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    try {
      reportAll();
      while (!closed) {
        if (input.await(events.fd(), -1)) {
          report();
        }
      }
    } catch (LinuxException e) {
      onFailure.accept(e);
    } finally {
      events.close();
      route.close();
      input.close();
    }
  }

  private void report() throws LinuxException {
    try {
      for (Message message : events.receiveEvents(ASKED)) {
        NetworkEvent event = event(message);
        if (event != null && !closed) {
          listener.accept(event);
        }
      }
    } catch (ErrnoException e) {
      if (!e.errno().equals(Errno.ENOBUFS)) {
        throw e;
      }
      reportAll();
    }
  }

  private void reportAll() throws LinuxException {
    for (Link link : route.links()) {
      listener.accept(new NetworkEvent.LinkChanged(link));
    }
    for (InterfaceAddress address : route.addresses()) {
      listener.accept(new NetworkEvent.AddressChanged(address));
    }
  }

  static @Nullable NetworkEvent event(Message message) throws MalformedReplyException {
    Link link = RouteCodec.link(message);
    if (link != null) {
      return message.type() == RouteCodec.DELLINK
          ? new NetworkEvent.LinkGone(link)
          : new NetworkEvent.LinkChanged(link);
    }
    InterfaceAddress address = RouteCodec.address(message);
    if (address != null) {
      return message.type() == RouteCodec.DELADDR
          ? new NetworkEvent.AddressGone(address)
          : new NetworkEvent.AddressChanged(address);
    }
    return null;
  }
}
