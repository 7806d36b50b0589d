package io.trivet.scheduler.rules;

import io.trivet.scheduler.cib.CibException;
import io.trivet.scheduler.cib.Element;
import io.trivet.scheduler.cib.IdRefs;
import io.trivet.scheduler.rules.RuleContext.OperationName;
import io.trivet.scheduler.rules.RuleContext.ResourceType;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Rules of a CIB, evaluated ("Pacemaker Explained", Rules). A condition that cannot be understood
/// does not pass.
public final class Rules {
  /// Conditions of one rule with all rules in it. Bounds what rules that refer to each other may
  /// cost.
  private static final int MAX_CONDITIONS = 10_000;

  private static final int MAX_DEPTH = 100;

  private final RuleContext context;
  private int conditions;
  private int depth;

  private Rules(RuleContext context) {
    this.context = context;
  }

  /// True if the rule holds.
  ///
  /// @param rule a `rule`, or a reference to one if the context knows the CIB
  /// @throws CibException if it has more than 10,000 conditions, or is in itself
  public static boolean passes(Element rule, RuleContext context) {
    return new Rules(context).rule(rule);
  }

  /// True if any `rule` in the element holds, or if there is none in it.
  public static boolean anyPasses(Element owner, RuleContext context) {
    List<Element> rules = owner.children("rule");
    return rules.isEmpty() || rules.stream().anyMatch(r -> passes(r, context));
  }

  private boolean rule(Element reference) {
    if (++depth > MAX_DEPTH) {
      throw CibException.at(reference, "is in more than " + MAX_DEPTH + " rules, or in itself");
    }
    boolean passes = conditions(reference);
    depth--;
    return passes;
  }

  private boolean conditions(Element reference) {
    Element rule = context.cib() == null ? reference : IdRefs.resolve(reference, context.cib());
    boolean any;
    switch (rule.get("boolean-op", "and").toLowerCase(Locale.ROOT)) {
      case "and" -> any = false;
      case "or" -> any = true;
      default -> {
        return false;
      }
    }
    for (Element condition : rule.children()) {
      if (++conditions > MAX_CONDITIONS) {
        throw CibException.at(rule, "has more than " + MAX_CONDITIONS + " conditions");
      }
      Boolean holds = condition(condition);
      if (holds != null && holds == any) {
        return any;
      }
    }
    return !any;
  }

  /// Whether it holds; null for what is no condition.
  private @Nullable Boolean condition(Element condition) {
    return switch (condition.name()) {
      case "rule" -> rule(condition);
      case "expression" -> attribute(condition);
      case "date_expression" -> DateExpressions.passes(condition, context.now());
      case "rsc_expression" -> resource(condition);
      case "op_expression" -> operation(condition);
      default -> null;
    };
  }

  private boolean attribute(Element expression) {
    String name = expression.get("attribute");
    String operation = expression.get("operation");
    if (name == null || operation == null) {
      return false;
    }
    String actual =
        context.nodeAttributes() == null ? null : context.nodeAttributes().get(substituted(name));
    String op = operation.toLowerCase(Locale.ROOT);
    if (op.equals("defined") || op.equals("not_defined")) {
      return (actual != null) == op.equals("defined");
    }
    String reference = reference(expression);
    ValueType type = ValueType.of(expression.get("type"), op, reference, actual);
    if (type == null) {
      return false;
    }
    int order = type.compare(actual, reference);
    if ((actual == null || reference == null) && !op.equals("eq") && !op.equals("ne")) {
      // What is not there is neither less nor more.
      return false;
    }
    return switch (op) {
      case "eq" -> order == 0;
      case "ne" -> order != 0;
      case "lt" -> order < 0;
      case "lte" -> order <= 0;
      case "gt" -> order > 0;
      case "gte" -> order >= 0;
      default -> false;
    };
  }

  private @Nullable String reference(Element expression) {
    String value = expression.get("value");
    if (value == null) {
      return null;
    }
    return switch (expression.get("value-source", "literal").toLowerCase(Locale.ROOT)) {
      case "param" ->
          context.resourceParameters() == null ? null : context.resourceParameters().get(value);
      case "meta" -> context.meta() == null ? null : context.meta().get(value);
      default -> value;
    };
  }

  /// `%0` to `%9` of an attribute's name stand for what a `rsc-pattern` matched.
  private String substituted(String name) {
    if (context.groups().isEmpty() || name.indexOf('%') < 0) {
      return name;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      int digit = c == '%' && i + 1 < name.length() ? name.charAt(i + 1) - '0' : -1;
      if (digit >= 0 && digit <= 9) {
        text.append(digit < context.groups().size() ? context.groups().get(digit) : "");
        i++;
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private boolean resource(Element expression) {
    ResourceType resource = context.resource();
    return resource != null
        && matches(expression.get("class"), resource.standard())
        && matches(expression.get("provider"), resource.provider())
        && matches(expression.get("type"), resource.type());
  }

  private boolean operation(Element expression) {
    OperationName operation = context.operation();
    if (operation == null || !Objects.equals(expression.get("name"), operation.name())) {
      return false;
    }
    String interval = expression.get("interval");
    return interval == null
        || Objects.equals(Durations.millis(interval), operation.intervalMillis());
  }

  private static boolean matches(@Nullable String wanted, @Nullable String actual) {
    return wanted == null || wanted.equals(actual);
  }
}
