package io.hodei.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The user `hodei_reader`, who may read the audit and nothing else. Applied at each start, since its password is
/// configuration; a database user who may not make roles leaves it as it is.
final class ReaderRole {
  private static final Logger LOG = LoggerFactory.getLogger(ReaderRole.class);

  private ReaderRole() {}

  /// @param password empty: the user cannot log in
  static void apply(Connection connection, String password) {
    try (Statement statement = connection.createStatement()) {
      if (!exists(statement)) {
        statement.execute("CREATE ROLE hodei_reader NOLOGIN");
      }
      statement.execute("ALTER ROLE hodei_reader SET default_transaction_read_only = on");
      statement.execute(password.isEmpty() ? "ALTER ROLE hodei_reader NOLOGIN PASSWORD NULL" : "ALTER ROLE hodei_reader LOGIN PASSWORD " + quoted(connection, password));
      statement.execute("GRANT USAGE ON SCHEMA audit TO hodei_reader");
      statement.execute("GRANT SELECT ON audit.events, audit.positions TO hodei_reader");
    } catch (SQLException e) {
      LOG.warn("audit_reader_not_applied sql_state={} cause=\"{}\"", e.getSQLState(), withoutPassword(e, password));
    }
  }

  private static boolean exists(Statement statement) throws SQLException {
    try (ResultSet found = statement.executeQuery("SELECT 1 FROM pg_roles WHERE rolname = 'hodei_reader'")) {
      return found.next();
    }
  }

  /// A role's password cannot be a parameter: the database quotes it.
  private static String quoted(Connection connection, String password) throws SQLException {
    try (PreparedStatement quote = connection.prepareStatement("SELECT quote_literal(?)")) {
      quote.setString(1, password);
      try (ResultSet quoted = quote.executeQuery()) {
        quoted.next();
        return quoted.getString(1);
      }
    }
  }

  private static String withoutPassword(SQLException e, String password) {
    String message = String.valueOf(e.getMessage());
    return password.isEmpty() ? message : message.replace(password, "***");
  }
}
