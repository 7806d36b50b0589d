package io.trivet.daemon.effect;

import io.trivet.services.agent.AgentEvent;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The database on this controller, as its administrator: over the local socket, where the server
/// trusts the kernel's word on who is calling (MariaDB: authentication plugin unix_socket), so that
/// no password exists.
///
/// One connection is kept and made anew when it broke. Calls wait for each other, each no longer
/// than its time: the server may take a connection and never answer (SIGSTOP does it), and the
/// driver's own timeouts do not reach a Unix socket. Whoever waits for such a server is
/// interrupted, which closes the socket under it.
public final class LocalSql implements AutoCloseable {
  private static final int MAX_ROWS = 10_000;

  private final String socketPath;
  private final long timeoutNanos;
  private final ReentrantLock turn = new ReentrantLock();
  private @Nullable Connection connection;

  /// @param socketPath the server's socket, such as `/run/mysqld/mysqld.sock`
  /// @param timeout how long one call may take, waiting for others included
  public LocalSql(String socketPath, Duration timeout) {
    this.socketPath = socketPath;
    this.timeoutNanos = timeout.toNanos();
  }

  /// Runs the statements in order and returns the rows of all of them, each row as its columns'
  /// texts (null for NULL).
  ///
  /// @throws SQLException when the server is not there, refuses a statement, or did not answer in
  ///   time ([AgentEvent#NO_ANSWER]); statements before that have been done
  public List<List<@Nullable String>> run(List<String> statements) throws SQLException {
    CompletableFuture<List<List<@Nullable String>>> done = new CompletableFuture<>();
    Thread worker =
        Thread.ofVirtual()
            .name("sql")
            .start(
                () -> {
                  try {
                    done.complete(inTurn(statements));
                  } catch (SQLException e) {
                    done.completeExceptionally(e);
                  }
                });
    try {
      return done.get(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      worker.interrupt();
      throw new SQLException(AgentEvent.NO_ANSWER, e);
    } catch (InterruptedException e) {
      worker.interrupt();
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw new SQLException(cause == null ? e.toString() : String.valueOf(cause.getMessage()), e);
    }
  }

  private List<List<@Nullable String>> inTurn(List<String> statements) throws SQLException {
    List<List<@Nullable String>> rows = new ArrayList<>();
    try {
      turn.lockInterruptibly();
    } catch (InterruptedException e) {
      throw new SQLException(AgentEvent.NO_ANSWER, e);
    }
    try {
      for (String sql : statements) {
        runOne(connected(), sql, rows);
      }
      return rows;
    } catch (SQLException e) {
      drop();
      throw e;
    } finally {
      turn.unlock();
    }
  }

  @Override
  public void close() {
    if (turn.tryLock()) {
      try {
        drop();
      } finally {
        turn.unlock();
      }
    }
  }

  /// Without saying goodbye: a server that hangs would not hear it.
  private void drop() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.abort(Runnable::run);
      } catch (SQLException e) {
        // It is being dropped because it broke; there is nothing left to tidy.
      }
    }
  }

  private Connection connected() throws SQLException {
    Connection open = connection;
    if (open == null) {
      Properties properties = new Properties();
      properties.setProperty("user", "root");
      properties.setProperty("localSocket", socketPath);
      // The socket never leaves this machine.
      properties.setProperty("sslMode", "disable");
      // A member outside the primary component refuses ordinary reads; the status must still be
      // readable.
      properties.setProperty("sessionVariables", "wsrep_sync_wait=0,wsrep_dirty_reads=ON");
      open = DriverManager.getConnection("jdbc:mariadb://localhost/", properties);
      connection = open;
    }
    return open;
  }

  private static void runOne(Connection open, String sql, List<List<@Nullable String>> rows)
      throws SQLException {
    try (Statement statement = open.createStatement()) {
      statement.setMaxRows(MAX_ROWS);
      if (statement.execute(sql)) {
        try (ResultSet result = statement.getResultSet()) {
          collect(result, rows);
        }
      }
    }
  }

  private static void collect(ResultSet result, List<List<@Nullable String>> rows)
      throws SQLException {
    ResultSetMetaData columns = result.getMetaData();
    while (result.next()) {
      List<@Nullable String> row = new ArrayList<>();
      for (int i = 1; i <= columns.getColumnCount(); i++) {
        row.add(result.getString(i));
      }
      rows.add(Collections.unmodifiableList(row));
    }
  }
}
