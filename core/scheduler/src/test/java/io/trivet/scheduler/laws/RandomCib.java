package io.trivet.scheduler.laws;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A cluster made up from a seed: nodes in all states, resources of all kinds, constraints, and a
/// history that could have happened. Primitives run on one node at most. The same seed gives the
/// same CIB.
final class RandomCib {
  /// Digests of no parameters, and of a timeout of 20 s alone.
  private static final String PLAIN = "f2317cad3d54cec5d7d7aa7d0bf35cf8";

  private static final String RECURRING = "4811cef7f7f94e3a35a70be7916cb2fd";
  private static final String UUID = "01234567-89ab-cdef-0123-456789abcdef";

  private final Random random;
  private final StringBuilder nodes = new StringBuilder();
  private final StringBuilder resources = new StringBuilder();
  private final StringBuilder constraints = new StringBuilder();
  private final List<StringBuilder> histories = new ArrayList<>();
  private final List<Boolean> online = new ArrayList<>();

  /// Ids that constraints may name.
  private final List<String> named = new ArrayList<>();

  private boolean fencing;
  private int line;

  private RandomCib(long seed) {
    random = new Random(seed);
  }

  static String of(long seed) {
    return new RandomCib(seed).make();
  }

  private String make() {
    fencing = random.nextInt(4) > 0;
    boolean quorum = random.nextInt(6) > 0;
    int count = 2 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      nodes.append("<node id='").append(i).append("' uname='n").append(i).append("'>");
      boolean standby = random.nextInt(8) == 0;
      if (standby) {
        nodes.append("<instance_attributes id='a%s'>".formatted(i));
        nodes.append("<nvpair id='s%s' name='standby' value='true'/>".formatted(i));
        nodes.append("</instance_attributes>");
      }
      nodes.append("</node>");
      online.add(i == 0 || random.nextInt(5) > 0);
      histories.add(new StringBuilder());
    }
    if (fencing) {
      primitive("fence", "stonith", "fence_xvm", null);
    }
    int wanted = 1 + random.nextInt(6);
    for (int i = 0; i < wanted; i++) {
      switch (random.nextInt(5)) {
        case 0 -> group("g" + i);
        case 1, 2 -> clone("c" + i);
        default -> {
          primitive("p" + i, "ocf", "Dummy", null);
          named.add("p" + i);
        }
      }
    }
    for (int i = random.nextInt(6); i > 0; i--) {
      constraint(i);
    }
    return document(quorum);
  }

  private String document(boolean quorum) {
    StringBuilder text = new StringBuilder();
    text.append("<cib validate-with='pacemaker-3.9' crm_feature_set='3.19.0' epoch='1'");
    text.append(" num_updates='1' admin_epoch='0' have-quorum='").append(quorum ? 1 : 0);
    text.append("' dc-uuid='0'>\n<configuration><crm_config>");
    text.append("<cluster_property_set id='cib-bootstrap-options'>");
    option(text, "fencing-enabled", Boolean.toString(fencing));
    option(text, "no-quorum-policy", pick("stop", "freeze", "ignore", "demote"));
    option(text, "symmetric-cluster", Boolean.toString(random.nextInt(6) > 0));
    option(text, "startup-fencing", Boolean.toString(random.nextBoolean()));
    text.append("</cluster_property_set></crm_config>\n<nodes>").append(nodes);
    text.append("</nodes>\n<resources>").append(resources).append("</resources>\n<constraints>");
    text.append(constraints).append("</constraints></configuration>\n<status>");
    for (int i = 0; i < histories.size(); i++) {
      state(text, i);
    }
    return text.append("</status></cib>\n").toString();
  }

  private static void option(StringBuilder text, String name, String value) {
    text.append("<nvpair id='o-%s' name='%s' value='%s'/>".formatted(name, name, value));
  }

  private void state(StringBuilder text, int node) {
    boolean up = online.get(node);
    if (!up && random.nextInt(4) == 0) {
      // A node that nobody has seen yet.
      return;
    }
    boolean expected = up || random.nextBoolean();
    text.append("<node_state id='%s' uname='n%s'".formatted(node, node));
    text.append(" in_ccm='%s' crmd='%s'".formatted(up, up ? "online" : "offline"));
    text.append(
        " join='%s' expected='%s'>"
            .formatted(up ? "member" : "down", expected ? "member" : "down"));
    text.append("<lrm id='%s'><lrm_resources>".formatted(node));
    text.append(histories.get(node)).append("</lrm_resources></lrm></node_state>\n");
  }

  private String pick(String... values) {
    return values[random.nextInt(values.length)];
  }

  /// @param clone where instances may run already, or null for what runs once
  private void primitive(String id, String standard, String type, int @Nullable [] clone) {
    String provider = standard.equals("ocf") ? " provider='pacemaker'" : "";
    resources.append(
        "<primitive id='%s' class='%s'%s type='%s'>".formatted(id, standard, provider, type));
    resources.append("<meta_attributes id='m-%s'>".formatted(id));
    meta(id, "resource-stickiness", pick("0", "1", "100", "INFINITY"));
    meta(id, "priority", pick("0", "1", "10"));
    if (random.nextInt(8) == 0) {
      meta(id, "target-role", pick("Stopped", "Started"));
    }
    if (random.nextInt(6) == 0) {
      meta(id, "migration-threshold", pick("1", "3"));
    }
    if (random.nextInt(6) == 0) {
      meta(id, "allow-migrate", "true");
    }
    resources.append("</meta_attributes><operations>");
    String onFail =
        random.nextInt(4) > 0
            ? ""
            : " on-fail='" + pick("restart", "stop", "ignore", "block") + "'";
    resources.append("<op id='op-%s' name='monitor' interval='10s'%s/>".formatted(id, onFail));
    resources.append("</operations></primitive>\n");
    int at = random.nextInt(histories.size() + 2);
    for (int node = 0; node < histories.size(); node++) {
      boolean active = clone == null ? node == at : clone[node] == 1;
      history(id, standard, type, node, active);
    }
  }

  private void meta(String id, String name, String value) {
    resources.append(
        "<nvpair id='m-%s-%s' name='%s' value='%s'/>".formatted(id, name, name, value));
  }

  private void history(String id, String standard, String type, int node, boolean active) {
    if (!active && random.nextInt(3) == 0) {
      return;
    }
    String provider = standard.equals("ocf") ? " provider='pacemaker'" : "";
    StringBuilder text = histories.get(node);
    text.append(
        "<lrm_resource id='%s' class='%s'%s type='%s'>".formatted(id, standard, provider, type));
    if (active) {
      operation(text, id, "_last_0", "start", 0, 0, 0, node);
      operation(text, id, "_monitor_10000", "monitor", 10_000, 0, 0, node);
      if (random.nextInt(6) == 0) {
        operation(
            text,
            id,
            "_last_failure_0",
            "monitor",
            10_000,
            0,
            pick("1", "7").charAt(0) - '0',
            node);
      }
    } else {
      operation(text, id, "_last_0", "monitor", 0, 7, 7, node);
    }
    text.append("</lrm_resource>");
  }

  private void operation(
      StringBuilder text,
      String id,
      String entry,
      String task,
      int interval,
      int wanted,
      int rc,
      int node) {
    line++;
    String key = line + ":1:" + wanted + ":" + UUID;
    text.append(
        "<lrm_rsc_op id='%s%s' operation_key='%s_%s_%s'".formatted(id, entry, id, task, interval));
    text.append(" operation='%s' interval='%s' transition-key='%s'".formatted(task, interval, key));
    text.append(" transition-magic='0:%s;%s' call-id='%s'".formatted(rc, key, line));
    text.append(" rc-code='%s' op-status='0' on_node='n%s'".formatted(rc, node));
    text.append(" op-digest='").append(interval > 0 ? RECURRING : PLAIN);
    text.append("' last-rc-change='%s'/>".formatted(1_700_000_000 + line));
  }

  private void group(String id) {
    resources.append("<group id='%s'>".formatted(id));
    int members = 1 + random.nextInt(3);
    // Members run on one node, the first of them at least.
    int at = random.nextInt(histories.size() + 1);
    int up = random.nextInt(members + 1);
    for (int i = 0; i < members; i++) {
      int[] where = new int[histories.size()];
      if (at < where.length && i < up) {
        where[at] = 1;
      }
      primitive(id + "m" + i, "ocf", "Dummy", where);
    }
    resources.append("</group>\n");
    named.add(id);
  }

  private void clone(String id) {
    boolean promotable = random.nextInt(3) == 0;
    resources.append("<clone id='%s'><meta_attributes id='m-%s'>".formatted(id, id));
    meta(id, "interleave", Boolean.toString(random.nextBoolean()));
    if (promotable) {
      meta(id, "promotable", "true");
    }
    int max = histories.size();
    if (random.nextBoolean()) {
      max = 1 + random.nextInt(histories.size());
      meta(id, "clone-max", Integer.toString(max));
    }
    if (random.nextInt(3) == 0) {
      meta(id, "notify", "true");
    }
    resources.append("</meta_attributes>");
    int[] where = new int[histories.size()];
    for (int node = 0; node < where.length && max > 0; node++) {
      where[node] = random.nextInt(2);
      max -= where[node];
    }
    primitive(id + "i", "ocf", promotable ? "Stateful" : "Dummy", where);
    resources.append("</clone>\n");
    named.add(id);
  }

  private void constraint(int number) {
    String first = named.get(random.nextInt(named.size()));
    String second = named.get(random.nextInt(named.size()));
    int node = random.nextInt(histories.size());
    String score = pick("-INFINITY", "-INFINITY", "100", "-100", "INFINITY");
    switch (random.nextInt(3)) {
      case 0 ->
          constraints.append(
              "<rsc_location id='l%s' rsc='%s' node='n%s' score='%s'/>\n"
                  .formatted(number, first, node, score));
      case 1 -> {
        // Interleaved clones that are to avoid each other swap their nodes with each plan, as they
        // do with Pacemaker: an instance avoids only the one on its best node.
        boolean clones = first.startsWith("c") && second.startsWith("c");
        boolean avoids = clones && score.startsWith("-");
        if (named.indexOf(first) < named.indexOf(second) && !avoids) {
          constraints.append(
              "<rsc_colocation id='k%s' rsc='%s' with-rsc='%s' score='%s'/>\n"
                  .formatted(number, second, first, score));
        }
      }
      default -> {
        // Always in one direction, so that there is no loop.
        if (named.indexOf(first) < named.indexOf(second)) {
          constraints.append(
              "<rsc_order id='r%s' first='%s' then='%s' kind='%s'/>\n"
                  .formatted(number, first, second, pick("Mandatory", "Mandatory", "Optional")));
        }
      }
    }
  }
}
