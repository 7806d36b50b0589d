package io.trivet.lab.deploy;

import io.trivet.lab.host.Command;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.Pause;
import io.trivet.lab.node.Node;
import io.trivet.lab.node.Nodes;

/// Keystone's first setup, once in the life of a cloud: its database, its schema, its first user.
/// The service itself is started by Trivet and by nobody else.
public final class Keystone {
  /// Through the VIP.
  public static final String URL = "http://" + Node.VIP + ":5000/v3";

  private final Nodes nodes;
  private final Secrets secrets;

  public Keystone(Nodes nodes, Secrets secrets) {
    this.nodes = nodes;
    this.secrets = secrets;
  }

  /// The body of a request for a token of the administrator (Identity API v3, password
  /// authentication with scoped authorization).
  public String tokenRequest() throws LabException {
    return """
        {"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"admin",\
        "domain":{"id":"default"},"password":"%s"}}},\
        "scope":{"project":{"name":"admin","domain":{"id":"default"}}}}}"""
        .formatted(secrets.adminPassword());
  }

  /// Whether the client gets a token through the VIP now.
  public boolean issuesTokens() throws LabException {
    Command.Finished answer =
        nodes
            .command(
                Node.CLIENT,
                "curl",
                "--silent",
                "--max-time",
                "3",
                "--output",
                "/dev/null",
                "--write-out",
                "%{http_code}",
                "--header",
                "Content-Type: application/json",
                "--data",
                "@-",
                URL + "/auth/tokens")
            .input(tokenRequest())
            .run();
    return answer.out().equals("201");
  }

  /// Waits until the client gets a token.
  ///
  /// @throws LabException when it gets none in time
  public void awaitToken(long timeoutSeconds) throws LabException {
    long deadline = System.nanoTime() + timeoutSeconds * 1_000_000_000L;
    while (!issuesTokens()) {
      if (System.nanoTime() > deadline) {
        throw new LabException(
            "no token from "
                + URL
                + " after "
                + timeoutSeconds
                + " s. What Trivet says: ./trivet lab exec c1 -- trivet status");
      }
      Pause.millis(200);
    }
  }

  /// Waits for a database that takes writes, and makes Keystone's database and user in it.
  ///
  /// @param on a controller
  public void createDatabase(Node on, long timeoutSeconds) throws LabException {
    String sql =
        """
        CREATE DATABASE IF NOT EXISTS keystone CHARACTER SET utf8mb3;
        CREATE USER IF NOT EXISTS 'keystone'@'%%' IDENTIFIED BY '%1$s';
        ALTER USER 'keystone'@'%%' IDENTIFIED BY '%1$s';
        GRANT ALL PRIVILEGES ON keystone.* TO 'keystone'@'%%';
        """
            .formatted(secrets.databasePassword());
    long deadline = System.nanoTime() + timeoutSeconds * 1_000_000_000L;
    while (true) {
      Command.Finished made = nodes.command(on, "mariadb").input(sql).run();
      if (made.ok()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new LabException(
            on.name()
                + ": no database that takes writes after "
                + timeoutSeconds
                + " s: "
                + made.err().strip());
      }
      Pause.millis(500);
    }
  }

  /// Waits until every controller is a member of the database's cluster and has all data. Before
  /// that, members that give their data to others stop being the writer, and whoever makes tables
  /// then loses the connection half-way.
  public void awaitMembers(long timeoutSeconds) throws LabException {
    String sql =
        "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME IN"
            + " ('WSREP_LOCAL_STATE_COMMENT', 'WSREP_CLUSTER_SIZE') ORDER BY VARIABLE_NAME";
    String wanted = Node.CONTROLLERS.size() + "\nSynced\n";
    long deadline = System.nanoTime() + timeoutSeconds * 1_000_000_000L;
    for (Node node : Node.CONTROLLERS) {
      while (true) {
        Command.Finished said =
            nodes
                .command(node, "mariadb", "--batch", "--skip-column-names", "--execute=" + sql)
                .run();
        if (said.out().equals(wanted)) {
          break;
        }
        if (System.nanoTime() > deadline) {
          throw new LabException(
              node.name()
                  + ": the database is not a synced member after "
                  + timeoutSeconds
                  + " s: "
                  + (said.out() + said.err()).strip());
        }
        Pause.millis(300);
      }
    }
  }

  /// Waits until the database answers through the VIP, makes Keystone's tables and its first user.
  /// Both may be done again.
  public void bootstrap(Node on, long timeoutSeconds) throws LabException {
    long deadline = System.nanoTime() + timeoutSeconds * 1_000_000_000L;
    while (true) {
      Command.Finished tried =
          nodes
              .command(
                  on,
                  "mariadb",
                  "--host=" + Node.VIP,
                  "--user=keystone",
                  "--connect-timeout=2",
                  "--execute=SELECT 1",
                  "keystone")
              .variable("MYSQL_PWD", secrets.databasePassword())
              .run();
      if (tried.ok()) {
        break;
      }
      if (System.nanoTime() > deadline) {
        throw new LabException(
            "the database does not answer through the VIP after "
                + timeoutSeconds
                + " s: "
                + tried.err().strip());
      }
      Pause.millis(300);
    }
    forgetUnfinishedTables(on);
    Command.Finished synced =
        nodes
            .command(on, "runuser", "-u", "keystone", "--", "keystone-manage", "db_sync")
            .timeoutSeconds(180)
            .run();
    if (!synced.ok()) {
      throw new LabException(
          "'keystone-manage db_sync' on "
              + on.name()
              + " failed: see /var/log/keystone/keystone.log"
              + " there (./trivet lab exec "
              + on.name()
              + " -- tail -n 50 /var/log/keystone/keystone.log)."
              + " './trivet lab up' begins again with an empty database.");
    }
    nodes
        .command(
            on,
            "runuser",
            "-u",
            "keystone",
            "--",
            "keystone-manage",
            "bootstrap",
            "--bootstrap-admin-url",
            URL,
            "--bootstrap-internal-url",
            URL,
            "--bootstrap-public-url",
            URL,
            "--bootstrap-region-id",
            "lab")
        .variable("OS_BOOTSTRAP_PASSWORD", secrets.adminPassword())
        .timeoutSeconds(180)
        .check();
  }

  /// A migration that was cut off cannot be continued: its first table is there already. As long as
  /// none was ever completed, nothing is lost by beginning again.
  private void forgetUnfinishedTables(Node on) throws LabException {
    Command.Finished version =
        nodes
            .command(
                on,
                "mariadb",
                "--batch",
                "--skip-column-names",
                "--execute=SELECT version_num FROM keystone.alembic_version")
            .run();
    if (version.ok() && version.out().isBlank()) {
      nodes
          .command(on, "mariadb")
          .input("DROP DATABASE keystone; CREATE DATABASE keystone CHARACTER SET utf8mb3;")
          .check();
    }
  }
}
