package io.trivet.cluster.file;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads what runs on the controllers: database, broker, load balancer, cache, APIs, further units.
final class ServiceReader {
  private static final List<String> API_KEYS = List.of("port", "unit", "workers", "check", "vip");

  private static final String UNDEFINED = "this file does not define";

  private final Findings findings;
  private final Values values;
  private final WholeFile whole;
  private final List<String> vips;
  private final List<String> startable = new ArrayList<>();

  ServiceReader(Findings findings, Values values, WholeFile whole, List<String> vips) {
    this.findings = findings;
    this.values = values;
    this.whole = whole;
    this.vips = vips;
  }

  @Nullable Database database(Section top) {
    Engine<Database.Engine> chosen =
        engine(
            top,
            "database",
            Database.Engine.values(),
            Database.Engine::word,
            List.of("engine", "port", "vip", "options"));
    if (chosen == null) {
      return null;
    }
    Database.Engine engine = chosen.engine;
    int port = chosen.port(engine.defaultPort());
    take("database", "galera", "the database", top.placeOf("database"));
    for (String name : List.of("mariadb", "mysql", "mysqld")) { // one unit and its aliases
      whole.unit(name, "the database", top.placeOf("database"));
    }
    whole.port(port, "the database", top.placeOf("database"));
    for (int own : new int[] {4444, 4567, 4568}) {
      whole.port(own, "Galera", top.placeOf("database"));
    }
    Section section = chosen.section;
    Yaml optionsValue = section == null ? null : section.value("options");
    Yaml.Mapping mapping =
        optionsValue == null
            ? null
            : values.mapping(
                optionsValue,
                "\"options\" of the database",
                "names with values: `max_connections: 4096`");
    SortedMap<String, String> options =
        mapping == null ? Collections.emptySortedMap() : MariadbOptions.read(mapping, findings);
    String vip = databaseVip(top, section);
    return vip == null ? null : new Database(engine, port, vip, options);
  }

  /// With one VIP there is no question; with more, the file has to say it, because a database does
  /// not belong on a public address.
  private @Nullable String databaseVip(Section top, @Nullable Section section) {
    Yaml value = section == null ? null : section.value("vip");
    if (value != null) {
      List<String> named = values.references(value, "\"vip\" of the database", vips, UNDEFINED);
      if (named.size() > 1) {
        findings.error(value.at(), "the database has " + named.size() + " VIPs", "one VIP");
      }
      return named.size() == 1 ? named.get(0) : null;
    }
    if (vips.size() == 1) {
      return vips.get(0);
    }
    if (vips.isEmpty() && top.value("vips") == null) {
      findings.error(
          top.placeOf("database"),
          "the database has no VIP by which its writer is reached",
          "a VIP under \"vips\"");
    } else if (vips.size() > 1) {
      findings.error(
          top.placeOf("database"),
          "the database does not say which VIP is its",
          "\"vip\": " + String.join(", ", vips));
    }
    return null;
  }

  @Nullable Broker broker(Section top) {
    Engine<Broker.Engine> chosen =
        engine(
            top, "broker", Broker.Engine.values(), Broker.Engine::word, List.of("engine", "port"));
    if (chosen == null) {
      return null;
    }
    int port = chosen.port(chosen.engine.defaultPort());
    take("broker", "rabbitmq", "the broker", top.placeOf("broker"));
    whole.unit("rabbitmq-server", "the broker", top.placeOf("broker"));
    whole.port(port, "the broker", top.placeOf("broker"));
    whole.port(4369, "the Erlang port mapper of the broker", top.placeOf("broker"));
    whole.port(25672, "the broker's own cluster", top.placeOf("broker"));
    return new Broker(chosen.engine, port);
  }

  @Nullable Cache cache(Section top) {
    Engine<Cache.Engine> chosen =
        engine(top, "cache", Cache.Engine.values(), Cache.Engine::word, List.of("engine", "port"));
    if (chosen == null) {
      return null;
    }
    int port = chosen.port(chosen.engine.defaultPort());
    take("cache", "memcached", "the cache", top.placeOf("cache"));
    whole.unit("memcached", "the cache", top.placeOf("cache"));
    whole.port(port, "the cache", top.placeOf("cache"));
    return new Cache(chosen.engine, port);
  }

  /// @param needed true when something is served on a VIP, so that a load balancer is there even
  ///   where the file does not name it
  @Nullable LoadBalancer loadBalancer(Section top, boolean needed) {
    Engine<LoadBalancer.Engine> chosen =
        engine(
            top,
            "load-balancer",
            LoadBalancer.Engine.values(),
            LoadBalancer.Engine::word,
            List.of("engine"));
    if (chosen == null && !needed) {
      return null;
    }
    if (vips.isEmpty() && top.value("vips") == null && !needed) {
      findings.error(
          top.placeOf("load-balancer"),
          "the load balancer has no VIP to answer on",
          "a VIP under \"vips\"");
    }
    take("load-balancer", "haproxy", "the load balancer", top.placeOf("load-balancer"));
    return new LoadBalancer(chosen == null ? LoadBalancer.Engine.HAPROXY : chosen.engine);
  }

