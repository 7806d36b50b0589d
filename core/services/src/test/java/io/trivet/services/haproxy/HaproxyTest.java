package io.trivet.services.haproxy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.services.haproxy.HaproxyProbe.ServerState;
import io.trivet.services.haproxy.HaproxySettings.Bind;
import io.trivet.services.haproxy.HaproxySettings.Front;
import io.trivet.services.haproxy.HaproxySettings.Kind;
import io.trivet.services.haproxy.HaproxySettings.Server;
import io.trivet.services.haproxy.HaproxySettings.Vip;
import io.trivet.services.story.Fuzz;
import io.trivet.services.story.Golden;
import io.trivet.services.story.Story;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HaproxyTest {
  private static final HaproxySettings LAB =
      new HaproxySettings(
          "haproxy",
          "lab",
          List.of(
              new Front("mariadb", Kind.DATABASE, 3306, "", List.of(new Bind("10.77.0.100", 3306))),
              new Front(
                  "keystone",
                  Kind.HTTP,
                  5000,
                  "/v3",
                  List.of(new Bind("10.77.0.100", 5000), new Bind("fd77::100", 5000)))),
          List.of(
              new Server("c1", "10.77.0.11"),
              new Server("c2", "10.77.0.12"),
              new Server("c3", "fd77::13")),
          List.of(new Vip("public", List.of("10.77.0.100", "fd77::100"))),
          "haproxy");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "life",
        "refused",
        "reload",
        "changed-meanwhile",
        "order-failed",
        "hangs",
        "deaf",
        "back",
        "api-hangs",
        "holder-gone"
      })
  void agentFollowsTheStory(String name) {
    Story.play(new HaproxyAgent(LAB, "galera.writer"), "c1", "haproxy", name);
  }

  @Test
  void eachNamespaceHasAHaproxyOfItsOwn() {
    HaproxySettings second =
        new HaproxySettings(
            "haproxy-internal",
            "lab",
            List.of(
                new Front(
                    "keystone", Kind.HTTP, 5000, "/v3", List.of(new Bind("10.78.0.100", 5000)))),
            LAB.servers(),
            List.of(new Vip("internal", List.of("10.78.0.100"))),
            "internal");
    Story.play(new HaproxyAgent(second, "galera.writer"), "c1", "haproxy", "second-namespace");
    assertTrue(
        HaproxyConfig.unit(second).contains("NetworkNamespacePath=/run/netns/internal\n"),
        HaproxyConfig.unit(second));
    assertTrue(
        HaproxyConfig.text(second).contains("stats socket /run/trivet/haproxy-internal.sock "),
        HaproxyConfig.text(second));
  }

  @Test
  void configurationIsTheGoldenOne() {
    Golden.check("haproxy/haproxy.cfg", HaproxyConfig.text(LAB));
  }

  @Test
  void unitIsTheGoldenOne() {
    Golden.check("haproxy/trivet-haproxy.service", HaproxyConfig.unit(LAB));
  }

  @Test
  void readsWhatHaproxySays() {
    List<ServerState> servers = HaproxyProbe.servers(Golden.read("haproxy/show-servers-state.txt"));
    assertNotNull(servers);
    assertEquals(
        List.of(
            new ServerState("keystone", "c1", false, false),
            new ServerState("keystone", "c2", true, false),
            new ServerState("mariadb", "c1", false, true),
            new ServerState("mariadb", "c2", false, true)),
        servers);
  }

  @Test
  void doesNotReadWhatHaproxyNeverSays() {
    assertNull(HaproxyProbe.servers(""));
    assertNull(HaproxyProbe.servers("1\n"));
    assertNull(HaproxyProbe.servers("2\n# be_name srv_name srv_op_state srv_admin_state\n"));
    assertNull(HaproxyProbe.servers("1\n# be_name srv_name\nkeystone c1\n"));
    assertNull(
        HaproxyProbe.servers(
            "1\n# be_name srv_name srv_op_state srv_admin_state\nkeystone c1 2\n"));
    assertNull(
        HaproxyProbe.servers(
            "1\n# be_name srv_name srv_op_state srv_admin_state\nkeystone c1 up 0\n"));
  }

  @Test
  void readsDamagedAnswersWithoutFailing() {
    Fuzz.damage(
        Golden.read("haproxy/show-servers-state.txt"),
        text -> {
          List<ServerState> servers = HaproxyProbe.servers(text);
          return servers == null || servers.stream().noneMatch(s -> s.backend().isEmpty());
        });
  }
}
