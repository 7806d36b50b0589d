package io.trivet.scheduler.actions;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.rules.NvPairs;
import io.trivet.scheduler.rules.RuleContext;
import io.trivet.scheduler.unpack.Operations;
import io.trivet.scheduler.unpack.ResourceParameters;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Digests of the parameters of operations: whether a resource was started with the parameters that
/// are configured now.
///
/// The history holds the MD5 of all parameters (`op-digest`), of those that a reload cannot change
/// (`op-restart-digest`, named by `op-force-restart`) and of those that are no secrets
/// (`op-secure-digest`). A digest is one of ` <parameters a="b" …/>` and a line's end, attributes
/// sorted by name.
public final class Digests {
  /// What a comparison with the history says.
  public enum Result {
    MATCH,
    /// The history has no digest.
    UNKNOWN,
    /// Something changed that an agent may be able to reload.
    MISMATCH,
    /// Something changed that takes a restart.
    RESTART
  }

  /// @param all digest of all parameters now
  /// @param restart of those that a reload cannot change; null where the history says nothing of it
  /// @param open those that are no secrets
  /// @param ownParameters true for an operation without interval that has parameters of its own
  record Calculated(
      String all, @Nullable String restart, SortedMap<String, String> open, boolean ownParameters) {
    /// The digest of those that are no secrets; few ask for it.
    String secure() {
      return digest(open);
    }
  }

  private static final String SECRETS = " passwd password user ";

  private Digests() {}

  /// Compares the parameters that an operation of the history was executed with with those of now.
  public static Result compare(Cluster cluster, Resource resource, Element operation, Node node) {
    long interval = Operations.recordedInterval(operation);
    String task = operation.get("operation", "");
    Calculated now = calculate(cluster, resource, task, interval, node, operation);
    String restart = operation.get("op-restart-digest");
    if (restart != null && now.restart != null && !restart.equals(now.restart)) {
      return Result.RESTART;
    }
    String all = operation.get("op-digest");
    if (cluster.rescheduled.contains(operation)) {
      return Result.MISMATCH;
    }
    if (all == null) {
      return Result.UNKNOWN;
    }
    if (all.equals(now.all)) {
      return Result.MATCH;
    }
    return now.ownParameters ? Result.RESTART : Result.MISMATCH;
  }

  /// True if nothing but secrets differs from the history (its writers leave them out).
  static boolean onlySecretsChanged(
      Cluster cluster, Resource resource, Element operation, Node node) {
    String secure = operation.get("op-secure-digest");
    if (secure == null) {
      return false;
    }
    long interval = Operations.recordedInterval(operation);
    String task = operation.get("operation", "");
    return secure.equals(calculate(cluster, resource, task, interval, node, operation).secure());
  }

  /// What a history holds of the parameters of an operation that is executed now (`op-digest`).
  public static String recorded(
      Cluster cluster, Resource resource, String task, long interval, Node node) {
    return calculate(cluster, resource, task, interval, node, null).all;
  }

  /// The digests of an operation; kept, since the history asks for one several times.
  static Calculated calculate(
      Cluster cluster,
      Resource resource,
      String task,
      long interval,
      Node node,
      @Nullable Element history) {
    String key = Actions.key(resource.id, task, interval);
    if (node.digestCache.get(key) instanceof Calculated known) {
      return known;
    }
    SequencedMap<String, String> parameters = new LinkedHashMap<>();
    String host = Resources.bundleAddress(cluster, resource);
    if (host != null) {
      parameters.put("addr", host);
    }
    ResourceParameters.of(cluster, resource, node).forEach(parameters::putIfAbsent);
    Map<String, String> ofResource = new LinkedHashMap<>(parameters);
    Element configured = Operations.find(resource, task, interval, true);
    boolean own = false;
    if (configured != null) {
      SequencedMap<String, String> ofOperation =
          NvPairs.unpack(
              configured,
              "instance_attributes",
              RuleContext.at(cluster.now).withNode(node.attributes),
              cluster.cib);
      own = interval == 0 && !ofOperation.isEmpty();
      ofOperation.forEach(parameters::putIfAbsent);
    }
    SortedMap<String, String> all = filter(parameters);
    if (interval > 0) {
      addTimeout(cluster, resource, task, interval, node, configured, all);
    }
    Calculated calculated =
        new Calculated(
            digest(all),
            restartDigest(history, all),
            open(resource, history, ofResource, all),
            own);
    node.digestCache.put(key, calculated);
    return calculated;
  }

