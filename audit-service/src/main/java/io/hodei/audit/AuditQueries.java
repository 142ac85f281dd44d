package io.hodei.audit;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Answers questions from the store. Thread-safe.
final class AuditQueries {
  private static final int TIMEOUT_SECONDS = 10;

  /// @param items payloads as JSON text, ordered by occurrence, then event id
  /// @param next null: there is no more
  record Page(List<String> items, @Nullable Cursor next) {
    String json() {
      return "{\"items\":[" + String.join(",", items) + "],\"nextCursor\":" + (next == null ? "null" : "\"" + next.text() + "\"") + "}";
    }
  }

  private final DataSource source;

  AuditQueries(DataSource source) {
    this.source = source;
  }

  Page find(AuditQuery query) throws SQLException {
    List<Object> values = new ArrayList<>();
    String sql = "SELECT payload::text, occurred_at, event_id FROM audit.events" + conditions(query, values)
        + " ORDER BY occurred_at, event_id LIMIT " + (query.limit() + 1);
    try (Connection connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement limits = connection.createStatement(); PreparedStatement select = connection.prepareStatement(sql)) {
        limits.execute("SET TRANSACTION READ ONLY");
        limits.execute("SET LOCAL statement_timeout = '" + TIMEOUT_SECONDS + "s'");
        for (int i = 0; i < values.size(); i++) {
          select.setObject(i + 1, values.get(i));
        }
        try (ResultSet rows = select.executeQuery()) {
          return page(rows, query.limit());
        }
      } finally {
        connection.rollback();
      }
    }
  }

  private static Page page(ResultSet rows, int limit) throws SQLException {
    List<String> items = new ArrayList<>();
    Cursor last = null;
    while (rows.next()) {
      if (items.size() == limit) {
        return new Page(items, last);
      }
      items.add(rows.getString(1));
      last = new Cursor(rows.getObject(2, OffsetDateTime.class).toInstant(), rows.getString(3));
    }
    return new Page(items, null);
  }

  private static String conditions(AuditQuery query, List<Object> values) {
    List<String> conditions = new ArrayList<>();
    query.equal().forEach((column, value) -> {
      conditions.add("left(" + column + ", 256) = left(?, 256) AND " + column + " = ?");
      values.add(value);
      values.add(value);
    });
    time(conditions, values, "occurred_at >= ?", query.from());
    time(conditions, values, "occurred_at < ?", query.to());
    Cursor cursor = query.cursor();
    if (cursor != null) {
      conditions.add("(occurred_at, event_id) > (?, ?)");
      values.add(cursor.occurredAt().atOffset(ZoneOffset.UTC));
      values.add(cursor.eventId());
    }
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  private static void time(List<String> conditions, List<Object> values, String condition, @Nullable Instant time) {
    if (time != null) {
      conditions.add(condition);
      values.add(time.atOffset(ZoneOffset.UTC));
    }
  }
}