  /// What a service section says: `database: mariadb`, or a mapping with `engine` (which has a
  /// default, there being one of each so far).
  private record Engine<E>(E engine, @Nullable Section section, @Nullable Integer port) {
    int port(int fallback) {
      return port == null ? fallback : port;
    }
  }

  private <E> @Nullable Engine<E> engine(
      Section top, String key, E[] all, Function<E, String> word, List<String> keys) {
    Yaml value = top.value(key);
    if (value == null) {
      return null;
    }
    List<String> words = Arrays.stream(all).map(word).toList();
    if (!(value instanceof Yaml.Mapping mapping)) {
      String found = values.oneOf(value, "\"" + key + "\"", words);
      return found == null ? null : new Engine<>(all[words.indexOf(found)], null, null);
    }
    Section section = Section.of(mapping, "\"" + key + "\"", keys, findings);
    Yaml engineValue = section.value("engine");
    String found =
        engineValue == null
            ? words.get(0)
            : values.oneOf(engineValue, "\"engine\" of \"" + key + "\"", words);
    Yaml portValue = section.value("port");
    Integer port = portValue == null ? null : values.port(portValue, "\"port\" of \"" + key + "\"");
    return found == null ? null : new Engine<>(all[words.indexOf(found)], section, port);
  }

  List<Api> apis(Section top) {
    List<Api> apis = new ArrayList<>();
    Yaml value = top.value("apis");
    if (value == null) {
      return apis;
    }
    String allowed =
        "a list (`[keystone, glance]`) or names with settings (`keystone: { port: 5000 }`)";
    if (value instanceof Yaml.Sequence list) {
      Section.ofNames(named(list, allowed), "\"apis\"", findings)
          .entries()
          .forEach(e -> addApi(e, apis, top));
    } else {
      Yaml.Mapping mapping = values.mapping(value, "\"apis\"", allowed);
      if (mapping != null) {
        Section.ofNames(mapping, "\"apis\"", findings).entries().forEach(e -> addApi(e, apis, top));
      }
    }
    return apis;
  }

  /// A list of names is short for a mapping without settings.
  private Yaml.Mapping named(Yaml.Sequence list, String allowed) {
    List<Yaml.Entry> entries = new ArrayList<>();
    for (Yaml item : list.items()) {
      Yaml.Scalar name = values.scalar(item, "an entry of \"apis\"", allowed);
      if (name != null) {
        entries.add(new Yaml.Entry(name, new Yaml.Scalar(name.at(), "", true)));
      }
    }
    return new Yaml.Mapping(list.at(), entries);
  }

  private void addApi(Yaml.Entry entry, List<Api> apis, Section top) {
    Yaml.Place at = entry.key().at();
    String subject = "API " + entry.key().kind();
    String name = values.resourceName(entry.key(), "an API's name");
    boolean bare = entry.value() instanceof Yaml.Scalar s && s.isEmpty();
    Yaml.Mapping mapping =
        bare
            ? new Yaml.Mapping(at, List.of())
            : values.mapping(
                entry.value(), subject, "nothing, or settings: " + String.join(", ", API_KEYS));
    if (mapping == null || name == null) {
      return;
    }
    KnownApi known = KnownApi.named(name);
    Section section = Section.of(mapping, subject, API_KEYS, findings);
    Integer port = apiPort(section, known, subject, entry.key());
    String unit = known == null ? name : known.unit();
    Yaml unitValue = section.value("unit");
    if (unitValue != null) {
      String given = values.unit(unitValue, "the unit of " + subject);
      unit = given == null ? unit : given;
    }
    List<String> workers = known == null ? List.of() : known.workers();
    Yaml workersValue = section.value("workers");
    if (workersValue != null) {
      workers = units(workersValue, "a worker of " + subject);
    }
    Yaml checkValue = section.value("check");
    String check =
        checkValue == null ? null : values.checkPath(checkValue, "the check path of " + subject);
    List<String> on = apiVips(section, subject, at, top);
    claim(name, subject, unit, workers, at);
    if (port != null) {
      whole.port(port, subject, at);
      apis.add(
          new Api(
              name,
              port,
              unit,
              workers,
              check != null ? check : known == null ? "/" : known.checkPath(),
              on));
    }
  }

