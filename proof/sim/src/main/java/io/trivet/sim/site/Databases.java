package io.trivet.sim.site;

import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.galera.GaleraConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A model of Galera: who is in a primary component, what each copy holds, which writes were
/// acknowledged.
///
/// What it keeps of the real one: a component goes on with more than half of its members, and waits
/// else; a write is acknowledged when the writer has it on disk and all members of the component in
/// memory; a member that dies loses what it has only in memory; a copy that was interrupted is of
/// no use; a copy is taken from a member of the component; only a member with `safe_to_bootstrap:
/// 1` may begin a component. Law 2 is checked at each acknowledged write: it must stand on all that
/// were acknowledged before.
final class Databases {
  private static final long GIVE_UP = 30 * Site.SECOND;

  /// A write: its history, its number, and the one before.
  private static final class Write {
    final String uuid;
    final long seqno;
    final @Nullable Write before;

    Write(String uuid, long seqno, @Nullable Write before) {
      this.uuid = uuid;
      this.seqno = seqno;
      this.before = before;
    }

    boolean contains(Write other) {
      Write at = this;
      while (at != null && at.seqno > other.seqno) {
        at = at.before;
      }
      return at == other;
    }
  }

  private static final class Component {
    final List<Member> members = new ArrayList<>();
    boolean active = true;
    Write tip;

    Component(Write tip) {
      this.tip = tip;
    }
  }

  private static final class Member {
    final Machine machine;
    boolean starting;
    boolean up;
    boolean stopping;
    int run;
    @Nullable Component component;

    /// The last write on disk; null for none.
    @Nullable Write durable;

    /// The last write in memory while it is in a component.
    @Nullable Write received;

    Member(Machine machine) {
      this.machine = machine;
    }

    boolean inPrimary() {
      Component c = component;
      return up && c != null && c.active;
    }
  }

  private final Site site;
  private final Map<Machine, Member> members = new LinkedHashMap<>();
  private int histories;
  private long acknowledged;
  private @Nullable Write lastAcknowledged;

  Databases(Site site) {
    this.site = site;
    site.machines.forEach(m -> members.put(m, new Member(m)));
    site.after(Site.SECOND, this::write);
  }

  long acknowledged() {
    return acknowledged;
  }

  private Member of(Machine machine) {
    Member member = members.get(machine);
    if (member == null) {
      throw new IllegalArgumentException(machine.name);
    }
    return member;
  }

  boolean listens(Machine machine) {
    Member member = of(machine);
    return member.up || member.starting;
  }

  // Starting and ending

  void start(Machine machine) {
    Member member = of(machine);
    if (member.up || member.starting) {
      return;
    }
    boolean bootstrap =
        machine.disk.getOrDefault(GaleraConfig.ENVIRONMENT, "").contains("wsrep-new-cluster");
    String saved = machine.disk.get(GaleraConfig.STATE_FILE);
    boolean forced = saved != null && saved.contains("00000000-0000-0000-0000-000000000000");
    member.starting = true;
    int run = ++member.run;
    machine.setUnit(Machine.MARIADB, "activating");
    site.say(machine.name, bootstrap ? "mariadb bootstraps" : "mariadb joins");
    if (bootstrap && saved != null && !saved.contains("safe_to_bootstrap: 1")) {
      site.after(Site.SECOND, ifRuns(member, run, () -> exit(member)));
      return;
    }
    if (forced) {
      member.durable = null;
    }
    save(member, -1, false);
    if (bootstrap) {
      site.after(
          site.between(Site.SECOND, 2 * Site.SECOND), ifRuns(member, run, () -> bootstrap(member)));
    } else {
      seek(member, run, site.now() + GIVE_UP);
    }
  }

  private Runnable ifRuns(Member member, int run, Runnable what) {
    return () -> {
      if (member.run == run && (member.up || member.starting)) {
        what.run();
      }
    };
  }

  private void bootstrap(Member member) {
    Write tip = member.durable;
    if (tip == null) {
      histories++;
      tip =
          new Write(
              String.format(java.util.Locale.ROOT, "%08d-0000-0000-0000-000000000001", histories),
              0,
              null);
    }
    Component component = new Component(tip);
    enter(member, component);
  }

  private void enter(Member member, Component component) {
    component.members.remove(member);
    component.members.add(member);
    member.component = component;
    member.starting = false;
    member.up = true;
    member.durable = component.tip;
    member.received = component.tip;
    save(member, -1, false);
    site.say(
        member.machine.name,
        "mariadb is in a component of " + component.members.size() + " at " + component.tip.seqno);
    member.machine.setUnit(Machine.MARIADB, "active");
  }

