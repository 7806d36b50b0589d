package io.trivet.scheduler.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.scheduler.cib.CibException;
import io.trivet.scheduler.cib.CibReader;
import io.trivet.scheduler.cib.Element;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules and sets of name-value pairs.
class RulesTest {
  /// A Wednesday, in week 47 of 2024; the 325th day of the year.
  private static final long NOW = time("2024-11-20T10:30:15Z");

  private static long time(String text) {
    Long seconds = Iso8601.seconds(text);
    assertNotNull(seconds);
    return seconds;
  }

  private static Element cib(String inside) {
    return CibReader.read(
        "c.xml", "<cib><configuration><resources>" + inside + "</resources></configuration></cib>");
  }

  /// The first element below `resources`.
  private static Element first(Element cib) {
    return cib.children().getFirst().children().getFirst().children().getFirst();
  }

  private static boolean passes(String rule, RuleContext context) {
    Element cib = cib(rule);
    return Rules.passes(first(cib), context.within(cib));
  }

  private static SequencedMap<String, String> map(String... namesAndValues) {
    SequencedMap<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  private static boolean expression(String expression) {
    RuleContext context =
        RuleContext.at(NOW)
            .withNode(map("#uname", "Node1", "n", "10", "d", "9.5", "v", "1.10.2", "text", "x"))
            .withParameters(map("size", "11"))
            .withMeta(map("home", "node1"))
            .withGroups(List.of("vip-v", "v"));
    return passes("<rule id=\"r\"><expression id=\"e\" " + expression + "/></rule>", context);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attribute='#uname' operation='eq' value='node1'",
        "attribute='#uname' operation='EQ' value='node1'",
        "attribute='#uname' operation='ne' value='node2'",
        "attribute='none' operation='ne' value='node2'",
        "attribute='n' operation='defined'",
        "attribute='none' operation='not_defined'",
        "attribute='n' operation='gt' value='9'",
        "attribute='n' operation='gt' value='9.5'",
        "attribute='n' operation='gte' value='10'",
        "attribute='n' operation='lt' value='9' type='string'",
        "attribute='d' operation='lt' value='10'",
        "attribute='d' operation='eq' value='9' type='integer'",
        "attribute='d' operation='ne' value='9' type='number'",
        "attribute='d' operation='eq' value='9.50' type='number'",
        "attribute='text' operation='gt' value='5' type='integer'",
        "attribute='v' operation='gt' value='1.9' type='version'",
        "attribute='v' operation='eq' value='1.10.2.0' type='version'",
        "attribute='n' operation='lt' value='size' value-source='param'",
        "attribute='#uname' operation='eq' value='home' value-source='meta'",
        "attribute='%1' operation='eq' value='1.10.2'",
        "attribute='%1%3' operation='eq' value='1.10.2'"
      })
  void attributesThatFit(String expression) {
    assertTrue(expression(expression));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "attribute='#uname' operation='eq' value='node2'",
        "attribute='#uname' operation='eq'",
        "attribute='none' operation='eq' value='node2'",
        "attribute='none' operation='defined'",
        "attribute='none' operation='lt' value='-5'",
        "attribute='none' operation='gt' value='-5'",
        "attribute='n' operation='not_defined'",
        "attribute='n' operation='gt' value='10'",
        "attribute='n' operation='contains' value='1'",
        "attribute='n' operation='eq' value='10' type='bytes'",
        "attribute='n' operation='eq' value='none' value-source='param'",
        "operation='eq' value='10'",
        "attribute='n' value='10'"
      })
  void attributesThatDoNot(String expression) {
    assertFalse(expression(expression));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "operation='gt' start='2024-11-20T10:30:14Z', true",
        "operation='gt' start='2024-11-20T10:30:15Z', false",
        "operation='lt' end='2024-11-20T10:30:15Z', false",
        "operation='lt' end='2024-11-20 11:30:16 +01:00', true",
        "start='2024-11-20T10:30:15Z' end='2024-11-20T10:30:15Z', true",
        "operation='in_range' start='2024-11-21', false",
        "operation='in_range' end='2024-11-21', true",
        "operation='in_range', false",
        "operation='in_range' start='soon' end='2025-01-01', false",
        "operation='gt' start='soon', false",
        "operation='sometimes' start='2024-01-01', false"
      })
  void dates(String expression, boolean expected) {
    assertEquals(
        expected,
        passes(
            "<rule id='r'><date_expression id='d' " + expression + "/></rule>",
            RuleContext.at(NOW)));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "hours='9-16' weekdays='1-5', true",
        "hours='11-16' weekdays='1-5', false",
        "hours='10' minutes='30-' seconds='15', true",
        "monthdays='20' months='11' years='2024-', true",
        "yeardays='325' weeks='47' weekyears='2024', true",
        "weekdays='4-7', false",
        "hours='morning', false",
        "hours='-12', false",
        "hours='99999999999', false"
      })
  void calendar(String spec, boolean expected) {
    assertEquals(
        expected,
        passes(
            "<rule id='r'><date_expression id='d' operation='date_spec'><date_spec id='s' "
                + spec
                + "/></date_expression></rule>",
            RuleContext.at(NOW)));
  }

  @Test
  void aDurationIsByTheCalendar() {
    String rule =
        "<rule id='r'><date_expression id='d' operation='in_range' start='2024-01-31'>"
            + "<duration id='u' months='1' hours='12'/></date_expression></rule>";
    assertTrue(passes(rule, RuleContext.at(time("2024-02-29T12:00:00Z"))));
    assertFalse(passes(rule, RuleContext.at(time("2024-02-29T12:00:01Z"))));
    String endless = rule.replace("months='1'", "years='999999999'");
    assertFalse(passes(endless, RuleContext.at(NOW)));
  }

  @Test
  void resourcesAndOperations() {
    RuleContext context =
        RuleContext.at(NOW)
            .withResource("ocf", "heartbeat", "IPaddr2")
            .withOperation("monitor", 10_000);
    assertTrue(
        passes(
            "<rule id='r'><rsc_expression id='e' class='ocf' type='IPaddr2'/><op_expression id='o'"
                + " name='monitor' interval='10s'/></rule>",
            context));
    assertFalse(passes("<rule id='r'><rsc_expression id='e' class='systemd'/></rule>", context));
    assertFalse(
        passes("<rule id='r'><op_expression id='e' name='monitor' interval='0'/></rule>", context));
    assertFalse(
        passes("<rule id='r'><op_expression id='e' name='start'/></rule>", RuleContext.at(NOW)));
  }

  @Test
  void andOrAndNothing() {
    String yes = "<expression id='%s' attribute='x' operation='not_defined'/>";
    String no = "<expression id='%s' attribute='x' operation='defined'/>";
    RuleContext context = RuleContext.at(NOW);
    assertFalse(
        passes("<rule id='r'>" + yes.formatted("a") + no.formatted("b") + "</rule>", context));
    assertTrue(
        passes(
            "<rule id='r' boolean-op='or'>" + no.formatted("a") + yes.formatted("b") + "</rule>",
            context));
    assertTrue(
        passes(
            "<rule id='r'><rule id='s' boolean-op='or'>"
                + no.formatted("a")
                + yes.formatted("b")
                + "</rule>"
                + yes.formatted("c")
                + "</rule>",
            context));
    assertTrue(passes("<rule id='r'/>", context));
    assertFalse(passes("<rule id='r' boolean-op='or'/>", context));
    assertFalse(passes("<rule id='r' boolean-op='xor'>" + yes.formatted("a") + "</rule>", context));
  }

  @Test
  void aRuleThatContainsItselfIsRefused() {
    Element cib = cib("<rule id='r' boolean-op='or'><rule id-ref='r'/><rule id-ref='r'/></rule>");
    CibException e =
        assertThrows(
            CibException.class, () -> Rules.passes(first(cib), RuleContext.at(NOW).within(cib)));
    assertTrue(
        e.getMessage().endsWith("<rule>: is in more than 100 rules, or in itself"), e.getMessage());
    String wide = "<rule id='%s' boolean-op='or'>" + "<rule id-ref='%s'/>".repeat(20) + "</rule>";
    StringBuilder rules = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      rules.append(wide.replace("%s' b", i + "' b").replace("%s", String.valueOf(i + 1)));
    }
    Element large = cib(rules + "<rule id='8' boolean-op='or'/>");
    e =
        assertThrows(
            CibException.class,
            () -> Rules.passes(first(large), RuleContext.at(NOW).within(large)));
    assertTrue(e.getMessage().endsWith("has more than 10000 conditions"), e.getMessage());
  }

  private static SequencedMap<String, String> meta(String sets) {
    Element cib =
        cib(
            "<primitive id='p'>"
                + sets
                + "</primitive><primitive id='q'><meta_attributes id='shared' score='5'>"
                + "<nvpair id='pair' name='a' value='shared'/></meta_attributes></primitive>");
    return NvPairs.unpack(first(cib), "meta_attributes", RuleContext.at(NOW), cib);
  }

  @Test
  void theHighestScoreWinsThenTheFirst() {
    assertEquals(
        map("a", "3", "b", "2", "c", "1"),
        meta(
            "<meta_attributes id='m1'><nvpair id='1' name='a' value='1'/><nvpair id='2' name='c' value='1'/>"
                + "</meta_attributes>"
                + "<meta_attributes id='m2'><nvpair id='3' name='b' value='2'/><nvpair id='4' name='c' value='2'/>"
                + "</meta_attributes>"
                + "<meta_attributes id='m3' score='10'><nvpair id='5' name='a' value='3'/></meta_attributes>"));
  }

  @Test
  void setsWhoseRuleFailsDoNotCount() {
    assertEquals(
        map("b", "2"),
        meta(
            "<meta_attributes id='m1'><rule id='r'><date_expression id='d' operation='gt' start='2030'/></rule>"
                + "<nvpair id='1' name='a' value='1'/></meta_attributes>"
                + "<meta_attributes id='m2'><nvpair id='2' name='b' value='2'/>"
                + "<nvpair id='3' name='c' value='#default'/></meta_attributes>"));
  }

  @Test
  void setsAndPairsMayBeReferences() {
    assertEquals(map("a", "shared"), meta("<meta_attributes id-ref='shared'/>"));
    assertEquals(
        map("b", "shared", "a", "shared"),
        meta(
            "<meta_attributes id='m'><nvpair id-ref='pair' name='b'/><nvpair id-ref='pair'/></meta_attributes>"));
  }
}
