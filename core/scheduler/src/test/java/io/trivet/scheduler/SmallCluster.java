package io.trivet.scheduler;

import io.trivet.scheduler.cib.CibReader;
import io.trivet.scheduler.simulate.PacemakerText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A cluster of a few nodes that are all online, without fencing unless options say so, written
/// down as tests need it: what runs where, and what was looked for in vain.
final class SmallCluster {
  private static final long NOW = 1_700_100_000L;
  private static final String NO_PARAMETERS = "f2317cad3d54cec5d7d7aa7d0bf35cf8";

  private final int nodes;
  private final String resources;
  private String constraints = "";
  private String options = "<nvpair id='o-f' name='fencing-enabled' value='false'/>";
  private final Map<Integer, StringBuilder> histories = new TreeMap<>();
  private final Map<Integer, String> attributes = new TreeMap<>();
  private int call;

  SmallCluster(int nodes, String... resources) {
    this.nodes = nodes;
    this.resources = String.join("\n", resources);
  }

  /// A dummy with what it contains.
  static String primitive(String id, String... inside) {
    return "<primitive id='%s' class='ocf' provider='pacemaker' type='Dummy'>%s</primitive>"
        .formatted(id, String.join("", inside));
  }

  /// Meta-attributes written `name=value`.
  static String meta(String id, String... pairs) {
    return "<meta_attributes id='%s-m'>%s</meta_attributes>".formatted(id, pairs(id, pairs));
  }

  private static String pairs(String id, String... pairs) {
    StringBuilder text = new StringBuilder();
    for (String pair : pairs) {
      int at = pair.indexOf('=');
      String name = pair.substring(0, at);
      text.append(
          "<nvpair id='%s-%s' name='%s' value='%s'/>"
              .formatted(id, name, name, pair.substring(at + 1)));
    }
    return text.toString();
  }

  SmallCluster with(String constraint) {
    constraints += constraint;
    return this;
  }

  /// Options instead of those of before.
  SmallCluster options(String... pairs) {
    options = pairs("options", pairs);
    return this;
  }

  SmallCluster attributes(int node, String... pairs) {
    attributes.put(node, pairs("t" + node, pairs));
    return this;
  }

  SmallCluster running(String resource, int node) {
    return history(resource, node, "start", 0, 0);
  }

  SmallCluster notRunning(String resource, int... on) {
    for (int node : on) {
      history(resource, node, "monitor", 7, 7);
    }
    return this;
  }

  private SmallCluster history(String resource, int node, String task, int wanted, int rc) {
    call++;
    String key = call + ":1:" + wanted + ":01234567-89ab-cdef-0123-456789abcdef";
    histories
        .computeIfAbsent(node, n -> new StringBuilder())
        .append(
            "<lrm_resource id='%s' class='ocf' provider='pacemaker' type='Dummy'>"
                .formatted(resource))
        .append(
            "<lrm_rsc_op id='%s_last_0' operation_key='%s_%s_0'"
                .formatted(resource, resource, task))
        .append(" operation='%s' interval='0' transition-key='%s'".formatted(task, key))
        .append(
            " transition-magic='0:%s;%s' call-id='%s' rc-code='%s'".formatted(rc, key, call, rc))
        .append(" op-status='0' op-digest='%s'/></lrm_resource>".formatted(NO_PARAMETERS));
    return this;
  }

  String xml() {
    StringBuilder text =
        new StringBuilder("<cib have-quorum='1' dc-uuid='0'><configuration><crm_config>");
    text.append("<cluster_property_set id='options'>").append(options);
    text.append("</cluster_property_set></crm_config><nodes>");
    for (int i = 0; i < nodes; i++) {
      text.append("<node id='%s' uname='n%s'>".formatted(i, i));
      if (attributes.containsKey(i)) {
        text.append("<instance_attributes id='a%s'>".formatted(i));
        text.append(attributes.get(i)).append("</instance_attributes>");
      }
      text.append("</node>");
    }
    text.append("</nodes><resources>").append(resources).append("</resources><constraints>");
    text.append(constraints).append("</constraints></configuration><status>");
    for (int i = 0; i < nodes; i++) {
      text.append("<node_state id='%s' uname='n%s' in_ccm='true' crmd='online'".formatted(i, i));
      text.append(" join='member' expected='member'><lrm id='%s'><lrm_resources>".formatted(i));
      text.append(histories.getOrDefault(i, new StringBuilder()));
      text.append("</lrm_resources></lrm></node_state>");
    }
    return text.append("</status></cib>").toString();
  }

  private String story() {
    return PacemakerText.of(
            CibReader.read("small.xml", xml()),
            new PacemakerText.Now(NOW, ""),
            false,
            PacemakerText.WhatIf.NOTHING)
        .text();
  }

  /// The lines of the summary of the transition, white space folded.
  List<String> summary() {
    return section("Transition Summary:");
  }

  /// What is executed, in its order.
  List<String> executed() {
    return section("Executing Cluster Transition:");
  }

  private List<String> section(String title) {
    List<String> lines = new ArrayList<>();
    boolean in = false;
    for (String line : story().lines().toList()) {
      if (line.equals(title)) {
        in = true;
      } else if (line.isEmpty()) {
        in = false;
      } else if (in) {
        lines.add(line.replaceAll("\\s+", " ").replaceFirst("^ \\* ", ""));
      }
    }
    return lines;
  }
}