  /// Looks for a primary component and copies from it what is missing.
  private void seek(Member member, int run, long until) {
    Component found = inReach(member);
    if (found == null) {
      if (site.now() >= until) {
        exit(member);
      } else {
        site.after(300 * Site.MILLI, ifRuns(member, run, () -> seek(member, run, until)));
      }
      return;
    }
    Write mine = member.durable;
    boolean little = mine != null && found.tip.contains(mine) && site.chance.nextInt(4) != 0;
    if (!little) {
      member.durable = null;
      save(member, -1, false);
    }
    long takes =
        little
            ? site.between(Site.SECOND, 3 * Site.SECOND)
            : site.between(2 * Site.SECOND, 12 * Site.SECOND);
    copy(member, run, found, site.now() + takes);
  }

  private void copy(Member member, int run, Component from, long until) {
    if (!from.active
        || from.members.stream().noneMatch(m -> site.reach(m.machine, member.machine))) {
      exit(member);
    } else if (site.now() >= until) {
      enter(member, from);
    } else {
      site.after(200 * Site.MILLI, ifRuns(member, run, () -> copy(member, run, from, until)));
    }
  }

  private @Nullable Component inReach(Member seeker) {
    for (Member member : members.values()) {
      if (member != seeker && member.inPrimary() && site.reach(seeker.machine, member.machine)) {
        return member.component;
      }
    }
    return null;
  }

  /// The process ends with an error.
  private void exit(Member member) {
    site.say(member.machine.name, "mariadb gives up");
    end(member);
    member.machine.setUnit(Machine.MARIADB, "failed");
  }

  void stop(Machine machine) {
    Member member = of(machine);
    if (!member.up && !member.starting || member.stopping) {
      return;
    }
    member.stopping = true;
    machine.setUnit(Machine.MARIADB, "deactivating");
    site.after(
        site.between(500 * Site.MILLI, 3 * Site.SECOND),
        ifRuns(
            member,
            member.run,
            () -> {
              boolean wasUp = member.up;
              Component left = member.component;
              if (wasUp) {
                member.durable = member.received;
              }
              if (left != null) {
                left.members.remove(member);
              }
              end(member);
              Write at = member.durable;
              if (wasUp && at != null) {
                save(member, at.seqno, left != null && left.members.isEmpty());
              }
              machine.setUnit(Machine.MARIADB, "inactive");
              topologyChanged();
            }));
  }

  void kill(Machine machine) {
    Member member = of(machine);
    if (member.up || member.starting) {
      site.say(machine.name, "mariadb killed");
      end(member);
      machine.setUnit(Machine.MARIADB, "failed");
      topologyChanged();
    }
  }

  void died(Machine machine) {
    end(of(machine));
  }

  private static void end(Member member) {
    member.run++;
    member.up = false;
    member.starting = false;
    member.stopping = false;
    member.received = null;
    // It stays in its component until the others notice.
  }

  private static void save(Member member, long seqno, boolean safe) {
    Write durable = member.durable;
    String uuid = durable == null ? "00000000-0000-0000-0000-000000000000" : durable.uuid;
    member.machine.disk.put(
        GaleraConfig.STATE_FILE,
        "# GALERA saved state\nversion: 2.1\nuuid:    "
            + uuid
            + "\nseqno:   "
            + seqno
            + "\nsafe_to_bootstrap: "
            + (safe ? 1 : 0)
            + "\n");
  }

  // Components

  void topologyChanged() {
    site.after(site.between(300 * Site.MILLI, 6 * Site.SECOND), this::reconfigure);
  }

  private void reconfigure() {
    List<Component> components = new ArrayList<>();
    for (Member member : members.values()) {
      Component c = member.component;
      if (c != null && !components.contains(c)) {
        components.add(c);
      }
    }
    components.forEach(this::reconfigure);
    rejoin();
    long active = components.stream().filter(c -> c.active && !c.members.isEmpty()).count();
    if (active > 1) {
      site.breach("two primary components");
    }
  }

