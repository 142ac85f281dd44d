package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.kit.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryTest {
  @Test
  void refusesUnknownParametersByName() {
    Problem problem = refusal(() -> Query.of(Map.of("stat", List.of("RUNNING")), "state", "pool"));

    assertEquals(400, problem.status());
    assertTrue(problem.detail().contains("\"stat\"") && problem.detail().contains("state, pool"), problem.detail());
  }

  @Test
  void readsTypedValues() {
    Query query = Query.of(Map.of("limit", List.of("7"), "timeout", List.of("30s"), "follow", List.of(""), "pool", List.of("")),
        "limit", "timeout", "follow", "pool", "other");

    assertEquals(7, query.number("limit", 1, 10, 5));
    assertEquals(5, query.number("other", 1, 10, 5));
    assertEquals(Duration.ofSeconds(30), query.duration("timeout"));
    assertTrue(query.flag("follow"));
    assertFalse(query.flag("other"));
    assertNull(query.text("pool"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "11", "-1", "1.5", "x", "99999999999999999999"})
  void refusesNumbersOutOfRange(String text) {
    assertEquals(400, refusal(() -> Query.of(Map.of("limit", List.of(text)), "limit").number("limit", 1, 10, 5)).status());
  }

  @Test
  void refusesSecondValuesAndBrokenCursors() {
    assertEquals(400, refusal(() -> Query.of(Map.of("pool", List.of("a", "b")), "pool").text("pool")).status());
    for (String cursor : List.of("x", "!!", "MTIz", "")) {
      assertEquals(400, refusal(() -> Given.SEAL.parse(cursor, "jobs")).status(), cursor);
    }
    assertEquals(400, refusal(() -> JobFilter.of(Query.of(Map.of("label", List.of("team")), "label"))).status());
    assertEquals(400, refusal(() -> JobFilter.of(Query.of(Map.of("state", List.of("DONE")), "state"))).status());
  }

  static Problem refusal(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(Problem.Raised.class, call).problem();
  }
}
