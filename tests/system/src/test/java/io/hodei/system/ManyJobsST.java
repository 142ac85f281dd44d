package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Await;
import io.hodei.testkit.History;
import io.hodei.testkit.Installation;
import io.hodei.testkit.LegalPaths;
import io.hodei.testkit.ProcessTable;
import io.hodei.testkit.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/// Two hundred jobs at once, on an installation of their own: every one ends, every worker is gone, and the board says so.
class ManyJobsST {
  // proves: promise:1, promise:3, promise:8, lie:1, contract:http-jobs-array, contract:http-cleanup, seed:clean-up, seed:scenario-100-concurrent, seed:scenario-hello
  @Test
  void twoHundredJobsLeaveNothing() {
    try (Installation hodei = Installation.start(false)) {
      String body = "[" + String.join(",", java.util.Collections.nCopies(200, Jobs.sh("echo done"))) + "]";
      List<String> ids = new ArrayList<>();
      long began = System.nanoTime();
      hodei.post("/v1/jobs", body).is(202).json().path("items").forEach(job -> ids.add(job.path("id").asText()));
      assertEquals(200, new HashSet<>(ids).size());
      Set<String> workers = new HashSet<>();
      for (String id : ids) {
        JsonNode job = hodei.ended(id);
        assertEquals("SUCCEEDED", job.path("state").asText(), job.toPrettyString());
        assertEquals(1, job.path("attempt").asInt());
        assertTrue(job.path("logRef").path(0).path("complete").asBoolean(), job.toPrettyString());
        workers.add(job.path("workerId").asText());
      }
      System.out.println("200 jobs in " + (System.nanoTime() - began) / 1_000_000 + " ms");
      assertEquals(200, workers.size());
      workers.forEach(hodei::gone);
      assertEquals(List.of(), ProcessTable.ofInstallation(hodei.id()), "agents and job processes left");
      hodei.post("/v1/gc/runs", "").is(200);
      JsonNode cleanup = hodei.get("/v1/cleanup").is(200).json();
      System.out.println("cleanup: " + cleanup);
      assertTrue(cleanup.path("immediateRatio").asDouble() >= 0.99, cleanup.toString());
      assertTrue(cleanup.path("latencyMs").path("p95").asLong() < 5000, cleanup.toString());
      assertEquals(0, cleanup.path("orphans").asInt(), cleanup.toString());
      assertEquals(0, cleanup.path("pendingDestroy").asInt(), cleanup.toString());
      Topics topics = Topics.of(hodei);
      Await.whenTrue("every worker to be found clean", Duration.ofSeconds(90), () -> {
        hodei.post("/v1/gc/runs", "").is(200);
        return topics.records("hodei.worker-events").stream().filter(event -> Topics.text(event, "type").equals("WorkerCleanedUp")).count() == 200;
      });
      List<GenericRecord> events = topics.records("hodei.worker-events");
      assertEquals(List.of(), new LegalPaths().check(History.ofTopics(topics)));
      for (GenericRecord event : events) {
        assertTrue(event.get("correlationId") != null && event.get("actor") != null, event.toString());
      }
    }
  }
}