  /// The timeout of a recurring operation is one of its parameters.
  private static void addTimeout(
      Cluster cluster,
      Resource resource,
      String task,
      long interval,
      Node node,
      @Nullable Element configured,
      Map<String, String> into) {
    String timeout =
        Operations.meta(cluster, resource, node, task, interval, configured).get("timeout");
    if (timeout != null) {
      into.put("CRM_meta_timeout", timeout);
    }
  }

  private static @Nullable String restartDigest(
      @Nullable Element history, SortedMap<String, String> all) {
    if (history == null || history.get("op-restart-digest") == null) {
      return null;
    }
    SortedMap<String, String> fixed = new TreeMap<>(all);
    String names = history.get("op-force-restart");
    if (names != null) {
      fixed.keySet().removeIf(name -> !named(names, name));
    }
    return digest(fixed);
  }

  private static SortedMap<String, String> open(
      Resource resource,
      @Nullable Element history,
      Map<String, String> ofResource,
      SortedMap<String, String> all) {
    String secrets = history == null ? SECRETS : history.get("op-secure-params");
    boolean old = history != null && olderThan(history.get("crm_feature_set"), 3, 16);
    SortedMap<String, String> open = old ? filter(ofResource) : new TreeMap<>(all);
    if (secrets != null) {
      open.keySet().removeIf(name -> named(secrets, name));
    }
    // Old releases did not count what the cluster adds to fence devices.
    if (old && resource instanceof Resource.Primitive p && p.standard.equals("stonith")) {
      open.keySet()
          .removeIf(
              name ->
                  name.startsWith("pcmk_")
                      || name.equals("provides")
                      || name.equals("stonith-timeout"));
    }
    return open;
  }

  private static boolean olderThan(@Nullable String version, int major, int minor) {
    if (version == null) {
      return true;
    }
    String[] parts = version.split("\\.", -1);
    int first = number(parts[0]);
    int second = parts.length > 1 ? number(parts[1]) : 0;
    return first < major || (first == major && second < minor);
  }

  private static int number(String text) {
    int value = 0;
    for (int i = 0; i < Math.min(text.length(), 8) && Character.isDigit(text.charAt(i)); i++) {
      value = value * 10 + (text.charAt(i) - '0');
    }
    return value;
  }

  /// True if the list, names between spaces, holds the name.
  private static boolean named(String list, String name) {
    return list.contains(" " + name + " ");
  }

  private static SortedMap<String, String> filter(Map<String, String> parameters) {
    SortedMap<String, String> kept = new TreeMap<>(parameters);
    kept.keySet().removeIf(name -> name.startsWith("CRM_meta_"));
    kept.remove("id");
    kept.remove("crm_feature_set");
    kept.remove("op-digest");
    kept.remove("pcmk_external_ip");
    return kept;
  }

  /// The digest of these parameters, as histories hold it.
  public static String digest(SortedMap<String, String> parameters) {
    StringBuilder xml = new StringBuilder(" <parameters");
    parameters.forEach(
        (name, value) -> {
          xml.append(' ').append(name).append("=\"");
          escape(value, xml);
          xml.append('"');
        });
    xml.append("/>\n");
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      byte[] bytes = xml.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(md5.digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }

  private static void escape(String value, StringBuilder into) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '<' -> into.append("&lt;");
        case '>' -> into.append("&gt;");
        case '&' -> into.append("&amp;");
        case '"' -> into.append("&quot;");
        case '\n' -> into.append("&#10;");
        case '\r' -> into.append("&#13;");
        case '\t' -> into.append("&#9;");
        default -> into.append(c);
      }
    }
  }
}
