package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.ProcessTable;
import io.hodei.testkit.Topics;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Audit holds each event exactly once, also after a rewind.
@ResourceLock(Shared.SEPARATE)
class AuditST {
  // proves: promise:8, invariant:I10, lie:7, seed:audit-row, contract:postgres
  @Test
  void rowsAreTheEventsOnTheTopicsAlsoAfterARewind() throws Exception {
    Installation hodei = Shared.separate();
    String correlation = "audit-test-1";
    for (int i = 0; i < 10; i++) {
      String job = hodei.submit("{\"command\":[\"true\"],\"correlationId\":\"" + correlation + "\",\"actor\":\"alice\"}");
      hodei.gone(hodei.ended(job).path("workerId").asText());
    }
    same(hodei);
    JsonNode found = hodei.get("/v1/audit/events?correlationId=" + correlation + "&type=JobSubmitted&limit=1000").is(200).json();
    assertEquals(10, found.path("items").size(), found.toString());
    found.path("items").forEach(event -> assertEquals("alice", event.path("actor").asText(), event.toString()));
    ProcessTable.signal("KILL", hodei.pidOf("audit-service"));
    try (Connection db = hodei.database(); Statement sql = db.createStatement()) {
      sql.executeUpdate("update audit.positions set next_offset = 0");
    }
    assertEquals(503, hodei.get("/v1/audit/events").status(), "audit-service is down");
    hodei.serve("audit-service");
    Await.whenTrue("audit-service to answer", Duration.ofSeconds(60), () -> hodei.get("/v1/audit/events").status() == 200);
    same(hodei);
  }

  private static void same(Installation hodei) {
    Topics topics = Topics.of(hodei);
    Await.whenTrue("audit to hold what the topics hold", Duration.ofSeconds(60), () -> Set.copyOf(hodei.auditedEvents()).equals(events(topics)));
    assertTrue(events(topics).size() > 100);
  }

  private static Set<String> events(Topics topics) {
    Set<String> ids = new TreeSet<>();
    for (String topic : Set.of("hodei.job-events", "hodei.worker-events", "hodei.gc-events")) {
      topics.records(topic).forEach(event -> assertTrue(ids.add(Topics.text(event, "eventId")), "event ids are unique"));
    }
    return ids;
  }
}
