package io.trivet.cluster.file;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The OpenStack APIs whose units and ports Trivet knows, so that the cluster file needs only their
/// names.
///
/// Ports: the OpenStack Installation Guide, "Firewalls and default ports". Units: Debian 12's
/// packages.
public enum KnownApi {
  KEYSTONE(5000, "keystone", List.of(), "/v3"),
  GLANCE(9292, "glance-api", List.of(), "/healthcheck"),
  PLACEMENT(8778, "placement-api", List.of(), "/"),
  NOVA(8774, "nova-api", List.of("nova-scheduler", "nova-conductor"), "/"),
  NOVA_METADATA(8775, "nova-api-metadata", List.of(), "/"),
  NOVA_NOVNCPROXY(6080, "nova-novncproxy", List.of(), "/vnc_lite.html"),
  NEUTRON(9696, "neutron-api", List.of("neutron-rpc-server"), "/"),
  CINDER(8776, "cinder-api", List.of("cinder-scheduler"), "/healthcheck"),
  HEAT(8004, "heat-api", List.of("heat-engine"), "/healthcheck"),
  HEAT_CFN(8000, "heat-api-cfn", List.of(), "/healthcheck"),
  HORIZON(80, "apache2", List.of(), "/horizon/auth/login/");

  private final int port;
  private final String unit;

  @SuppressWarnings("ImmutableEnumChecker") // a list of List.of
  private final List<String> workers;

  private final String checkPath;

  KnownApi(int port, String unit, List<String> workers, String checkPath) {
    this.port = port;
    this.unit = unit;
    this.workers = workers;
    this.checkPath = checkPath;
  }

  /// The name in the cluster file.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The port that OpenStack's guide gives it.
  public int port() {
    return port;
  }

  /// The systemd unit of Debian's package.
  public String unit() {
    return unit;
  }

  /// Further units of the same service that serve no HTTP.
  public List<String> workers() {
    return workers;
  }

  /// The path that answers a GET when the API works, without a token.
  public String checkPath() {
    return checkPath;
  }

  /// The known API of that name, or null.
  public static @Nullable KnownApi named(String word) {
    for (KnownApi api : values()) {
      if (api.word().equals(word)) {
        return api;
      }
    }
    return null;
  }
}
