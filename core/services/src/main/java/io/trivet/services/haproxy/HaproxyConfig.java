package io.trivet.services.haproxy;

import io.trivet.services.haproxy.HaproxySettings.Bind;
import io.trivet.services.haproxy.HaproxySettings.Front;
import io.trivet.services.haproxy.HaproxySettings.Kind;
import io.trivet.services.haproxy.HaproxySettings.Server;

/// Writes `haproxy.cfg` and the unit `trivet-haproxy.service`; text only. Keywords are those of the
/// HAProxy 2.6 Configuration Manual.
public final class HaproxyConfig {
  /// How the health of a server is checked: every second, after the first miss every 200 ms. Two
  /// misses take it out, two answers bring it back.
  private static final String CHECKS =
      "check inter 1s fastinter 200ms downinter 500ms fall 2 rise 2";

  private HaproxyConfig() {}

  /// The configuration. Servers of the database are disabled in it: only Trivet enables the writer,
  /// so a start with an old file cannot open a second one.
  public static String text(HaproxySettings settings) {
    StringBuilder out = new StringBuilder();
    out.append("# Written by Trivet from the cluster file of ").append(settings.cluster());
    out.append("; changes here are overwritten.\n");
    out.append(GLOBAL.replace("SOCKET", settings.socketPath()));
    for (Front front : settings.fronts()) {
      out.append(front.kind() == Kind.DATABASE ? database(front, settings) : http(front, settings));
    }
    return out.toString();
  }

  private static final String GLOBAL =
      """
      global
        log stdout format short daemon notice
        stats socket SOCKET mode 600 level admin expose-fd listeners
        stats timeout 1h
        # More than the 10 of the default: whoever holds some must not make it look hanging.
        stats maxconn 50
        user haproxy
        group haproxy
        maxconn 8192
        # One old worker may outlive a reload this long, for requests on their way.
        hard-stop-after 1m

      defaults
        log global
        option dontlognull
        option redispatch 1
        retries 3
        timeout connect 500ms
        # An API that is slow is better than none: Trivet takes one out that hangs, much sooner.
        timeout check 10s
        timeout queue 30s
        timeout client 5m
        timeout server 5m
        timeout http-request 10s
        timeout http-keep-alive 30s
        default-server on-marked-down shutdown-sessions
      """;

  private static String http(Front front, HaproxySettings settings) {
    StringBuilder out = new StringBuilder();
    out.append("\nfrontend ").append(front.name()).append("-in\n");
    out.append("  mode http\n");
    binds(out, front);
    out.append("  option httplog\n");
    out.append("  option forwardfor\n");
    out.append("  default_backend ").append(front.name()).append('\n');
    out.append("\nbackend ").append(front.name()).append('\n');
    out.append("  mode http\n");
    out.append("  balance leastconn\n");
    out.append("  option httpchk\n");
    out.append("  http-check send meth GET uri ").append(front.checkPath());
    out.append(" ver HTTP/1.1 hdr Host ").append(front.name()).append('\n');
    out.append("  http-check expect status 200-399\n");
    // Only what changes nothing may be sent a second time after the first server took it.
    out.append("  retry-on conn-failure empty-response\n");
    out.append("  http-request disable-l7-retry unless METH_GET\n");
    for (Server server : settings.servers()) {
      out.append("  server ").append(server.name()).append(' ').append(target(server, front));
      out.append(' ').append(CHECKS).append('\n');
    }
    return out.toString();
  }

  private static String database(Front front, HaproxySettings settings) {
    StringBuilder out = new StringBuilder();
    out.append("\nfrontend ").append(front.name()).append("-in\n");
    out.append("  mode tcp\n");
    binds(out, front);
    // Services keep idle connections in pools for an hour; those must not be cut for idleness.
    out.append("  timeout client 2h\n");
    out.append("  option clitcpka\n");
    out.append("  default_backend ").append(front.name()).append('\n');
    out.append("\nbackend ").append(front.name()).append('\n');
    out.append("  mode tcp\n");
    out.append("  timeout server 2h\n");
    out.append("  option srvtcpka\n");
    out.append("  # Trivet enables the one writer over the runtime socket.\n");
    for (Server server : settings.servers()) {
      out.append("  server ").append(server.name()).append(' ').append(target(server, front));
      out.append(' ').append(CHECKS).append(" disabled\n");
    }
    return out.toString();
  }

  private static void binds(StringBuilder out, Front front) {
    for (Bind bind : front.binds()) {
      out.append("  bind ").append(bracketed(bind.address())).append(':').append(bind.port());
      out.append(" transparent\n");
    }
  }

  private static String target(Server server, Front front) {
    return bracketed(server.address()) + ":" + front.port();
  }

  private static String bracketed(String address) {
    return address.indexOf(':') >= 0 ? "[" + address + "]" : address;
  }

  /// The unit. The master runs as root, as it binds privileged and foreign addresses again at each
  /// reload; the worker that speaks to the network gives root up (`user haproxy`). systemd does not
  /// restart it: Trivet does, after it has moved the VIP away.
  public static String unit(HaproxySettings settings) {
    String namespace = settings.namespace();
    return """
    # Written by Trivet; changes here are overwritten.
    [Unit]
    Description=HAProxy for the VIPs of Trivet
    StartLimitIntervalSec=0

    [Service]
    Type=notify
    ExecStart=/usr/sbin/haproxy -Ws -f %s
    ExecReload=/usr/sbin/haproxy -c -q -f %s
    ExecReload=/bin/kill -USR2 $MAINPID
    KillMode=mixed
    Restart=no
    SuccessExitStatus=143
    TimeoutStartSec=20
    TimeoutStopSec=10
    LimitNOFILE=65536
    OOMScoreAdjust=-800
    %sCapabilityBoundingSet=CAP_NET_BIND_SERVICE CAP_NET_ADMIN CAP_SETUID CAP_SETGID CAP_KILL
    NoNewPrivileges=true
    ProtectSystem=full
    ProtectHome=true
    PrivateTmp=true
    """
        .formatted(
            settings.configPath(),
            settings.configPath(),
            namespace == null ? "" : "NetworkNamespacePath=/run/netns/" + namespace + "\n");
  }
}
