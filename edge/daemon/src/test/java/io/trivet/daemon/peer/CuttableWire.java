package io.trivet.daemon.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// Forwards connections to a target, until it is cut: then bytes vanish and connections stand, as
/// when a switch drops everything; new ones are accepted and lead nowhere.
final class CuttableWire implements AutoCloseable {
  private final InetSocketAddress target;
  private final ServerSocket server;
  private final List<Socket> sockets = new ArrayList<>();
  private volatile boolean cut;

  CuttableWire(InetSocketAddress target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  void cut() {
    cut = true;
  }

  void heal() {
    cut = false;
  }

  private void accept() {
    try {
      while (true) {
        Socket near = server.accept();
        Socket far = new Socket();
        synchronized (sockets) {
          sockets.add(near);
          sockets.add(far);
        }
        Thread.ofVirtual().start(() -> forward(near, far));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void forward(Socket near, Socket far) {
    try {
      far.connect(target);
      Thread.ofVirtual().start(() -> pump(far, near));
      pump(near, far);
    } catch (IOException e) {
      // The target is down; the near end is closed with the wire.
    }
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[4096];
    // Once bytes are lost a connection is of no use any more, healed or not; and its end is lost,
    // too.
    boolean lost = false;
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        lost |= cut;
        if (!lost) {
          out.write(buffer, 0, read);
        }
      }
    } catch (IOException e) {
      // One end is gone; the other follows.
    }
    if (!lost && !cut) {
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Closed either way.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    synchronized (sockets) {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }
}
