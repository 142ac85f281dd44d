package io.hodei.audit;

import static io.hodei.audit.Given.JOBS;
import static io.hodei.audit.Given.NOON;
import static io.hodei.audit.Given.event;
import static io.hodei.audit.Given.row;
import static io.hodei.audit.Given.write;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.kit.Json;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuditStoreIT {
  private AuditStore store;

  @BeforeEach
  void open() throws SQLException {
    store = Postgres.emptyStore();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void rowsAndPositionsAreThereTogether() throws Exception {
    write(store, 0, List.of(row(0, event("e-0").setWorkerId("w-1").setTenant("t").setCausationId("x-0-1")), row(1, event("e-1"))));
    assertEquals(2L, store.positions().get(JOBS));
    assertEquals("e-0|hodei.job-events|0|0|JobQueued|j-1|w-1|c-1|x-0-1|ann|t|2026-11-21 12:00:00|e-0", Postgres.one(store,
        "SELECT concat_ws('|', event_id, topic, partition, record_offset, event_type, job_id, worker_id, correlation_id, causation_id, actor, tenant,"
            + " to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'), payload->>'eventId') FROM audit.events WHERE event_id = 'e-0'"));
  }

  @Test
  void readingAllAgainChangesNothing() throws Exception {
    List<EventRow> rows = List.of(row(0, event("e-0")), row(1, event("e-1")));
    write(store, 0, rows);
    String before = Postgres.one(store, "SELECT md5(string_agg(e::text, '|' ORDER BY event_id)) FROM audit.events e");
    Postgres.execute(store, "UPDATE audit.positions SET next_offset = 0");
    write(store, 0, rows);
    assertEquals(before, Postgres.one(store, "SELECT md5(string_agg(e::text, '|' ORDER BY event_id)) FROM audit.events e"));
    assertEquals(2L, store.positions().get(JOBS));
  }

  @Test
  void aRowThatCannotBeStoredLeavesNoRowAndNoPosition() throws Exception {
    EventRow good = row(1, event("e-1"));
    EventRow bad = new EventRow("e-0", new Place(JOBS.topic(), 0, 0), "T", null, null, "c", null, "a", null, NOON, "{not json");
    SQLException refused = assertThrows(SQLException.class, () -> write(store, 0, List.of(good, bad)));
    assertEquals("22", refused.getSQLState().substring(0, 2));
    assertEquals("0", Postgres.one(store, "SELECT count(*) FROM audit.events"));
    assertNull(store.positions().get(JOBS));
  }

  @Test
  void whoWritesFromAPlaceThatWasMovedWritesNothing() throws Exception {
    write(store, 0, List.of(row(0, event("e-0"))));
    Postgres.execute(store, "UPDATE audit.positions SET next_offset = 0");
    assertThrows(AuditStore.Moved.class, () -> store.write(List.of(row(1, event("e-1"))), Map.of(JOBS, 1L), Map.of(JOBS, 2L)));
    assertThrows(AuditStore.Moved.class, () -> store.write(List.of(row(1, event("e-1"))), Map.of(), Map.of(JOBS, 2L)));
    assertEquals("1", Postgres.one(store, "SELECT count(*) FROM audit.events"));
    assertEquals(0L, store.positions().get(JOBS));
  }

  @Test
  void theSameEventTwiceIsOneRowAndIsTold() throws Exception {
    List<Place> repeated = store.write(List.of(row(0, event("e-0")), row(1, event("e-0"))), Map.of(), Map.of(JOBS, 2L));
    assertEquals(List.of(new Place(JOBS.topic(), 0, 1)), repeated);
    assertEquals("1", Postgres.one(store, "SELECT count(*) FROM audit.events"));
  }

  @Test
  void hostileStringsComeBackAsTheyWere() throws Exception {
    List<String> hostile = List.of("\\N", "\\.", "a\tb", "a\nb\r\nc", "back\\slash", "'; DROP TABLE audit.events; --", "\"quoted\"", "é 😀 \u202E", "\b\f\u0001\u007F",
        "x".repeat(100_000), "\uFFFD", "{}", "\u2028");
    for (int i = 0; i < hostile.size(); i++) {
      write(store, i, List.of(row(i, event("e-" + i).setCorrelationId(hostile.get(i)).setActor(hostile.get(i)).setMessage(hostile.get(i)))));
    }
    for (String each : hostile) {
      JsonNode items = find(Map.of("correlationId", each)).get("items");
      assertEquals(1, items.size(), each);
      assertEquals(each, items.get(0).get("message").textValue());
      assertEquals(1, find(Map.of("actor", each)).get("items").size());
    }
  }

  @Test
  void aNulIsStoredAsReplacementAndFound() throws Exception {
    write(store, 0, List.of(row(0, event("e-0").setMessage("a\0b").setActor("n\0l"))));
    JsonNode items = find(Map.of("actor", "n\0l")).get("items");
    assertEquals("a\uFFFDb", items.get(0).get("message").textValue());
  }

  @Test
  void eachFilterFindsItsOwn() throws Exception {
    write(store, 0, List.of(
        row(0, event("a").setOccurredAt(NOON)),
        row(1, event("b").setOccurredAt(NOON.plusSeconds(1)).setType("JobStarted").setWorkerId("w-1")),
        row(2, event("c").setOccurredAt(NOON.plusSeconds(2)).setActor("bob").setJobId("j-2").setCorrelationId("c-2"))));
    assertEquals(List.of("a", "b", "c"), ids(Map.of()));
    assertEquals(List.of("b"), ids(Map.of("type", "JobStarted")));
    assertEquals(List.of("b"), ids(Map.of("workerId", "w-1")));
    assertEquals(List.of("c"), ids(Map.of("actor", "bob")));
    assertEquals(List.of("c"), ids(Map.of("jobId", "j-2")));
    assertEquals(List.of("a", "b"), ids(Map.of("correlationId", "c-1")));
    assertEquals(List.of("b"), ids(Map.of("from", "2026-11-21T12:00:01Z", "to", "2026-11-21T12:00:02Z")));
    assertEquals(List.of(), ids(Map.of("actor", "bob", "jobId", "j-1")));
  }

  @Test
  void pagesHoldEachEventOnceWhateverIsAddedBehindThem() throws Exception {
    List<EventRow> rows = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      rows.add(row(i, event(String.format("e-%02d", i)).setOccurredAt(NOON.plusMillis(i / 10))));
    }
    Collections.shuffle(rows, new Random(7));
    write(store, 0, rows);
    List<String> seen = new ArrayList<>();
    String cursor = null;
    int pages = 0;
    do {
      JsonNode page = find(cursor == null ? Map.of("limit", "7") : Map.of("limit", "7", "cursor", cursor));
      page.get("items").forEach(item -> seen.add(item.get("eventId").textValue()));
      cursor = page.get("nextCursor").textValue();
      write(store, 25 + pages, List.of(row(25 + pages, event("early-" + pages).setOccurredAt(NOON.minusSeconds(1)))));
      pages++;
    } while (cursor != null);
    assertEquals(4, pages);
    assertEquals(rows.stream().map(EventRow::eventId).sorted().toList(), seen);
  }

  @Test
  void aFullLastPageHasNoCursor() throws Exception {
    write(store, 0, List.of(row(0, event("a")), row(1, event("b"))));
    assertEquals(true, find(Map.of("limit", "2")).get("nextCursor").isNull());
    assertEquals(false, find(Map.of("limit", "1")).get("nextCursor").isNull());
  }

  @Test
  void theReaderReadsAndWritesNothing() throws Exception {
    write(store, 0, List.of(row(0, event("a"))));
    try (Connection reader = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + Postgres.port() + "/postgres", "hodei_reader", Postgres.READER_PASSWORD);
        Statement statement = reader.createStatement()) {
      try (ResultSet count = statement.executeQuery("SELECT count(*) FROM audit.events")) {
        count.next();
        assertEquals(1, count.getInt(1));
      }
      statement.execute("SET default_transaction_read_only = off");
      assertThrows(SQLException.class, () -> statement.execute("DELETE FROM audit.events"));
      assertThrows(SQLException.class, () -> statement.execute("CREATE TABLE audit.mine (a int)"));
    }
    store.prepare();
  }

  @Test
  void theQuestionsUseTheirIndexes() throws Exception {
    List<EventRow> rows = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      rows.add(row(i, event("e-" + i).setCorrelationId("c-" + i % 2000).setOccurredAt(NOON.plusMillis(i))));
    }
    long begin = System.nanoTime();
    write(store, 0, rows);
    System.out.println("rows per second: " + Math.round(rows.size() / ((System.nanoTime() - begin) / 1e9)));
    Postgres.execute(store, "ANALYZE audit.events");
    String plan = Postgres.one(store, "EXPLAIN (FORMAT JSON) SELECT payload FROM audit.events WHERE left(correlation_id, 256) = left('c-77', 256)"
        + " AND correlation_id = 'c-77' AND (occurred_at, event_id) > (timestamptz '2026-01-01', '') ORDER BY occurred_at, event_id LIMIT 51");
    assertEquals(true, plan.contains("events_by_correlation"), plan);
    assertEquals(10, ids(Map.of("correlationId", "c-77")).size());
  }

  private JsonNode find(Map<String, String> parameters) throws Exception {
    Map<String, List<String>> lists = new java.util.HashMap<>();
    parameters.forEach((name, value) -> lists.put(name, List.of(value)));
    return Json.MAPPER.readTree(new AuditQueries(store.dataSource()).find(AuditQuery.of(lists)).json());
  }

  private List<String> ids(Map<String, String> parameters) throws Exception {
    List<String> ids = new ArrayList<>();
    find(parameters).get("items").forEach(item -> ids.add(item.get("eventId").textValue()));
    return ids;
  }
}
