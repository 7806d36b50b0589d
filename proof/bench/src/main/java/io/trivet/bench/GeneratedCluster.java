package io.trivet.bench;

import io.trivet.scheduler.cib.Element;

/// A cluster of any size in which nothing runs yet. For every ten resources there are one group of
/// four, five primitives and one clone; one of the primitives is colocated with the group, one is
/// ordered after it, and one prefers a node.
public final class GeneratedCluster {
  private final Element resources = new Element("resources");
  private final Element constraints = new Element("constraints");
  private final int nodes;

  private GeneratedCluster(int nodes) {
    this.nodes = nodes;
  }

  /// A CIB of so many nodes, all online, and resources.
  public static Element cib(int nodes, int resources) {
    return new GeneratedCluster(nodes).make(resources);
  }

  private Element make(int count) {
    for (int tenth = 0; tenth < count / 10; tenth++) {
      ten(tenth);
    }
    Element options = new Element("cluster_property_set").set("id", "options");
    option(options, "fencing-enabled", "stonith-enabled", "false");
    option(options, "no-quorum-policy", "no-quorum-policy", "ignore");
    Element cib =
        new Element("cib")
            .set("validate-with", "pacemaker-3.0")
            .set("crm_feature_set", "3.0.14")
            .set("epoch", "1")
            .set("num_updates", "1")
            .set("admin_epoch", "0")
            .set("have-quorum", "1")
            .set("dc-uuid", "1");
    Element configuration = cib.add(new Element("configuration"));
    configuration.add(new Element("crm_config")).add(options);
    Element members = configuration.add(new Element("nodes"));
    configuration.add(resources);
    configuration.add(constraints);
    Element status = cib.add(new Element("status"));
    for (int node = 1; node <= nodes; node++) {
      members.add(
          new Element("node").set("id", Integer.toString(node)).set("uname", "node" + node));
      Element state =
          status.add(
              new Element("node_state")
                  .set("id", Integer.toString(node))
                  .set("uname", "node" + node)
                  .set("in_ccm", "true")
                  .set("crmd", "online")
                  .set("join", "member")
                  .set("expected", "member"));
      state
          .add(new Element("lrm").set("id", Integer.toString(node)))
          .add(new Element("lrm_resources"));
    }
    return cib;
  }

  /// The option is known by both names, so that each release finds its own.
  private static void option(Element options, String name, String oldName, String value) {
    options.add(
        new Element("nvpair").set("id", "option-" + name).set("name", oldName).set("value", value));
  }

  private void ten(int tenth) {
    Element group = resources.add(new Element("group").set("id", "group" + tenth));
    for (int member = 0; member < 4; member++) {
      group.add(primitive("member" + tenth + "-" + member));
    }
    for (int single = 0; single < 5; single++) {
      resources.add(primitive("single" + tenth + "-" + single));
    }
    resources.add(new Element("clone").set("id", "clone" + tenth)).add(primitive("copy" + tenth));
    constraints.add(
        new Element("rsc_colocation")
            .set("id", "with" + tenth)
            .set("rsc", "single" + tenth + "-0")
            .set("with-rsc", "group" + tenth)
            .set("score", "INFINITY"));
    constraints.add(
        new Element("rsc_order")
            .set("id", "after" + tenth)
            .set("first", "group" + tenth)
            .set("then", "single" + tenth + "-1"));
    constraints.add(
        new Element("rsc_location")
            .set("id", "prefers" + tenth)
            .set("rsc", "single" + tenth + "-2")
            .set("node", "node" + (1 + tenth % nodes))
            .set("score", "100"));
  }

  private static Element primitive(String id) {
    Element primitive =
        new Element("primitive")
            .set("id", id)
            .set("class", "ocf")
            .set("provider", "heartbeat")
            .set("type", "Dummy");
    primitive
        .add(new Element("operations"))
        .add(
            new Element("op")
                .set("id", id + "-monitor")
                .set("name", "monitor")
                .set("interval", "10s"));
    return primitive;
  }
}
