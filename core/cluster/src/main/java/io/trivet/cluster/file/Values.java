package io.trivet.cluster.file;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads single values of the cluster file. Each method gives the value, or null after telling what
/// is wrong with it.
final class Values {
  private static final Pattern NAME = Pattern.compile("[a-z]([a-z0-9-]{0,29}[a-z0-9])?");
  private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern CLUSTER = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");
  private static final Pattern NAMESPACE =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?");
  private static final Pattern UNIT = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9@_:.-]{0,199})");
  private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9/_.~%?=&+-]{0,199}");

  private static final Pattern OWN_LINK = Pattern.compile("trivet[0-9]*");

  /// Kinds of units that are not services (systemd.unit(5)).
  private static final List<String> OTHER_UNITS =
      List.of(
          ".socket",
          ".device",
          ".mount",
          ".automount",
          ".swap",
          ".target",
          ".path",
          ".timer",
          ".slice",
          ".scope");

  /// The largest networks of the classes of old, and of IPv6's first allocations to providers.
  private static final int LEAST_PREFIX_V4 = 8;

  private static final int LEAST_PREFIX_V6 = 16;

  private final Findings findings;

  Values(Findings findings) {
    this.findings = findings;
  }

  /// A single value that is not empty.
  Yaml.@Nullable Scalar scalar(Yaml value, String subject, String allowed) {
    if (value instanceof Yaml.Scalar s && !s.isEmpty()) {
      return s;
    }
    findings.error(value.at(), subject + " is " + value.kind(), allowed);
    return null;
  }

  Yaml.@Nullable Mapping mapping(Yaml value, String subject, String allowed) {
    if (value instanceof Yaml.Mapping m) {
      return m;
    }
    findings.error(value.at(), subject + " is " + value.kind(), allowed);
    return null;
  }

  /// One value, or a list of them.
  List<Yaml> oneOrMore(Yaml value, String subject) {
    if (!(value instanceof Yaml.Sequence s)) {
      return List.of(value);
    }
    if (s.items().isEmpty()) {
      findings.error(value.at(), subject + " is an empty list", "at least one value");
    }
    return s.items();
  }

  /// One of a few words.
  @Nullable String oneOf(Yaml value, String subject, List<String> words) {
    Yaml.Scalar s = scalar(value, subject, String.join(", ", words));
    if (s == null || words.contains(s.text())) {
      return s == null ? null : s.text();
    }
    findings.error(
        s.at(), subject + " is " + s.kind(), String.join(", ", words), Nearest.to(s.text(), words));
    return null;
  }

  /// A whole number.
  @Nullable Integer number(Yaml value, String subject, int least, int most) {
    String allowed = "a number " + least + "-" + most;
    Yaml.Scalar s = scalar(value, subject, allowed);
    if (s == null) {
      return null;
    }
    if (s.plain() && s.text().matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(s.text());
      if (number >= least && number <= most) {
        return number;
      }
    }
    findings.error(s.at(), subject + " is " + s.kind(), allowed);
    return null;
  }

  @Nullable Integer port(Yaml value, String subject) {
    return number(value, subject, 1, 65535);
  }

  @Nullable Boolean flag(Yaml value, String subject) {
    String word = oneOf(value, subject, List.of("true", "false"));
    return word == null ? null : word.equals("true");
  }

  @Nullable String clusterName(Yaml value) {
    return matching(
        value,
        "the cluster's name",
        CLUSTER,
        "1-32 characters a-z, 0-9, - (it is also the name of the Galera cluster)");
  }

  @Nullable String controllerName(Yaml.Scalar key) {
    return matching(key, "a controller's name", HOST, "a host name: 1-63 characters a-z, 0-9, -");
  }

  /// The name of a VIP, an API or a unit, which is also the name of a resource.
  @Nullable String resourceName(Yaml.Scalar key, String subject) {
    return matching(key, subject, NAME, "1-31 characters a-z, 0-9, -, a letter first");
  }

  @Nullable String checkPath(Yaml value, String subject) {
    return matching(value, subject, PATH, "a path that begins with /, without spaces");
  }

  @Nullable String namespace(Yaml value, String subject) {
    String allowed = "1-64 characters A-Z, a-z, 0-9, _, ., -; not host, and no -clone at the end";
    String name = matching(value, subject, NAMESPACE, allowed);
    if (name != null && (name.equals("host") || name.endsWith("-clone"))) {
      findings.error(
          value.at(),
          subject + " is " + value.kind() + ", as Trivet names its own resources",
          allowed);
      return null;
    }
    return name;
  }

  /// A systemd unit; `.service` may be left out or written.
  @Nullable String unit(Yaml value, String subject) {
    String allowed = "the name of a systemd service, such as nova-api";
    String given = matching(value, subject, UNIT, allowed);
    if (given == null) {
      return null;
    }
    String unit =
        given.endsWith(".service")
            ? given.substring(0, given.length() - ".service".length())
            : given;
    String why = null;
    if (OTHER_UNITS.stream().anyMatch(unit::endsWith)) {
      why = ", which is not a service";
    } else if (unit.endsWith("@")) {
      why = ", a template without an instance";
    } else if (unit.matches("trivet(-.*|d.*)?")) {
      why = ", as Trivet names its own";
    } else if (unit.isEmpty() || unit.endsWith(".service")) {
      why = "";
    }
    if (why != null) {
      findings.error(value.at(), subject + " is " + value.kind() + why, allowed);
      return null;
    }
    return unit;
  }

  /// A name that the kernel takes for an interface (`dev_valid_name` and IFNAMSIZ in Linux): at
  /// most 15 bytes, no `/`, `:` or white space.
  @Nullable String interfaceName(Yaml value, String subject) {
    String allowed = "1-15 characters without /, : or spaces, such as eth0";
    Yaml.Scalar s = scalar(value, subject, allowed);
    if (s == null) {
      return null;
    }
    String name = s.text();
    boolean printable =
        name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '/' && c != ':' && c != '%');
    if (!printable || name.length() > 15 || name.equals(".") || name.equals("..")) {
      findings.error(s.at(), subject + " is " + s.kind(), allowed);
      return null;
    }
    if (OWN_LINK.matcher(name).matches()) {
      findings.error(
          s.at(),
          subject + " is " + s.kind() + ", as Trivet names its own links",
          "an interface with a network, such as eth0");
      return null;
    }
    if (name.equals("lo")) {
      findings.error(
          s.at(),
          subject + " is the loopback; nobody outside would reach it",
          "an interface with a network, such as eth0");
      return null;
    }
    return name;
  }

  private @Nullable String matching(Yaml value, String subject, Pattern pattern, String allowed) {
    Yaml.Scalar s = scalar(value, subject, allowed);
    if (s == null || pattern.matcher(s.text()).matches()) {
      return s == null ? null : s.text();
    }
    findings.error(s.at(), subject + " is " + s.kind(), allowed);
    return null;
  }

  /// An address that a machine can have.
  @Nullable IpAddress address(Yaml value, String subject) {
    String allowed = "an IPv4 or IPv6 address, such as 10.77.0.11";
    Yaml.Scalar s = scalar(value, subject, allowed);
    if (s == null) {
      return null;
    }
    IpAddress address = IpAddress.parse(s.text());
    if (address == null) {
      boolean withPrefix = IpPrefix.parse(s.text()) != null;
      findings.error(
          s.at(),
          subject
              + " is "
              + s.kind()
              + (withPrefix ? ", with a prefix length" : ", not an address"),
          allowed);
      return null;
    }
    return usable(address, s, subject) ? address : null;
  }

  /// An address with a prefix length, as an interface has it.
  @Nullable IpPrefix interfaceAddress(Yaml value, String subject) {
    String allowed = "an address with its network's prefix length, such as 10.77.0.100/24";
    Yaml.Scalar s = scalar(value, subject, allowed);
    if (s == null) {
      return null;
    }
    IpPrefix prefix = IpPrefix.parse(s.text());
    if (prefix == null) {
      boolean bare = IpAddress.parse(s.text()) != null;
      findings.error(
          s.at(),
          subject
              + " is "
              + s.kind()
              + (bare ? ", without a prefix length" : ", not an address with a prefix length"),
          allowed);
      return null;
    }
    return usable(prefix.address(), s, subject) && isHost(prefix, s, subject) ? prefix : null;
  }

  private boolean isHost(IpPrefix prefix, Yaml.Scalar s, String subject) {
    int least = prefix.address().isV6() ? LEAST_PREFIX_V6 : LEAST_PREFIX_V4;
    boolean pointToPoint = prefix.length() >= prefix.address().family().bits() - 1;
    if (prefix.length() == 0) {
      findings.error(
          s.at(),
          subject + " is " + s.kind() + ": a prefix length of 0 is the whole internet",
          "the length of the network's prefix");
    } else if (prefix.length() < least) {
      findings.error(
          s.at(),
          subject + " is " + s.kind() + ": no network of machines is that large",
          "the length of the network's prefix, at least " + least);
    } else if (!pointToPoint && !prefix.hasHostBits()) {
      findings.error(
          s.at(),
          subject + " is " + s.kind() + ": that is the network itself, not an address in it",
          "an address with host bits");
    } else if (prefix.isBroadcast()) {
      findings.error(
          s.at(),
          subject + " is " + s.kind() + ": that is the network's broadcast address",
          "an address of a host");
    } else {
      return true;
    }
    return false;
  }

  private boolean usable(IpAddress address, Yaml.Scalar s, String subject) {
    String why = null;
    if (address.isUnspecified()) {
      why = "which is no machine's address";
    } else if (address.isMulticast()) {
      why = "a multicast address";
    } else if (address.isLinkLocal()) {
      why = "a link-local address, which other networks cannot reach";
    } else if (address.isV4Mapped()) {
      why = "an IPv4 address dressed as IPv6";
    } else if (Limits.OWN_V6.contains(address)) {
      why = "in " + Limits.OWN_V6 + ", from which Trivet links namespaces to the host";
    }
    if (why != null) {
      findings.error(
          s.at(), subject + " is " + s.kind() + ", " + why, "a unicast address of the network");
    }
    return why == null;
  }

  /// The destination of a route; `default` takes the family of the next hop.
  @Nullable IpPrefix destination(Yaml value, String subject, IpAddress.@Nullable Family family) {
    String allowed = "a network such as 192.0.2.0/24, or default";
    Yaml.Scalar s = scalar(value, subject, allowed);
    if (s == null) {
      return null;
    }
    if (s.text().equals("default")) {
      return family == IpAddress.Family.V6 ? IpPrefix.of("::/0") : IpPrefix.of("0.0.0.0/0");
    }
    IpAddress single = IpAddress.parse(s.text());
    IpPrefix prefix = single == null ? IpPrefix.parse(s.text()) : IpPrefix.host(single);
    if (prefix == null) {
      findings.error(
          s.at(),
          subject + " is " + s.kind() + ", not a network",
          allowed,
          Nearest.to(s.text(), List.of("default")));
      return null;
    }
    if (prefix.hasHostBits()) {
      findings.error(
          s.at(),
          subject + " is " + s.kind() + ", with host bits set",
          "a network",
          prefix.network().toString());
      return null;
    }
    return prefix;
  }

  /// Names out of a known few; the same name twice is told.
  ///
  /// @param otherwise what a name that is not among them is, as the end of a sentence
  List<String> references(Yaml value, String subject, List<String> known, String otherwise) {
    List<String> names = new ArrayList<>();
    String allowed = known.isEmpty() ? "nothing, because there is none" : String.join(", ", known);
    for (Yaml item : oneOrMore(value, subject)) {
      Yaml.Scalar s = scalar(item, subject, allowed);
      if (s != null && !known.contains(s.text())) {
        findings.error(
            s.at(),
            subject + " is " + s.kind() + ", which " + otherwise,
            allowed,
            Nearest.to(s.text(), known));
      } else if (s != null && names.contains(s.text())) {
        findings.error(s.at(), subject + " names " + s.kind() + " twice", "each name once");
      } else if (s != null) {
        names.add(s.text());
      }
    }
    return names;
  }
}
