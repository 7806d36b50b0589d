package io.trivet.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.trivet.cluster.UnitLease;
import io.trivet.cluster.VipAssignment;
import io.trivet.cluster.file.ClusterFile;
import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Controller;
import io.trivet.cluster.file.PlainUnit;
import io.trivet.cluster.file.Reading;
import io.trivet.cluster.file.TimingProfile;
import io.trivet.cluster.lease.LeaseCodec;
import io.trivet.cluster.lease.LeaseMachine;
import io.trivet.cluster.lease.LeaseMessage;
import io.trivet.cluster.state.ClusterState;
import io.trivet.cluster.state.Command;
import io.trivet.cluster.state.Proposal;
import io.trivet.cluster.state.Target;
import io.trivet.cluster.state.Wanted;
import io.trivet.consensus.ReplicatedLog;
import io.trivet.daemon.json.Json;
import io.trivet.services.agent.AgentContext;
import io.trivet.services.agent.ResourceAgent;
import io.trivet.services.controller.ServiceSet;
import io.trivet.services.controller.ServiceSets;
import io.trivet.services.controller.UnusableClusterFile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Any file that is accepted can be used by every part below: nothing throws, nothing is too large.
class AcceptedFilesTest {
  private static final int FILES = 400;

  @Test
  void whatIsAcceptedWorks() throws UnusableClusterFile {
    int accepted = 0;
    for (int seed = 0; seed < FILES; seed++) {
      String text = new Generator(new Random(seed)).text();
      if (ClusterFileReader.read("seed " + seed, text) instanceof Reading.Accepted reading) {
        accepted++;
        use(reading.file(), text, "seed " + seed);
      }
    }
    assertTrue(accepted > 20, "only " + accepted + " files were accepted");
  }

  private static void use(ClusterFile file, String text, String seed) throws UnusableClusterFile {
    Command.SetClusterFile command = new Command.SetClusterFile(text, ClusterFiles.roster(file));
    List<String> names = file.controllers().stream().map(Controller::name).toList();
    Proposal proposal = Proposal.of(1, "operator of a long name", command);
    fitsAnEntry(proposal, seed);
    ClusterState state = ClusterState.empty().apply(1, proposal).state();
    for (String self : List.of(names.getFirst(), names.getLast())) {
      ServiceSet services = new ServiceSets().of(text, self);
      for (ResourceAgent<?> agent : services.agents()) {
        assertNotNull(agent.initial(new AgentContext(0, self, state)));
      }
      assertNotNull(
          new LeaseMachine(self, names, file.timing().lease(), TimingProfile.quietNanos(), 1, 0));
    }
    leases(file, names);
    orders(state, names, seed);
  }

  private static void leases(ClusterFile file, List<String> names) {
    List<LeaseMessage.Ask> asks = new ArrayList<>();
    List<LeaseMessage.Release> releases = new ArrayList<>();
    List<String> all = new ArrayList<>();
    file.vips().forEach(vip -> all.add(vip.leaseName()));
    file.units().stream()
        .filter(unit -> unit.fence() == PlainUnit.Fence.NETWORK)
        .forEach(unit -> all.add(UnitLease.of(unit.name())));
    for (String lease : all) {
      VipAssignment assignment =
          new VipAssignment(lease, 9, names.getFirst(), names.subList(1, names.size()));
      asks.add(new LeaseMessage.Ask(assignment, true));
      releases.add(new LeaseMessage.Release(assignment, 9));
    }
    LeaseMessage pulse =
        new LeaseMessage.Pulse(
            names.getFirst(), 1, 1, 1, file.timing().lease().leaseNanos(), asks, releases);
    assertEquals(
        new LeaseCodec.Decoded.Understood(pulse),
        LeaseCodec.decode(ByteBuffer.wrap(LeaseCodec.encode(pulse))));
  }

  /// The first plan of a cluster may order everything everywhere.
  private static void orders(ClusterState state, List<String> names, String seed) {
    List<Command> orders = new ArrayList<>();
    for (String resource : state.roster().resources()) {
      if (state.roster().vips().contains(resource)) {
        List<String> heirs = names.subList(1, names.size());
        orders.add(new Command.AssignVip(resource, names.getFirst(), heirs, "it has no holder"));
        continue;
      }
      for (String name : names) {
        orders.add(
            new Command.SetTarget(
                resource, name, Wanted.STARTED, Target.PLAIN, "it should run on every controller"));
      }
    }
    fitsAnEntry(Proposal.of(1, "leader " + names.getFirst(), new Command.Batch(orders)), seed);
  }

  private static void fitsAnEntry(Proposal proposal, String seed) {
    int bytes = Json.bytes(proposal, Proposal.class).length;
    assertTrue(bytes <= ReplicatedLog.ENTRY_BYTES_MAX, () -> seed + ": " + bytes + " bytes");
  }

  /// Files at and around the limits.
  private static final class Generator {
    private final Random random;
    private final StringBuilder text = new StringBuilder();

    Generator(Random random) {
      this.random = random;
    }

    String text() {
      int controllers = one(3, 3, 5, 31, 32, 33);
      String name =
          one("c", "controller-of-a-cloud-with-a-name-of-about-sixty-characters-", "a-0-");
      text.append("trivet: 1\nname: ").append(one("x", "a2345678901234567890123456789012"));
      text.append("\ntiming: ")
          .append(one("fast", "standard", "patient"))
          .append("\ncontrollers:\n");
      for (int i = 1; i <= controllers; i++) {
        text.append("  ").append(name).append(i).append(": 10.0.1.").append(i).append('\n');
      }
      vips();
      text.append(one("", "database: mariadb\n", "database: { engine: mariadb, vip: v0 }\n"));
      text.append(one("", "broker: rabbitmq\n", "broker: { port: 65535 }\n"));
      text.append(one("", "cache: memcached\n"));
      text.append(one("", "apis: [keystone, glance, nova, neutron, heat, horizon]\n"));
      int units = one(0, 1, 40, 400);
      text.append(units == 0 ? "" : "units:\n");
      for (int i = 0; i < units; i++) {
        text.append("  unit-with-a-long-name-").append(i).append(": ");
        text.append(one("clone\n", "singleton\n", "{ kind: singleton, fenced-by: network }\n"));
      }
      text.append("# ").append("=é".repeat(one(0, 1_000, 15_000)));
      return text.toString();
    }

    private void vips() {
      int vips = one(0, 1, 3, 63, 64, 200, 256, 257);
      int addresses = one(1, 1, 2, 32, 33);
      String namespace =
          one("", ", namespace: n", ", namespace: Ns.#", ", namespace: " + "n".repeat(64));
      text.append(vips == 0 ? "" : "vips:\n");
      for (int v = 0; v < vips; v++) {
        text.append("  v")
            .append(v)
            .append(": { interface: ")
            .append(one("eth0", "a23456789012345"));
        text.append(namespace.replace("#", "" + v)).append(", address: [");
        for (int a = 0; a < addresses; a++) {
          text.append(a == 0 ? "" : ", ");
          if (a % 2 == 0) {
            text.append("10.").append(10 + v / 200).append('.').append(1 + v % 200);
            text.append('.').append(a + 1).append("/8");
          } else {
            text.append("\"fd00:1::").append(Integer.toHexString(v + 1));
            text.append(':').append(Integer.toHexString(a)).append("/64\"");
          }
        }
        text.append("] }\n");
      }
    }

    private int one(int... choices) {
      return choices[random.nextInt(choices.length)];
    }

    private String one(String... choices) {
      return choices[random.nextInt(choices.length)];
    }
  }
}
