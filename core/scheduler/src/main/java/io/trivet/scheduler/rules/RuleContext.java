package io.trivet.scheduler.rules;

import io.trivet.scheduler.cib.Element;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// What a rule is evaluated with. What is null is not known where the rule stands: conditions on it
/// find nothing.
///
/// @param now seconds since 1970
/// @param nodeAttributes of the node in question, `#uname` and its like among them
/// @param resourceParameters for `value-source="param"`
/// @param meta for `value-source="meta"`
/// @param resource class, provider and type of the resource, for `rsc_expression`
/// @param operation name and interval, for `op_expression`
/// @param groups what the groups of a `rsc-pattern` matched, the whole first: `%1` in an
///   attribute's name is the first group
/// @param cib the root, for rules that are references
public record RuleContext(
    long now,
    @Nullable SequencedMap<String, String> nodeAttributes,
    @Nullable SequencedMap<String, String> resourceParameters,
    @Nullable SequencedMap<String, String> meta,
    @Nullable ResourceType resource,
    @Nullable OperationName operation,
    List<String> groups,
    @Nullable Element cib) {

  /// Agent of a resource: `class`, `provider`, `type`, each null where it has none.
  public record ResourceType(
      @Nullable String standard, @Nullable String provider, @Nullable String type) {}

  /// @param intervalMillis 0 for what does not recur
  public record OperationName(String name, long intervalMillis) {}

  public RuleContext {
    groups = List.copyOf(groups);
  }

  /// Only the time is known.
  public static RuleContext at(long now) {
    return new RuleContext(now, null, null, null, null, null, List.of(), null);
  }

  public RuleContext withNode(@Nullable SequencedMap<String, String> attributes) {
    return new RuleContext(
        now, attributes, resourceParameters, meta, resource, operation, groups, cib);
  }

  public RuleContext withParameters(@Nullable SequencedMap<String, String> parameters) {
    return new RuleContext(now, nodeAttributes, parameters, meta, resource, operation, groups, cib);
  }

  public RuleContext withMeta(@Nullable SequencedMap<String, String> values) {
    return new RuleContext(
        now, nodeAttributes, resourceParameters, values, resource, operation, groups, cib);
  }

  public RuleContext withResource(
      @Nullable String standard, @Nullable String provider, @Nullable String type) {
    return new RuleContext(
        now,
        nodeAttributes,
        resourceParameters,
        meta,
        new ResourceType(standard, provider, type),
        operation,
        groups,
        cib);
  }

  public RuleContext withOperation(String name, long intervalMillis) {
    return new RuleContext(
        now,
        nodeAttributes,
        resourceParameters,
        meta,
        resource,
        new OperationName(name, intervalMillis),
        groups,
        cib);
  }

  public RuleContext withGroups(List<String> matched) {
    return new RuleContext(
        now, nodeAttributes, resourceParameters, meta, resource, operation, matched, cib);
  }

  public RuleContext within(Element root) {
    return new RuleContext(
        now, nodeAttributes, resourceParameters, meta, resource, operation, groups, root);
  }
}
