package io.trivet.lab.deploy;

import io.trivet.lab.host.LabException;
import io.trivet.lab.node.Node;
import io.trivet.lab.node.Nodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/// What whoever sets up a cloud does on a controller before Trivet takes over: the package, the
/// cluster file, certificates, the files that hold secrets. Everything may be done again.
public final class Deployer {
  private static final String DAEMON = "trivetd.service";
  private static final String LEASES = "trivet-leases.service";
  private static final String PLAIN = "rw-r--r--";
  private static final String PRIVATE = "rw-------";
  private static final String ROOT = "root:root";

  private final Nodes nodes;
  private final Secrets secrets;
  private final Certificates certificates;

  public Deployer(Nodes nodes, Secrets secrets, Certificates certificates) {
    this.nodes = nodes;
    this.secrets = secrets;
    this.certificates = certificates;
  }

  /// Writes the files of a controller. A daemon that runs already is told when they changed.
  public void configure(Node node) throws LabException {
    NodeFiles files = new NodeFiles(nodes.files(node));
    Map<String, String> values = Map.of("ADDRESS", node.address());
    files.file("/etc/trivet/cluster.yaml", NodeFiles.clusterFile("fast"), ROOT, PLAIN);
    files.folder("/etc/trivet/tls", ROOT, "rwx------");
    files.file("/etc/trivet/tls/ca.crt", read(certificates.authority()), ROOT, PLAIN);
    files.file("/etc/trivet/tls/node.crt", read(certificates.certificate(node)), ROOT, PLAIN);
    files.file("/etc/trivet/tls/node.key", read(certificates.key(node)), ROOT, PRIVATE);
    files.file(
        "/var/lib/rabbitmq/.erlang.cookie",
        secrets.erlangCookie(),
        "rabbitmq:rabbitmq",
        "r--------");
    files.file("/etc/memcached.conf", NodeFiles.template("memcached.conf", values), ROOT, PLAIN);
    configureKeystone(files, values);
    if (files.changed()) {
      nodes.command(node, "systemctl", "daemon-reload").check();
      // Fails where Trivet is not installed yet, and then there is nothing to tell.
      nodes.command(node, "systemctl", "try-restart", "--no-block", LEASES, DAEMON).run();
    }
  }

  /// Writes the files of the client: where the cloud is, and a password for it.
  public void configureClient() throws LabException {
    NodeFiles files = new NodeFiles(nodes.files(Node.CLIENT));
    Map<String, String> values = Map.of("VIP", Node.VIP, "ADMIN_PASSWORD", secrets.adminPassword());
    files.file(
        "/etc/openstack/clouds.yaml", NodeFiles.template("clouds.yaml", values), ROOT, PRIVATE);
  }

  /// Installs Trivet's package, unless this very package is installed, and sees that the daemon
  /// runs.
  public void install(Node node, Path debianPackage) throws LabException {
    String identity = identity(debianPackage);
    NodeFiles files = new NodeFiles(nodes.files(node));
    Path installed = nodes.files(node).resolve("var/lib/trivet-lab-package");
    if (!readIfThere(installed).equals(identity)) {
      files.file("/var/cache/trivet.deb", read(debianPackage), ROOT, PLAIN);
      // The package starts or restarts the daemon by itself when there is a cluster file.
      nodes
          .command(node, "dpkg", "--install", "--force-confold", "/var/cache/trivet.deb")
          .timeoutSeconds(180)
          .check();
      files.file("/var/lib/trivet-lab-package", identity, ROOT, PLAIN);
    }
    nodes.command(node, "systemctl", "start", "--no-block", DAEMON).check();
  }

  private void configureKeystone(NodeFiles files, Map<String, String> values) throws LabException {
    String memcached =
        Node.CONTROLLERS.stream()
            .map(each -> each.address() + ":11211")
            .collect(Collectors.joining(","));
    files.file(
        "/etc/keystone/keystone.conf",
        NodeFiles.template(
            "keystone.conf",
            Map.of(
                "DATABASE_PASSWORD",
                secrets.databasePassword(),
                "VIP",
                Node.VIP,
                "MEMCACHED",
                memcached)),
        "root:keystone",
        "rw-r-----");
    for (String repository : new String[] {"fernet", "credential"}) {
      String folder = "/etc/keystone/" + repository + "-keys";
      files.folder(folder, "keystone:keystone", "rwx------");
      for (int index = 0; index < 2; index++) {
        files.file(
            folder + "/" + index,
            secrets.fernetKey(repository, index),
            "keystone:keystone",
            PRIVATE);
      }
    }
    files.file(
        "/etc/systemd/system/keystone.service.d/lab.conf",
        NodeFiles.template("keystone-unit.conf", values),
        ROOT,
        PLAIN);
  }

  private static byte[] read(Path file) throws LabException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new LabException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private static String readIfThere(Path file) throws LabException {
    return Files.exists(file)
        ? new String(read(file), java.nio.charset.StandardCharsets.UTF_8).strip()
        : "";
  }

  /// What tells one build of the package from another: where it is, how large, when it was written.
  private static String identity(Path debianPackage) throws LabException {
    try {
      return debianPackage.toRealPath()
          + " "
          + Files.size(debianPackage)
          + " "
          + Files.getLastModifiedTime(debianPackage);
    } catch (IOException e) {
      throw new LabException("cannot read " + debianPackage + ": " + e.getMessage(), e);
    }
  }
}
