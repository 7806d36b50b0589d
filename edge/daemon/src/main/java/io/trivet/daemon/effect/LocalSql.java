package io.trivet.daemon.effect;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// The database on this controller, as its administrator: over the local socket, where the server
/// trusts the kernel's word on who is calling (MariaDB: authentication plugin unix_socket), so that
/// no password exists.
///
/// One connection is kept and made anew when it broke. Calls wait for each other.
public final class LocalSql implements AutoCloseable {
  private static final int MAX_ROWS = 10_000;

  private final String socketPath;
  private final int timeoutSeconds;
  private @Nullable Connection connection;

  /// @param socketPath the server's socket, such as `/run/mysqld/mysqld.sock`
  /// @param timeoutSeconds how long one statement may take
  public LocalSql(String socketPath, int timeoutSeconds) {
    this.socketPath = socketPath;
    this.timeoutSeconds = timeoutSeconds;
  }

  /// Runs the statements in order and returns the rows of all of them, each row as its columns'
  /// texts (null for NULL).
  ///
  /// @throws SQLException when the server is not there or refuses a statement; those before it have
  ///   been done
  public synchronized List<List<@Nullable String>> run(List<String> statements)
      throws SQLException {
    List<List<@Nullable String>> rows = new ArrayList<>();
    try {
      for (String sql : statements) {
        runOne(connected(), sql, rows);
      }
      return rows;
    } catch (SQLException e) {
      close();
      throw e;
    }
  }

  @Override
  public synchronized void close() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
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
      properties.setProperty("connectTimeout", "1000");
      properties.setProperty("socketTimeout", String.valueOf(timeoutSeconds * 1000L));
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
