package io.trivet.cluster.file;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the operator wants, as one value. It comes from [ClusterFileReader], which has checked it
/// as a whole: names are unique, references lead somewhere, addresses and ports do not clash. Lists
/// keep the order of the file.
///
/// @param format the version of the file's format; this version of Trivet reads [#FORMAT]
/// @param name the name of the cluster
/// @param mode who decides where a VIP is
/// @param timing how soon a silent controller counts as gone
/// @param controllers the members
/// @param vips the virtual IPs
/// @param database the SQL database, if there is one
/// @param broker the AMQP broker, if there is one
/// @param loadBalancer the load balancer; present when something is served on a VIP
/// @param cache the cache, if there is one
/// @param apis the APIs
/// @param units further systemd units
public record ClusterFile(
    int format,
    String name,
    Mode mode,
    TimingProfile timing,
    List<Controller> controllers,
    List<Vip> vips,
    @Nullable Database database,
    @Nullable Broker broker,
    @Nullable LoadBalancer loadBalancer,
    @Nullable Cache cache,
    List<Api> apis,
    List<PlainUnit> units) {

  /// The format that this version reads.
  public static final int FORMAT = 1;

  public ClusterFile {
    controllers = List.copyOf(controllers);
    vips = List.copyOf(vips);
    apis = List.copyOf(apis);
    units = List.copyOf(units);
  }

  /// The controller of that name, or null.
  public @Nullable Controller controller(String controllerName) {
    return controllers.stream()
        .filter(c -> c.name().equals(controllerName))
        .findFirst()
        .orElse(null);
  }

  /// The VIP of that name, or null.
  public @Nullable Vip vip(String vipName) {
    return vips.stream().filter(v -> v.name().equals(vipName)).findFirst().orElse(null);
  }

  /// The controllers that run services: all but the witnesses.
  public List<Controller> workers() {
    return controllers.stream().filter(c -> !c.witness()).toList();
  }

  /// How many members make a quorum: more than half of all, witnesses included.
  public int majority() {
    return controllers.size() / 2 + 1;
  }

  /// What the load balancer serves on the VIP of that name, the database first, then the APIs in
  /// the order of the file.
  public List<Frontend> frontends(String vipName) {
    ArrayList<Frontend> all = new ArrayList<>();
    if (database != null && database.vip().equals(vipName)) {
      all.add(new Frontend(database.engine().word(), database.port(), Frontend.Kind.DATABASE, ""));
    }
    for (Api api : apis) {
      if (api.vips().contains(vipName)) {
        all.add(new Frontend(api.name(), api.port(), Frontend.Kind.HTTP, api.checkPath()));
      }
    }
    return List.copyOf(all);
  }
}
