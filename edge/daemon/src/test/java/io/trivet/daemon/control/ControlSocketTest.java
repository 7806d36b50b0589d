package io.trivet.daemon.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// Callers that want too much: root is answered all the same.
@Timeout(60)
final class ControlSocketTest {
  @TempDir Path folder = Path.of("");
  private Path path = Path.of("");
  private ControlSocket socket;

  static boolean root() {
    return System.getProperty("user.name").equals("root")
        && Files.isExecutable(Path.of("/usr/bin/setpriv"))
        && Files.isExecutable(Path.of("/usr/bin/python3"));
  }

  @BeforeEach
  void open() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    path = folder.resolve("control.sock");
    socket =
        ControlSocket.open(
            path,
            (request, reply) -> {
              if (request.command().equals("flood")) {
                JsonObject line = new JsonObject();
                line.addProperty("x", "y".repeat(100_000));
                while (reply.line(line)) {
                  Thread.onSpinWait();
                }
                return;
              }
              JsonObject answer = new JsonObject();
              answer.addProperty("mayChange", request.caller().mayChange());
              answer.addProperty(
                  "since", request.body().has("n") ? request.body().get("n").getAsLong() : 0);
              reply.end(answer);
            });
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
  }

  @Test
  void theSocketOfThoseWhoMayChangeIsClosedToOthersByTheKernel() throws IOException {
    assertEquals("rw-rw----", mode("admin.sock"));
    assertEquals("rw-rw-rw-", mode("control.sock"));
    assertTrue(ask("admin.sock", "{\"command\":\"x\"}").contains("\"mayChange\":true"));
  }

  @Test
  void whatIsNoRequestIsRefusedInWords() throws IOException {
    for (String bad :
        List.of(
            "nonsense",
            "[]",
            "{}",
            "{\"command\":{}}x",
            "[".repeat(2_000),
            "{\"command\":\"x\",\"a\":" + "[".repeat(300) + "]".repeat(300) + "}",
            "{\"command\":\"x\",\"n\":[]}",
            "{\"command\":\"x\",\"n\":{}}",
            "{\"command\":\"x\",\"n\":\"z\"}",
            "{\"command\":\"x\",\"n\":1e999999999}")) {
      JsonObject answer = JsonParser.parseString(ask("control.sock", bad)).getAsJsonObject();
      assertEquals(false, answer.get("ok").getAsBoolean(), bad);
      assertEquals(2, answer.get("exit").getAsInt(), bad);
    }
    byte[] notText = {'{', '"', (byte) 0xff, (byte) 0xfe, '"', '}', '\n'};
    try (SocketChannel channel = connect("control.sock")) {
      channel.write(ByteBuffer.wrap(notText));
      assertTrue(line(channel).contains("it is not UTF-8"));
    }
  }

  @Test
  void aTooLongRequestIsRefusedAndOnlyFewLargeOnesAreReadAtOnce() throws IOException {
    try (SocketChannel channel = connect("admin.sock")) {
      ByteBuffer block = ByteBuffer.allocate(64 << 10);
      java.util.Arrays.fill(block.array(), (byte) 'a');
      int sent = 0;
      try {
        while (sent < (4 << 20)) {
          sent += channel.write(block.rewind());
        }
      } catch (IOException e) {
        // It was cut off, as it should be.
      }
    }
    List<SocketChannel> large = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      SocketChannel channel = connect("admin.sock");
      channel.write(ByteBuffer.wrap("b".repeat(100_000).getBytes(StandardCharsets.UTF_8)));
      large.add(channel);
    }
    // The other side may not have read so much of the two yet.
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    String third = "";
    while (!third.contains("two large requests") && System.nanoTime() - end < 0) {
      third = ask("admin.sock", "c".repeat(100_000));
    }
    for (SocketChannel channel : large) {
      channel.close();
    }
    assertTrue(third.contains("two large requests"), third);
  }

  @Test
  @EnabledIf("root")
  void aFloodFromNobodyLocksNobodyElseOut() throws Exception {
    long before = usedHeap();
    // 64 connections of 640 KiB each, none ever ended; 200 idle ones; 40 that never read.
    Process flood =
        nobody(
            """
            import socket, sys, time
            kept = []
            def connect():
                s = socket.socket(socket.AF_UNIX); s.settimeout(0.2)
                s.connect(sys.argv[1]); kept.append(s); return s
            for i in range(64):
                try: connect().sendall(b'x' * 655360)
                except OSError: pass
            for i in range(200):
                try: connect()
                except OSError: pass
            for i in range(40):
                try: connect().sendall(b'{"command":"flood","follow":true}\\n')
                except OSError: pass
            print("flooded", flush=True)
            end = time.time() + 20
            while time.time() < end:
                try:
                    s = connect(); s.sendall(b'{"command":"x"}\\n'); s.recv(10)
                except OSError: pass
                if len(kept) > 600:
                    for s in kept[:300]: s.close()
                    del kept[:300]
            """);
    try {
      assertEquals("flooded", firstLine(flood));
      for (int i = 0; i < 200; i++) {
        long asked = System.nanoTime();
        assertTrue(ask("admin.sock", "{\"command\":\"x\"}").contains("\"ok\":true"));
        assertTrue(ask("control.sock", "{\"command\":\"x\"}").contains("\"ok\":true"));
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
        assertTrue(millis < 3_000, "root waited " + millis + " ms");
      }
      long grown = usedHeap() - before;
      assertTrue(grown < 16L << 20, "the heap grew by " + (grown >> 20) + " MiB");
    } finally {
      flood.destroyForcibly().waitFor();
    }
  }

  @Test
  @EnabledIf("root")
  void nobodyMayLookWithinItsBudgetAndIsToldWhatToDo() throws Exception {
    Process asks =
        nobody(
            """
            import socket, sys
            def ask(data):
                s = socket.socket(socket.AF_UNIX); s.settimeout(10); s.connect(sys.argv[1])
                try: s.sendall(data)
                except OSError: pass
                return s.makefile().readline().strip()
            print(ask(b'{"command":"x"}\\n'))
            print(ask(b'{"command":"x","text":"' + b'y' * 8192 + b'"}\\n'))
            drip = socket.socket(socket.AF_UNIX); drip.connect(sys.argv[1])
            drip.sendall(b'{')
            import time; began = time.time()
            try:
                while time.time() < began + 30:
                    drip.sendall(b' '); time.sleep(0.1)
            except OSError: pass
            print("cut off" if time.time() - began < 15 else "still there")
            try:
                socket.socket(socket.AF_UNIX).connect(sys.argv[1].replace("control", "admin")); print("let in")
            except PermissionError: print("denied")
            """);
    String said = new String(asks.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    List<String> lines = said.lines().toList();
    assertTrue(lines.get(0).contains("\"mayChange\":false"), said);
    assertTrue(lines.get(1).contains("nobody may not change the cluster"), said);
    assertTrue(lines.get(1).contains("adduser USER trivet"), said);
    assertEquals("cut off", lines.get(2), said);
    assertEquals("denied", lines.get(3), said);
  }

  private Process nobody(String script) throws IOException {
    return new ProcessBuilder(
            "/usr/bin/setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "/usr/bin/python3",
            "-c",
            script,
            path.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String firstLine(Process process) throws IOException {
    return process.inputReader(StandardCharsets.UTF_8).readLine();
  }

  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private SocketChannel connect(String name) throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(folder.resolve(name)));
  }

  private String ask(String name, String request) throws IOException {
    try (SocketChannel channel = connect(name)) {
      ByteBuffer out = ByteBuffer.wrap((request + "\n").getBytes(StandardCharsets.UTF_8));
      try {
        while (out.hasRemaining()) {
          channel.write(out);
        }
      } catch (IOException e) {
        // Refused before it was read as a whole; the answer is there.
      }
      return line(channel);
    }
  }

  private static String line(SocketChannel channel) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    ByteBuffer in = ByteBuffer.allocate(8192);
    while (channel.read(in) >= 0) {
      in.flip();
      while (in.hasRemaining()) {
        byte b = in.get();
        if (b == '\n') {
          return line.toString(StandardCharsets.UTF_8);
        }
        line.write(b);
      }
      in.clear();
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  private String mode(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
  }
}
