package io.trivet.services.galera;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.services.galera.GaleraSettings.Member;
import io.trivet.services.story.Golden;
import io.trivet.services.story.Story;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GaleraAgentTest {
  static final GaleraSettings LAB =
      new GaleraSettings(
          "lab",
          List.of(
              new Member("c1", "10.77.0.11"),
              new Member("c2", "10.77.0.12"),
              new Member("c3", "10.77.0.13")),
          3306,
          new TreeMap<>(),
          List.of(5672, 25_672));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "first-start",
        "first-start-again",
        "bootstrap-refused",
        "bootstrapped-before",
        "bootstrapped-in-another-log",
        "killed",
        "peer-gone",
        "hangs",
        "read-only",
        "slow",
        "peer-hangs",
        "slow-keepalive",
        "outside",
        "copy",
        "reform",
        "reform-refused",
        "unreadable",
        "unreadable-note",
        "not-mounted",
        "broken-disk",
        "changed-since",
        "damaged-state",
        "unwritable",
        "join-stuck"
      })
  void followsTheStory(String name) {
    Story.play(new GaleraAgent("galera", LAB), "c1", "galera", name);
  }

  @Test
  void configurationIsTheGoldenOne() {
    Golden.check("galera/99-trivet.cnf", GaleraConfig.text(LAB, "c1"));
  }

  @Test
  void dropInIsTheGoldenOne() {
    Golden.check("galera/mariadb-drop-in.conf", GaleraConfig.dropIn());
  }

  @Test
  void theWriterIsNoDonorWhereThereIsAnother() {
    assertEquals(List.of("c3"), LAB.donors("c1", "c2"));
    assertEquals(List.of("c2", "c3"), LAB.donors("c1", "c1"));
    assertEquals(List.of("c2", "c3"), LAB.donors("c1", null));
    assertEquals(
        "MYSQLD_OPTS=--wsrep-sst-donor=c3,\n",
        GaleraConfig.joinEnvironment(LAB.donors("c1", "c2")));
  }

  @Test
  void operatorsOptionsComeLast() {
    TreeMap<String, String> options = new TreeMap<>();
    options.put("max_connections", "4000");
    GaleraSettings settings = new GaleraSettings("lab", LAB.members(), 3306, options, List.of());
    assertTrue(GaleraConfig.text(settings, "c2").endsWith("max_connections = 4000\n"));
  }

  @Test
  void ipv6AddressesAreBracketed() {
    GaleraSettings settings =
        new GaleraSettings(
            "lab",
            List.of(new Member("c1", "fd77::11"), new Member("c2", "fd77::12")),
            3306,
            new TreeMap<>(),
            List.of());
    String text = GaleraConfig.text(settings, "c2");
    assertTrue(text.contains("gcomm://[fd77::11],[fd77::12]\n"));
    assertTrue(text.contains("gmcast.listen_addr=tcp://[fd77::12]:4567;"));
    assertTrue(settings.names("[fd77::12]:3306,[fd77::11]:3306").equals(List.of("c1", "c2")));
  }
}
