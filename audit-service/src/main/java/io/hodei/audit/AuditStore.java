package io.hodei.audit;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.hodei.kit.Key;
import io.hodei.kit.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.common.TopicPartition;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// The audit database. Written by one thread ([EventFollower]), read by any. Exists while Postgres does not: each call then
/// fails with an SQLException in a few seconds.
final class AuditStore implements AutoCloseable {
  /// Somebody moved a position that we wrote last: a rewind, or another audit-service. Nothing was written.
  static final class Moved extends Exception {
    Moved(TopicPartition partition) {
      super("Expected to be the one who moves " + partition + ", but it was moved.", null, false, false);
    }
  }

  private static final String STAGING = "CREATE TEMP TABLE IF NOT EXISTS audit_staging ON COMMIT DELETE ROWS AS SELECT "
      + CopyText.COLUMNS + " FROM audit.events WITH NO DATA";
  private static final String COPY = "COPY audit_staging (" + CopyText.COLUMNS + ") FROM STDIN";
  private static final String INSERT = "INSERT INTO audit.events (" + CopyText.COLUMNS + ") SELECT " + CopyText.COLUMNS
      + " FROM audit_staging ORDER BY topic, partition, record_offset ON CONFLICT (event_id) DO NOTHING";
  private static final String REPEATED = "SELECT s.topic, s.partition, s.record_offset FROM audit_staging s JOIN audit.events e USING (event_id)"
      + " WHERE (s.topic, s.partition, s.record_offset) <> (e.topic, e.partition, e.record_offset) LIMIT 100";
  private static final String FIRST_POSITION = "INSERT INTO audit.positions (next_offset, topic, partition) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
  private static final String NEXT_POSITION = "UPDATE audit.positions SET next_offset = ? WHERE topic = ? AND partition = ? AND next_offset = ?";

  private final HikariDataSource pool;
  private final String readerPassword;

  AuditStore(Settings settings) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("audit");
    config.setJdbcUrl(settings.text(Key.AUDIT_JDBC));
    config.setUsername(settings.text(Key.AUDIT_USER));
    config.setPassword(settings.text(Key.AUDIT_PASSWORD));
    config.setMaximumPoolSize(6);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(3000);
    config.setValidationTimeout(2000);
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("ApplicationName", "hodei-audit");
    config.addDataSourceProperty("connectTimeout", "2");
    config.addDataSourceProperty("socketTimeout", "60");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    this.pool = new HikariDataSource(config);
    this.readerPassword = settings.text(Key.AUDIT_READER_PASSWORD);
  }

  DataSource dataSource() {
    return pool;
  }

  /// Brings the schema to this version.
  ///
  /// @throws SQLException when the database is away
  void prepare() throws SQLException {
    try {
      Flyway.configure(AuditStore.class.getClassLoader()).dataSource(pool).defaultSchema("audit").schemas("audit")
          .locations("classpath:io/hodei/audit/schema").load().migrate();
    } catch (FlywayException e) {
      throw new SQLException("Expected to bring schema audit up to date, but: " + e.getMessage(), e);
    }
    try (Connection connection = pool.getConnection()) {
      ReaderRole.apply(connection, readerPassword);
    }
  }

  /// How far each partition has been written; a partition without a row has not been begun.
  Map<TopicPartition, Long> positions() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT topic, partition, next_offset FROM audit.positions")) {
      Map<TopicPartition, Long> positions = new HashMap<>();
      while (rows.next()) {
        positions.put(new TopicPartition(rows.getString(1), rows.getInt(2)), rows.getLong(3));
      }
      return positions;
    }
  }

  /// Writes rows and moves positions, both or neither. A row whose event is there already changes nothing.
  ///
  /// @param from the positions as they were read last; null values: not begun
  /// @param to the positions after these rows
  /// @return the rows that came with the id of another event's place: the first of them is kept
  /// @throws Moved when a position is not where it was read
  List<Place> write(List<EventRow> rows, Map<TopicPartition, @Nullable Long> from, Map<TopicPartition, Long> to) throws SQLException, Moved {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      try {
        for (Map.Entry<TopicPartition, Long> each : to.entrySet()) {
          move(connection, each.getKey(), from.get(each.getKey()), each.getValue());
        }
        List<Place> repeated = rows.isEmpty() ? List.of() : insert(connection, rows);
        connection.commit();
        return repeated;
      } catch (SQLException | Moved | RuntimeException e) {
        rollBack(connection, e);
        throw e;
      }
    }
  }

  private static void rollBack(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private static void move(Connection connection, TopicPartition partition, @Nullable Long from, long to) throws SQLException, Moved {
    try (PreparedStatement update = connection.prepareStatement(from == null ? FIRST_POSITION : NEXT_POSITION)) {
      update.setLong(1, to);
      update.setString(2, partition.topic());
      update.setInt(3, partition.partition());
      if (from != null) {
        update.setLong(4, from);
      }
      if (update.executeUpdate() != 1) {
        throw new Moved(partition);
      }
    }
  }

  private static List<Place> insert(Connection connection, List<EventRow> rows) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(STAGING);
      connection.unwrap(PGConnection.class).getCopyAPI().copyIn(COPY, new ByteArrayInputStream(CopyText.of(rows)));
      int added = statement.executeUpdate(INSERT);
      return added == rows.size() ? List.of() : repeated(statement);
    } catch (IOException e) {
      throw new SQLException("Expected to copy " + rows.size() + " rows, but: " + e.getMessage(), "08006", e);
    }
  }

  private static List<Place> repeated(Statement statement) throws SQLException {
    List<Place> repeated = new ArrayList<>();
    try (ResultSet found = statement.executeQuery(REPEATED)) {
      while (found.next()) {
        repeated.add(new Place(found.getString(1), found.getInt(2), found.getLong(3)));
      }
    }
    return repeated;
  }

  @Override
  public void close() {
    pool.close();
  }
}
