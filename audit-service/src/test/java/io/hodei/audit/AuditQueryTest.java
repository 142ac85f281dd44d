package io.hodei.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.kit.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditQueryTest {
  @Test
  void everyParameterHasItsPlace() {
    Cursor cursor = new Cursor(Given.NOON, "e|1");
    AuditQuery query = AuditQuery.of(Map.of("correlationId", List.of("c"), "type", List.of("JobQueued"), "from", List.of("2026-11-21T13:00:00+01:00"),
        "limit", List.of("7"), "cursor", List.of(cursor.text())));
    assertEquals(Map.of("correlation_id", "c", "event_type", "JobQueued"), query.equal());
    assertEquals(Instant.parse("2026-11-21T12:00:00Z"), query.from());
    assertEquals(7, query.limit());
    assertEquals(cursor, query.cursor());
    assertEquals(50, AuditQuery.of(Map.of()).limit());
  }

  @ParameterizedTest
  @CsvSource({"job,x", "from,yesterday", "to,2026-13-01T00:00:00Z", "from,+99999-01-01T00:00:00Z", "limit,0", "limit,1001", "limit,many", "limit,99999999999",
      "cursor,§", "cursor,bm9iYXI", "cursor,OTk5OTk5OTk5OTk5OTk5OTk5OXx4", "type,''"})
  void whatIsWrongIsRefusedByName(String name, String value) {
    Problem problem = assertThrows(Problem.Raised.class, () -> AuditQuery.of(Map.of(name, List.of(value)))).problem();
    assertEquals(400, problem.status());
    assertEquals(name.equals("job") ? "unknown-query-parameter" : "bad-query", problem.code());
    assertTrue(problem.detail().contains(name), problem.detail());
  }

  @Test
  void aParameterTwiceIsRefused() {
    assertThrows(Problem.Raised.class, () -> AuditQuery.of(Map.of("type", List.of("a", "b"))));
  }
}
