package io.trivet.cluster.file;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One mapping of the cluster file whose keys are known: tells of keys that are unknown, twice
/// there, or should never be in this file.
final class Section {
  private static final Pattern SECRET =
      Pattern.compile(
          "(^|[^a-z])(password|passwd|passphrase|pass|secret|secrets|credential|credentials|token|apikey|api[_-]key|private[_-]?key|cookie|auth)([^a-z]|$)");

  /// What other systems call our keys.
  private static final Map<String, String> OTHER_WORDS = otherWords();

  private final Yaml.Place at;
  private final String title;
  private final Findings findings;
  private final Map<String, Yaml.Entry> entries = new LinkedHashMap<>();

  /// Known keys that somebody probably meant by an unknown one; that they are missing needs no
  /// second finding.
  private final List<String> misspelt = new ArrayList<>();

  private Section(Yaml.Mapping mapping, String title, Findings findings) {
    this.at = mapping.at();
    this.title = title;
    this.findings = findings;
  }

  /// The section with exactly these keys; what else is there becomes a finding.
  static Section of(Yaml.Mapping mapping, String title, List<String> known, Findings findings) {
    Section section = new Section(mapping, title, findings);
    for (Yaml.Entry entry : mapping.entries()) {
      String key = entry.key().text();
      if (known.contains(key)) {
        section.add(entry);
      } else if (!looksSecret(entry.key(), findings)) {
        section.unknown(entry.key(), known);
      }
    }
    return section;
  }

  private void unknown(Yaml.Scalar key, List<String> known) {
    String nearest = Nearest.to(key.text(), known);
    String other = OTHER_WORDS.get(key.text().toLowerCase(Locale.ROOT).replace('_', '-'));
    if (nearest == null && other != null && known.contains(other)) {
      nearest = other;
    }
    if (nearest != null) {
      misspelt.add(nearest);
    }
    String what = "unknown key " + key.kind() + " in " + title;
    findings.error(key.at(), what, String.join(", ", known), nearest);
  }

  /// The section whose keys are names that the operator chose.
  static Section ofNames(Yaml.Mapping mapping, String title, Findings findings) {
    Section section = new Section(mapping, title, findings);
    mapping.entries().stream().filter(e -> !looksSecret(e.key(), findings)).forEach(section::add);
    return section;
  }

  private void add(Yaml.Entry entry) {
    Yaml.Entry first = entries.putIfAbsent(entry.key().text(), entry);
    if (first != null) {
      findings.error(
          entry.key().at(),
          entry.key().kind()
              + " is twice in "
              + title
              + ", first in line "
              + first.key().at().line(),
          "each key once");
    }
  }

  /// Refuses a key under which people keep secrets: this file is replicated, shown, and pasted into
  /// tickets.
  static boolean looksSecret(Yaml.Scalar key, Findings findings) {
    boolean secret = SECRET.matcher(key.text().toLowerCase(Locale.ROOT)).find();
    if (secret) {
      findings.error(
          key.at(),
          key.kind()
              + " looks like a secret; this file is replicated and shown to people, so secrets are never in it",
          "secrets in the services' own files with mode 0600, such as /etc/keystone/keystone.conf");
    }
    return secret;
  }

  Yaml.Place at() {
    return at;
  }

  /// The keys with their values, in the order of the file.
  List<Yaml.Entry> entries() {
    return List.copyOf(entries.values());
  }

  /// The value of a key; null where the key is missing, or there is nothing after it.
  @Nullable Yaml value(String key) {
    Yaml.Entry entry = entries.get(key);
    return entry == null || entry.value() instanceof Yaml.Scalar s && s.isEmpty()
        ? null
        : entry.value();
  }

  /// The value of a key that has to be there; null after telling that it is not.
  @Nullable Yaml required(String key, String example) {
    Yaml value = value(key);
    if (value == null && !misspelt.contains(key)) {
      Yaml.Entry entry = entries.get(key);
      Yaml.Place place = entry == null ? at : entry.key().at();
      findings.error(
          place,
          (entry == null ? "\"" + key + "\" is missing in " : "nothing after \"" + key + "\" in ")
              + title,
          "for example `" + example + "`");
    }
    return value;
  }

  /// Where a key stands, or where the section begins.
  Yaml.Place placeOf(String key) {
    Yaml.Entry entry = entries.get(key);
    return entry == null ? at : entry.key().at();
  }

  private static Map<String, String> otherWords() {
    Map<String, String> words = new LinkedHashMap<>();
    for (String w : List.of("nodes", "members", "hosts", "servers", "peers")) {
      words.put(w, "controllers");
    }
    for (String w :
        List.of("virtual-ips", "virtual-ip", "virtual-addresses", "addresses-virtual", "ips")) {
      words.put(w, "vips");
    }
    for (String w : List.of("db", "sql", "mariadb", "mysql", "galera", "postgresql")) {
      words.put(w, "database");
    }
    for (String w : List.of("rabbitmq", "rabbit", "messaging", "amqp", "mq")) {
      words.put(w, "broker");
    }
    for (String w : List.of("haproxy", "lb", "proxy")) {
      words.put(w, "load-balancer");
    }
    words.put("memcached", "cache");
    words.put("services", "apis");
    words.put("openstack", "apis");
    words.put("version", "trivet");
    words.put("format", "trivet");
    words.put("cluster", "name");
    words.put("profile", "timing");
    words.put("ip", "address");
    words.put("cidr", "address");
    words.put("nic", "interface");
    words.put("dev", "interface");
    words.put("device", "interface");
    words.put("netns", "namespace");
    words.put("gateway", "via");
    words.put("next-hop", "via");
    words.put("destination", "to");
    words.put("dest", "to");
    words.put("network", "to");
    words.put("type", "kind");
    words.put("requires", "after");
    words.put("settings", "options");
    words.put("config", "options");
    words.put("healthcheck", "check");
    words.put("path", "check");
    words.put("service", "unit");
    return words;
  }
}
