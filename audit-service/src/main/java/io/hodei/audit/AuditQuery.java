package io.hodei.audit;

import io.hodei.kit.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a client asks: events with these values, occurred at `from` or later and before `to`, after `cursor`.
///
/// @param equal column to value
record AuditQuery(Map<String, String> equal, @Nullable Instant from, @Nullable Instant to, @Nullable Cursor cursor, int limit) {
  static final int LIMIT = 50;
  static final int MAX_LIMIT = 1000;
  private static final Map<String, String> COLUMNS = Map.of("correlationId", "correlation_id", "type", "event_type", "actor", "actor",
      "jobId", "job_id", "workerId", "worker_id");
  private static final Set<String> OTHERS = Set.of("from", "to", "limit", "cursor");

  /// Reads the parameters of a request.
  ///
  /// @throws Problem.Raised 400, naming the parameter
  static AuditQuery of(Map<String, List<String>> parameters) {
    Map<String, String> equal = new LinkedHashMap<>();
    Map<String, String> others = new LinkedHashMap<>();
    parameters.forEach((name, values) -> {
      if (!COLUMNS.containsKey(name) && !OTHERS.contains(name)) {
        throw wrong("unknown-query-parameter", name, "Expected one of correlationId, type, actor, jobId, workerId, from, to, limit, cursor,"
            + " but found the parameter \"" + name + "\"; remove it.");
      }
      if (values.size() != 1 || values.getFirst().isEmpty()) {
        throw wrong(name, "Expected one value for " + name + ", but found " + (values.size() == 1 ? "an empty one." : values.size() + "."));
      }
      if (COLUMNS.containsKey(name)) {
        equal.put(COLUMNS.get(name), EventReader.storable(values.getFirst()));
      } else {
        others.put(name, values.getFirst());
      }
    });
    return new AuditQuery(equal, time(others, "from"), time(others, "to"), cursor(others.get("cursor")), limit(others.get("limit")));
  }

  private static @Nullable Instant time(Map<String, String> given, String name) {
    String text = given.get(name);
    if (text == null) {
      return null;
    }
    try {
      return QueryTimes.of(text);
    } catch (DateTimeException e) {
      throw wrong(name, "Expected a time such as 2026-01-31T12:00:00Z for " + name + ", but found \"" + text + "\".");
    }
  }

  private static @Nullable Cursor cursor(@Nullable String text) {
    try {
      return text == null ? null : Cursor.of(text);
    } catch (IllegalArgumentException e) {
      throw wrong("cursor", "Expected the nextCursor of an earlier answer for cursor, but found \"" + text + "\".");
    }
  }

  private static int limit(@Nullable String text) {
    try {
      int limit = text == null ? LIMIT : Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw wrong("limit", "Expected a number from 1 to " + MAX_LIMIT + " for limit, but found \"" + text + "\".");
    }
    throw wrong("limit", "Expected a number from 1 to " + MAX_LIMIT + " for limit, but found " + text + ".");
  }

  private static Problem.Raised wrong(String name, String detail) {
    return wrong("bad-query", name, detail);
  }

  private static Problem.Raised wrong(String code, String name, String detail) {
    return new Problem(400, code, detail, Map.of("parameter", name)).raise();
  }
}
