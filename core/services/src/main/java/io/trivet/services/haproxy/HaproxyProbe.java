package io.trivet.services.haproxy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what HAProxy says on its runtime socket (HAProxy 2.6 Management Guide, section 9.3).
public final class HaproxyProbe {
  /// The command whose answer [#servers] reads.
  public static final String SHOW_SERVERS = "show servers state";

  /// The command whose answer [#full] reads.
  static final String SHOW_INFO = "show info";

  /// Forced into maintenance by the socket (0x01), or by a tracked server (0x02).
  private static final int MAINTENANCE = 0x01 | 0x02 | 0x20 | 0x40;

  private HaproxyProbe() {}

  /// One server of one backend.
  ///
  /// @param backend name of the backend
  /// @param name name of the server
  /// @param up true if HAProxy sends it traffic
  /// @param maintenance true if it is kept from traffic by order
  public record ServerState(String backend, String name, boolean up, boolean maintenance) {}

  /// Reads the answer of `show servers state`; null if it is not such an answer. Lines that cannot
  /// be read are an answer that is not understood, not servers left out.
  public static @Nullable List<ServerState> servers(String answer) {
    List<String> lines = answer.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    if (lines.size() < 2 || !lines.getFirst().equals("1") || !lines.get(1).startsWith("# ")) {
      return null;
    }
    List<String> header = List.of(lines.get(1).substring(2).split(" "));
    int backend = header.indexOf("be_name");
    int name = header.indexOf("srv_name");
    int operation = header.indexOf("srv_op_state");
    int admin = header.indexOf("srv_admin_state");
    int width = Math.max(Math.max(backend, name), Math.max(operation, admin)) + 1;
    if (backend < 0 || name < 0 || operation < 0 || admin < 0) {
      return null;
    }
    List<ServerState> servers = new ArrayList<>();
    for (String line : lines.subList(2, lines.size())) {
      List<String> columns = List.of(line.split(" "));
      if (columns.size() < width || columns.contains("")) {
        return null;
      }
      int up = number(columns.get(operation));
      int bits = number(columns.get(admin));
      if (up < 0 || bits < 0) {
        return null;
      }
      servers.add(
          new ServerState(
              columns.get(backend), columns.get(name), up >= 1, (bits & MAINTENANCE) != 0));
    }
    return List.copyOf(servers);
  }

  /// True if this is an answer to `show info`.
  static boolean isInfo(String answer) {
    return answer.startsWith("Name: ");
  }

  /// What there is to say when all connections are in use, else empty: more of them wait in the
  /// kernel, and look like a service that hangs.
  static String full(String info) {
    int most = figure(info, "Maxconn: ");
    int now = figure(info, "CurrConns: ");
    return most > 0 && now >= most ? "all " + most + " connections are in use" : "";
  }

  /// Why a tool failed, from what it wrote.
  static String firstLine(String text) {
    String line = text.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst().orElse("");
    return line.length() > 200
        ? line.substring(0, 200)
        : line.isEmpty() ? "it gave no reason" : line;
  }

  private static int figure(String info, String name) {
    return info.lines()
        .filter(line -> line.startsWith(name))
        .mapToInt(line -> number(line.substring(name.length()).strip()))
        .findFirst()
        .orElse(-1);
  }

  private static int number(String text) {
    if (text.isEmpty() || text.length() > 6) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value;
  }
}
