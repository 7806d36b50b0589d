package io.trivet.cluster.kernel;

/// One thing in the kernel that VIPs need. What Trivet made it may put right; an [Uplink] belongs
/// to the operator.
public sealed interface Part extends Comparable<Part> {
  /// What people call it, as it stands after "the": `guard of namespace vip`.
  String words();

  /// The interface of the controller that reaches a VIP's network.
  record Uplink(String link) implements Part {
    @Override
    public String words() {
      return "interface " + link;
    }
  }

  /// A network namespace and its name below `/run/netns`.
  record Namespace(String name) implements Part {
    @Override
    public String words() {
      return "network namespace " + name;
    }
  }

  /// A link that Trivet made.
  ///
  /// @param namespace empty for the host's
  record MadeLink(String namespace, String name) implements Part {
    @Override
    public String words() {
      return "link " + name + in(namespace);
    }
  }

  /// An address of a VIP, or of a link that Trivet made.
  record Address(String namespace, String link, String address) implements Part {
    @Override
    public String words() {
      return "address " + address + " of " + link + in(namespace);
    }
  }

  /// A route, as `ip route` would show it.
  record Route(String namespace, String route) implements Part {
    @Override
    public String words() {
      return "route " + route + in(namespace);
    }
  }

  /// A rule of policy routing.
  record Rule(String namespace, String rule) implements Part {
    @Override
    public String words() {
      return "routing " + rule + in(namespace);
    }
  }

  /// A kernel parameter.
  record Setting(String namespace, String setting) implements Part {
    @Override
    public String words() {
      return "kernel parameter " + setting + in(namespace);
    }
  }

  /// The nftables tables that keep VIPs dark without a lease.
  record Guard(String namespace) implements Part {
    @Override
    public String words() {
      return "nftables guard of the VIPs" + in(namespace);
    }
  }

  /// Masquerading and forwarding for the links to namespaces.
  record Forwarding(String what) implements Part {
    @Override
    public String words() {
      return "forwarding for the namespaces of VIPs (" + what + ")";
    }
  }

  @Override
  default int compareTo(Part other) {
    return words().compareTo(other.words());
  }

  private static String in(String namespace) {
    return namespace.isEmpty() ? "" : " in the namespace " + namespace;
  }
}