  private @Nullable Integer apiPort(
      Section section, @Nullable KnownApi known, String subject, Yaml.Scalar key) {
    Yaml value = section.value("port");
    if (value != null) {
      return values.port(value, "the port of " + subject);
    }
    if (known == null) {
      List<String> words = Arrays.stream(KnownApi.values()).map(KnownApi::word).toList();
      findings.error(
          key.at(),
          subject + " is not one that Trivet knows, and has no port",
          "a \"port\", or one of " + String.join(", ", words),
          Nearest.to(key.text(), words));
      return null;
    }
    return known.port();
  }

  private List<String> apiVips(Section section, String subject, Yaml.Place at, Section top) {
    Yaml value = section.value("vip");
    if (value != null) {
      return values.references(value, "\"vip\" of " + subject, vips, UNDEFINED);
    }
    if (vips.isEmpty() && top.value("vips") == null) {
      findings.error(at, subject + " has no VIP to be served on", "a VIP under \"vips\"");
    }
    return vips;
  }

  private List<String> units(Yaml value, String subject) {
    List<String> units = new ArrayList<>();
    for (Yaml item : values.oneOrMore(value, subject)) {
      String unit = values.unit(item, subject);
      if (unit != null) {
        units.add(unit);
      }
    }
    return units;
  }

  /// The resources and units of one API or one plain unit. A worker is a resource by its unit's
  /// name.
  private void claim(
      String name, String subject, String unit, List<String> workers, Yaml.Place at) {
    take(name, name, subject, at);
    whole.unit(unit, subject, at);
    for (String worker : workers) {
      whole.unit(worker, subject, at);
      whole.resource(worker, subject, at);
    }
  }

  private void take(String word, String resource, String who, Yaml.Place at) {
    whole.resource(resource, who, at);
    startable.add(word);
  }

  List<PlainUnit> units(Section top, Mode mode) {
    List<PlainUnit> units = new ArrayList<>();
    Yaml value = top.value("units");
    Yaml.Mapping mapping =
        value == null
            ? null
            : values.mapping(value, "\"units\"", "names with a kind: `cinder-volume: singleton`");
    if (mapping == null) {
      return units;
    }
    for (Yaml.Entry entry : Section.ofNames(mapping, "\"units\"", findings).entries()) {
      PlainUnit unit = unit(entry, mode);
      if (unit != null) {
        units.add(unit);
      }
    }
    return units;
  }

  private @Nullable PlainUnit unit(Yaml.Entry entry, Mode mode) {
    Yaml.Place at = entry.key().at();
    String subject = "unit " + entry.key().kind();
    String name = values.resourceName(entry.key(), "a unit's name");
    Section section =
        entry.value() instanceof Yaml.Mapping m
            ? Section.of(
                m, subject, List.of("kind", "unit", "after", "fenced-by", "writes-to"), findings)
            : null;
    Yaml kindValue = section == null ? entry.value() : section.required("kind", "kind: singleton");
    List<String> kinds = Arrays.stream(PlainUnit.Kind.values()).map(PlainUnit.Kind::word).toList();
    String word =
        kindValue == null ? null : values.oneOf(kindValue, "the kind of " + subject, kinds);
    if (name == null || word == null) {
      return null;
    }
    PlainUnit.Kind kind =
        word.equals(PlainUnit.Kind.CLONE.word()) ? PlainUnit.Kind.CLONE : PlainUnit.Kind.SINGLETON;
    if (kind == PlainUnit.Kind.SINGLETON && mode == Mode.INDEPENDENT) {
      findings.error(
          at,
          subject + " is a singleton, and in independent mode nobody can promise that it runs once",
          "`mode: coordinated`, or kind clone");
    }
    Yaml unitValue = section == null ? null : section.value("unit");
    List<String> names =
        unitValue == null ? List.of(name) : units(unitValue, "the unit of " + subject);
    Yaml afterValue = section == null ? null : section.value("after");
    List<String> after =
        afterValue == null
            ? startable.stream().filter(s -> s.equals("database") || s.equals("broker")).toList()
            : after(afterValue, subject);
    take(name, name, subject, at);
    names.forEach(n -> whole.unit(n, subject, at));
    if (names.size() > 1) {
      names.forEach(n -> whole.resource(n, subject, at));
    }
    PlainUnit.Fence fence = new FenceReader(values, findings).of(section, subject, kind, names);
    return names.isEmpty() ? null : new PlainUnit(name, names, kind, after, fence);
  }

  /// Only what stands earlier in the file can be named, so that there is never a circle; an empty
  /// list means: after nothing.
  private List<String> after(Yaml value, String subject) {
    boolean nothing = value instanceof Yaml.Sequence s && s.items().isEmpty();
    return nothing
        ? List.of()
        : values.references(
            value, "\"after\" of " + subject, startable, "stands nowhere before it");
  }
}
