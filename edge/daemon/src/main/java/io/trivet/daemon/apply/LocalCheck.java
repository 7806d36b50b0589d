package io.trivet.daemon.apply;

import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.Vip;
import io.trivet.services.agent.ResourceAgent;
import io.trivet.services.controller.ServiceSet;
import io.trivet.services.controller.ServiceSets;
import io.trivet.services.controller.UnusableClusterFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Whether this controller can run a cluster file, as far as only it can know: its interfaces, its
/// addresses, the units that are installed. What is so under the file in force already is no
/// objection to another file.
public final class LocalCheck {
  /// Units that Trivet makes itself, when they are needed.
  private static final String OWN_UNITS = "trivet-";

  /// Nothing is known then, of the file in force as little as of the new one.
  private static final String UNCHECKED = "it could not be checked: ";

  private final String self;
  private final MachineFacts machine;

  public LocalCheck(String self, MachineFacts machine) {
    this.self = self;
    this.machine = machine;
  }

  /// @param textInForce the file that is in force, empty when there is none
  public List<Objection> objections(String text, String textInForce) {
    Set<String> known = new TreeSet<>();
    if (!textInForce.isEmpty()) {
      all(textInForce, textInForce).forEach(objection -> known.add(objection.what()));
    }
    return all(text, textInForce).stream()
        .filter(o -> o.what().startsWith(UNCHECKED) || !known.contains(o.what()))
        .toList();
  }

  private List<Objection> all(String text, String textInForce) {
    List<Objection> found = new ArrayList<>();
    try {
      ServiceSet services = new ServiceSets().of(text, self);
      Set<String> ours = new TreeSet<>();
      if (!textInForce.isEmpty()) {
        ours.addAll(addresses(new ServiceSets().of(textInForce, self).file()));
      }
      for (Vip vip : services.file().vips()) {
        vip(vip, ours, text, found);
      }
      units(services, text, found);
    } catch (UnusableClusterFile e) {
      found.add(
          new Objection(
              self,
              0,
              "the Trivet of this controller cannot use it: " + e.getMessage(),
              "install the same version on all controllers"));
    } catch (IOException e) {
      found.add(new Objection(self, 0, UNCHECKED + e.getMessage(), "see trivet status there"));
    }
    return found;
  }

  private static Set<String> addresses(ClusterFile file) {
    Set<String> all = new TreeSet<>();
    file.vips().forEach(vip -> vip.addresses().forEach(a -> all.add(a.address().toString())));
    return all;
  }

  private void vip(Vip vip, Set<String> ours, String text, List<Objection> found)
      throws IOException {
    String name = vip.interfaceName();
    if (!machine.hasInterface(name)) {
      found.add(
          new Objection(
              self,
              line(text, "interface:\\s*[\"']?" + Pattern.quote(name)),
              "there is no interface " + name + ", which VIP " + vip.name() + " needs",
              "make it there, or name the interface that reaches the VIP's network on every"
                  + " controller"));
      return;
    }
    for (IpPrefix address : vip.addresses()) {
      String words = address.address().toString();
      int line = line(text, Pattern.quote(words));
      if (address.address().isV6() && !machine.takesV6(name)) {
        found.add(
            new Objection(
                self,
                line,
                "interface " + name + " takes no IPv6 address such as " + words,
                "sysctl net.ipv6.conf." + name + ".disable_ipv6=0"));
      }
      String has = ours.contains(words) ? null : machine.interfaceOf(address.address());
      if (has != null) {
        found.add(
            new Objection(
                self,
                line,
                words + " is an address of its interface " + has + " already",
                "take it away there, since Trivet gives it to the holder alone"));
      }
    }
  }

  private void units(ServiceSet services, String text, List<Objection> found) throws IOException {
    Set<String> units = new TreeSet<>();
    for (ResourceAgent<?> agent : services.agents()) {
      units.addAll(agent.units());
    }
    for (String unit : units) {
      String full = unit.contains(".") ? unit : unit + ".service";
      if (full.startsWith(OWN_UNITS)) {
        continue;
      }
      String state = machine.loadState(full);
      if (!state.equals("loaded")) {
        String bare = full.substring(0, full.lastIndexOf('.'));
        found.add(
            new Objection(
                self,
                line(text, "(?<![\\w-])" + Pattern.quote(bare) + "(?![\\w-])"),
                "systemd cannot start " + full + ": " + state,
                state.equals("masked")
                    ? "systemctl unmask " + full
                    : "install the package that brings it"));
      }
    }
  }

  /// The first line with a match, from 1; 0 without one. Comments count as absent.
  private static int line(String text, String pattern) {
    Pattern wanted = Pattern.compile(pattern);
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (wanted.matcher(lines.get(i).replaceFirst("(^|\\s)#.*", "")).find()) {
        return i + 1;
      }
    }
    return 0;
  }
}