  private void reconfigure(Component component) {
    int size = component.members.size();
    List<Member> going = List.of();
    for (Member member : component.members) {
      List<Member> side =
          component.members.stream()
              .filter(
                  m -> m.up && m.component == component && site.reach(member.machine, m.machine))
              .toList();
      if (member.up && side.size() > going.size()) {
        going = side;
      }
    }
    boolean goes = going.size() * 2 > size;
    if (component.active && !goes) {
      site.say("", "the component of " + size + " lost its majority");
    } else if (!component.active && goes) {
      site.say("", "the component of " + size + " is back");
    }
    component.active = goes;
    if (goes) {
      List<Member> staying = going;
      component.members.stream()
          .filter(m -> !staying.contains(m) && !m.up)
          .forEach(m -> m.component = null);
      component.members.retainAll(staying);
    } else {
      component.members.stream()
          .filter(m -> !m.up && component.members.stream().noneMatch(o -> o.up))
          .forEach(m -> m.component = null);
    }
  }

  /// A running member outside of the component that sees it comes back into it, with what it
  /// missed.
  private void rejoin() {
    for (Member member : members.values()) {
      Component now = member.component;
      Component found = inReach(member);
      boolean outside =
          member.up
              && !member.stopping
              && (now == null || !now.members.contains(member) || !now.active);
      if (outside && found != null && found != now) {
        exit(member);
      } else if (outside && found != null && !found.members.contains(member)) {
        enter(member, found);
      }
    }
  }

  // Clients, and what agents ask

  private void write() {
    site.after(site.between(50 * Site.MILLI, 300 * Site.MILLI), this::write);
    String writer = site.agreed().attribute("galera.writer");
    if (writer == null) {
      return;
    }
    Member member = of(site.machine(writer));
    Component component = member.component;
    boolean whole =
        member.inPrimary()
            && component != null
            && component.members.contains(member)
            && component.members.stream()
                .allMatch(m -> m.up && site.reach(member.machine, m.machine));
    if (!whole || component == null) {
      return;
    }
    Write write = new Write(component.tip.uuid, component.tip.seqno + 1, component.tip);
    Write last = lastAcknowledged;
    if (last != null && component.tip != last) {
      site.breach(
          "law 2: "
              + writer
              + " acknowledges write "
              + write.seqno
              + " without write "
              + last.seqno
              + " of history "
              + last.uuid);
    }
    component.tip = write;
    lastAcknowledged = write;
    acknowledged++;
    for (Member one : component.members) {
      one.received = write;
      int run = one.run;
      site.after(
          one == member ? 0 : site.between(Site.MILLI, 500 * Site.MILLI),
          () -> {
            Write durable = one.durable;
            if (one.run == run && one.up && (durable == null || write.seqno > durable.seqno)) {
              one.durable = write;
            }
          });
      if (one == member) {
        one.durable = write;
      }
    }
  }

  AgentEvent.SqlDone sql(Machine machine, AgentEffect.Sql sql) {
    Member member = of(machine);
    if (!member.up) {
      return new AgentEvent.SqlDone(sql.tag(), List.of(), "no socket");
    }
    if (!sql.statements().getFirst().startsWith("SHOW GLOBAL STATUS")) {
      return new AgentEvent.SqlDone(sql.tag(), List.of(), null);
    }
    Component component = member.component;
    boolean primary = component != null && component.active && component.members.contains(member);
    List<Member> seen = primary && component != null ? component.members : List.of(member);
    String uuid = component == null ? "" : component.tip.uuid;
    List<List<@Nullable String>> rows = new ArrayList<>();
    row(rows, "wsrep_local_state_comment", primary ? "Synced" : "Initialized");
    row(rows, "wsrep_cluster_status", primary ? "Primary" : "non-Primary");
    row(rows, "wsrep_cluster_conf_id", "7");
    row(rows, "wsrep_cluster_state_uuid", uuid);
    row(
        rows,
        "wsrep_incoming_addresses",
        String.join(
            ",", seen.stream().map(m -> "10.77.0." + m.machine.name.charAt(1) + ":3306").toList()));
    row(rows, "wsrep_ready", primary ? "ON" : "OFF");
    return new AgentEvent.SqlDone(sql.tag(), rows, null);
  }

  private static void row(List<List<@Nullable String>> rows, String name, String value) {
    rows.add(List.of(name, value));
  }

  /// What `mariadbd --wsrep-recover` writes.
  String recovered(Machine machine) {
    Write durable = of(machine).durable;
    return durable == null
        ? "WSREP: Recovered position: 00000000-0000-0000-0000-000000000000:-1"
        : "WSREP: Recovered position: " + durable.uuid + ":" + durable.seqno;
  }
}
