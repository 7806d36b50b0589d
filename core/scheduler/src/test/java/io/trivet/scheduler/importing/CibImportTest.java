package io.trivet.scheduler.importing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.trivet.cluster.file.ClusterFileReader;
import io.trivet.cluster.file.Problem;
import io.trivet.scheduler.cib.CibReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/// A CIB with something of everything: the cluster file, and what has no place in it.
class CibImportTest {
  private static Imported imported() throws IOException {
    SequencedMap<String, String> addresses = new LinkedHashMap<>();
    addresses.put("c2", "192.0.2.2");
    byte[] xml = Files.readAllBytes(Path.of("src/test/resources/cib/town.xml"));
    return CibImport.of(CibReader.read("town.xml", xml), addresses, 0);
  }

  @Test
  void theClusterFile() throws IOException {
    assertEquals(
        """
        trivet: 1
        name: town-1

        controllers:
          c1:   # no CIB knows its address
          c2: 192.0.2.2

        vips:
          ip-192-0-2-9:
            address: 192.0.2.9/24
            interface: eth0
          vip6:
            address: "2001:db8::9"
            interface:   # the one in the VIP's network

        database: mariadb
        broker: rabbitmq
        load-balancer: haproxy

        apis:
          nova: { unit: openstack-nova-api, workers: [openstack-nova-scheduler] }
          keystone: {}

        units:
          export: { kind: singleton, unit: [rpcbind, nfs-server.service] }
          volume: { kind: singleton, unit: cinder-volume, after: [export] }
          web: { kind: singleton, unit: nginx }
        """,
        imported().yaml());
  }

  @Test
  void whatHasNoPlaceInIt() throws IOException {
    StringBuilder text = new StringBuilder();
    for (Remark r : imported().remarks()) {
      text.append(r.line())
          .append(' ')
          .append(r.element())
          .append(' ')
          .append(r.what())
          .append('\n');
    }
    assertEquals(
        """
        0  the CIB has 2 nodes; a quorum needs 3 controllers, one of which may be a witness
        7 <nvpair id=o3> cluster option no-quorum-policy=freeze is left out
        11 <node id=1> C1.example.org is called c1 in the cluster file
        11 <node id=1> its address is not in a CIB; write it in, or give --address C1.example.org=ADDRESS
        13 <nvpair id=n1-standby> c1 is in standby; do that with: trivet node standby c1
        14 <nvpair id=n1-rack> node attribute rack=4 is left out
        18 <node id=r> a node of type remote is not a controller and is left out
        26 <primitive id=fence> a fence device (fence_ipmilan) is left out: a cluster file has none; a VIP needs none, since its lease ends by itself
        27 <primitive id=r> the connection to a remote node is left out
        28 <primitive id=ip-192.0.2.9> ip-192.0.2.9 is called ip-192-0-2-9 in the cluster file
        28 <primitive id=ip-192.0.2.9> its parameter arp_count=5 is left out
        35 <primitive id=vip6> the length of its network's prefix is not in the CIB; write it behind 2001:db8::9
        35 <primitive id=vip6> its interface is not in the CIB; write it in
        42 <operations> the operations of galera are left out; Trivet has intervals and timeouts of its own
        48 <nvpair id=gm-role> target-role=Stopped of galera-master is left out
        51 <bundle id=rabbit-bundle> runs in containers (registry/rabbitmq:latest); Trivet runs it as a systemd unit of the host
        55 <bundle id=redis-bundle> containers (registry/redis:latest) are left out; Trivet runs systemd units
        76 <group id=mixed> its members are parts of their own; that they stay together is left out
        77 <primitive id=fs> the agent ocf:Filesystem has no counterpart; Trivet runs systemd units: give it one, and name it under units
        83 <rsc_order id=export-after-volume> would be a circle
        85 <rsc_order id=vip-haproxy> Trivet starts vip6 and load-balancer in an order of its own
        87 <rsc_order id=web-maybe> an order of kind Optional is left out
        88 <rsc_order id=with-redis> is about what was left out
        90 <rsc_colocation id=web-volume> that web is where volume is, or is not, is left out
        91 <rsc_location id=cli-prefer-volume> a move or ban by hand is left out; a cluster file has no preferences between controllers
        92 <rsc_ticket id=t> tickets are left out; a cluster file is of one site
        96 <nvpair id=d-sticky> the default resource-stickiness=100 is left out
        """,
        text.toString());
  }

  @Test
  void nothingIsWrongInItButWhatIsMissing() throws IOException {
    byte[] yaml = imported().yaml().getBytes(StandardCharsets.UTF_8);
    List<Problem> problems = ClusterFileReader.read("new.yaml", yaml).problems();
    List<Integer> lines = problems.stream().map(Problem::line).toList();
    // Three controllers, an address, a prefix, an interface, and which VIP is the database's.
    assertEquals(List.of(4, 5, 13, 14, 16), lines, problems::toString);
  }

  @Test
  void netmasks() {
    assertEquals("24", Netmask.length("24"));
    assertEquals("23", Netmask.length("255.255.254.0"));
    assertEquals("32", Netmask.length("255.255.255.255"));
    assertEquals("0", Netmask.length("0.0.0.0"));
    for (String none : new String[] {"255.0.255.0", "255.255.255", "x", "", "256.0.0.0"}) {
      assertEquals("", Netmask.length(none));
    }
  }

  @Test
  void names() {
    assertEquals("ip-192-0-2-9", Names31.of("ip-192.0.2.9"));
    assertEquals("r-9", Names31.of("9"));
    assertEquals("r", Names31.of("___"));
    assertEquals(31, Names31.of("x".repeat(40)).length());
    assertEquals("town-1", ClusterNames.of("Town_1"));
    assertEquals("", ClusterNames.of("???"));
  }
}
