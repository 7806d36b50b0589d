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
    nodes
        .command(on, "runuser", "-u", "keystone", "--", "keystone-manage", "db_sync")
        .timeoutSeconds(180)
        .check();
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
}
