package io.trivet.services.controller;

import io.trivet.cluster.IpPrefix;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.Vip;
import io.trivet.services.agent.ResourceAgent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Whether a controller can run a cluster file, as far as only it can know: its interfaces, its
/// addresses, the units that are installed. What is so under the file in force already is no
/// objection to another file.
public final class LocalCheck {
  /// Units that Trivet makes itself, when they are needed.
  private static final String OWN_UNITS = "trivet-";

  private final String self;
  private final MachineFacts machine;

  private LocalCheck(String self, MachineFacts machine) {
    this.self = self;
    this.machine = machine;
  }

  /// The units whose state has to be known for [#objections]; none for a text that cannot be used.
  public static SortedSet<String> units(String self, String text, String textInForce) {
    SortedSet<String> units = new TreeSet<>();
    for (String each : List.of(text, textInForce)) {
      try {
        units.addAll(units(new ServiceSets().of(each, self)));
      } catch (UnusableClusterFile e) {
        // Said as an objection, or true of the file in force already.
      }
    }
    return units;
  }

  /// @param self the controller that is asked
  /// @param textInForce the file that is in force, empty when there is none
  /// @param machine with the state of at least [#units]
  public static List<Objection> objections(
      String self, String text, String textInForce, MachineFacts machine) {
    LocalCheck check = new LocalCheck(self, machine);
    Set<String> known = new TreeSet<>();
    if (!textInForce.isEmpty()) {
      check.all(textInForce, textInForce).forEach(objection -> known.add(objection.what()));
    }
    return check.all(text, textInForce).stream().filter(o -> !known.contains(o.what())).toList();
  }

  private List<Objection> all(String text, String textInForce) {
    List<Objection> found = new ArrayList<>();
    try {
      ServiceSet services = new ServiceSets().of(text, self);
      Set<String> ours =
          textInForce.isEmpty()
              ? new TreeSet<>()
              : addresses(new ServiceSets().of(textInForce, self).file());
      for (Vip vip : services.file().vips()) {
        vip(vip, ours, text, found);
      }
      for (String unit : units(services)) {
        unit(unit, text, found);
      }
    } catch (UnusableClusterFile e) {
      found.add(
          new Objection(
              self,
              0,
              "the Trivet of this controller cannot use it: " + e.getMessage(),
              "install the same version on all controllers"));
    }
    return found;
  }

  private static Set<String> addresses(ClusterFile file) {
    Set<String> all = new TreeSet<>();
    file.vips().forEach(vip -> vip.addresses().forEach(a -> all.add(a.address().toString())));
    return all;
  }

  private void vip(Vip vip, Set<String> ours, String text, List<Objection> found) {
    String name = vip.interfaceName();
    Boolean takesV6 = machine.interfaces().get(name);
    if (takesV6 == null) {
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
      if (address.address().isV6() && !takesV6) {
        found.add(
            new Objection(
                self,
                line,
                "interface " + name + " takes no IPv6 address such as " + words,
                "sysctl net.ipv6.conf." + name + ".disable_ipv6=0"));
      }
      String has = ours.contains(words) ? null : machine.addresses().get(words);
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

  private static SortedSet<String> units(ServiceSet services) {
    SortedSet<String> units = new TreeSet<>();
    for (ResourceAgent<?> agent : services.agents()) {
      for (String unit : agent.units()) {
        String full = unit.contains(".") ? unit : unit + ".service";
        if (!full.startsWith(OWN_UNITS)) {
          units.add(full);
        }
      }
    }
    return units;
  }

  private void unit(String unit, String text, List<Objection> found) {
    String state = machine.units().getOrDefault(unit, "not looked at");
    if (state.equals("loaded")) {
      return;
    }
    String bare = unit.substring(0, unit.lastIndexOf('.'));
    found.add(
        new Objection(
            self,
            line(text, "(?<![\\w-])" + Pattern.quote(bare) + "(?![\\w-])"),
            "systemd cannot start " + unit + ": " + state,
            state.equals("masked")
                ? "systemctl unmask " + unit
                : "install the package that brings it"));
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
