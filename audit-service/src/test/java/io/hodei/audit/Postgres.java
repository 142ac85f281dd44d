package io.hodei.audit;

import io.hodei.kit.Settings;
import io.hodei.testkit.PlainAvro;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/// A real Postgres for tests: one that all share, each test with an empty schema, or one of a test's own that may be stopped.
final class Postgres {
  static final String READER_PASSWORD = "it's a \\ secret";
  private static EmbeddedPostgres shared;

  private Postgres() {}

  static synchronized int port() {
    if (shared == null) {
      try {
        shared = EmbeddedPostgres.builder().start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return shared.getPort();
  }

  static EmbeddedPostgres own(Path directory, int port) throws IOException {
    return EmbeddedPostgres.builder().setDataDirectory(directory).setCleanDataDirectory(false).setPort(port).start();
  }

  static Settings settings(int port) {
    Map<String, String> keys = new HashMap<>();
    keys.put("hodei.audit.jdbc-url", "jdbc:postgresql://127.0.0.1:" + port + "/postgres");
    keys.put("hodei.audit.user", "postgres");
    keys.put("hodei.audit.password", "postgres");
    keys.put("hodei.audit.reader-password", READER_PASSWORD);
    keys.put("hodei.kafka.value-serializer", PlainAvro.class.getName());
    keys.put("hodei.kafka.value-deserializer", PlainAvro.class.getName());
    return Settings.of(keys);
  }

  static AuditStore emptyStore() throws SQLException {
    AuditStore store = new AuditStore(settings(port()));
    execute(store, "DROP SCHEMA IF EXISTS audit CASCADE");
    store.prepare();
    return store;
  }

  static void execute(AuditStore store, String sql) throws SQLException {
    try (Connection connection = store.dataSource().getConnection(); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  static String one(AuditStore store, String sql) throws SQLException {
    try (Connection connection = store.dataSource().getConnection(); Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }
}
