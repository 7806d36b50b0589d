package io.trivet.scheduler.unpack;

import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.model.Cluster;
import io.trivet.scheduler.model.Node;
import io.trivet.scheduler.model.Resource;
import io.trivet.scheduler.model.Scores;
import org.jspecify.annotations.Nullable;

/// How often a resource failed on a node: transient node attributes
/// `fail-count-RESOURCE#OPERATION_INTERVAL`, summed up, and `last-failure-…`, the latest.
public final class FailCounts {
  private FailCounts() {}

  /// @param effectiveOnly true if failures older than `failure-timeout` count no more
  /// @param withFillers true if failures of what is in a container count for the container
  public static int count(
      Cluster cluster, Node node, Resource resource, boolean effectiveOnly, boolean withFillers) {
    return count(cluster, node, resource, effectiveOnly, withFillers, null);
  }

  /// @param entry the operation of the history in question, or null for any
  static int count(
      Cluster cluster,
      Node node,
      Resource resource,
      boolean effectiveOnly,
      boolean withFillers,
      @Nullable Element entry) {
    int count = own(node, resource);
    if (count > 0
        && resource.failureTimeoutMillis > 0
        && FailureBlocks.blocks(cluster, node, resource, entry)) {
      // Only a person ends a block.
      resource.failureTimeoutMillis = 0;
    }
    if (effectiveOnly && count > 0 && resource.failureTimeoutMillis > 0) {
      long last = lastFailure(node, resource);
      if (last > 0 && cluster.now > last + resource.failureTimeoutMillis / 1000) {
        count = 0;
      }
    }
    if (withFillers) {
      for (Resource filler : resource.fillers) {
        count = Scores.add(count, count(cluster, node, filler, effectiveOnly, true, entry));
      }
    }
    return count;
  }

  /// Seconds since 1970; 0 where none is known.
  public static long lastFailure(Node node, Resource resource) {
    String name = name(resource);
    long last = 0;
    for (var attribute : node.attributes.entrySet()) {
      if (about(attribute.getKey(), "last-failure-", name, resource)) {
        last = Math.max(last, seconds(attribute.getValue()));
      }
    }
    return last;
  }

  private static int own(Node node, Resource resource) {
    String name = name(resource);
    int count = 0;
    for (var attribute : node.attributes.entrySet()) {
      if (about(attribute.getKey(), "fail-count-", name, resource)) {
        count = Scores.add(count, Scores.parse(attribute.getValue(), 0));
      }
    }
    return count;
  }

  private static long seconds(String text) {
    String t = text.strip();
    return t.matches("\\d{1,18}") ? Long.parseLong(t) : 0;
  }

  /// The name that failures are counted by: without an instance's number, where they are alike.
  private static String name(Resource resource) {
    return resource.is(Resource.Flag.GLOBALLY_UNIQUE)
        ? resource.historyId
        : Instances.base(resource.historyId);
  }

  /// True for `PREFIX NAME [:NUMBER] # OPERATION _ INTERVAL`, and for the same without the
  /// operation, as old releases counted.
  private static boolean about(String attribute, String prefix, String name, Resource resource) {
    if (!attribute.startsWith(prefix) || !attribute.startsWith(name, prefix.length())) {
      return false;
    }
    int at = prefix.length() + name.length();
    if (!resource.is(Resource.Flag.GLOBALLY_UNIQUE) && at < attribute.length()) {
      int end = at + 1;
      while (end < attribute.length() && Character.isDigit(attribute.charAt(end))) {
        end++;
      }
      if (attribute.charAt(at) == ':' && end > at + 1) {
        at = end;
      }
    }
    if (at == attribute.length()) {
      return true;
    }
    return attribute.charAt(at) == '#' && attribute.substring(at + 1).matches(".+_[0-9]+");
  }
}
