package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.testkit.Answer;
import io.hodei.testkit.Await;
import io.hodei.testkit.Faults;
import io.hodei.testkit.Installation;
import io.hodei.testkit.Part;
import io.hodei.testkit.ProcessTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The broker, the registry and Postgres are away while jobs run.
@ResourceLock(Shared.SEPARATE)
class BackendFaultsST {
  private static final Duration AWAY = Duration.ofSeconds(30);

  private static final Installation hodei = Shared.separate();
  private static final Faults faults = new Faults(hodei);

  @AfterEach
  void allAreWell() {
    Shared.allWell();
  }

  // proves: promise:9
  @Test
  void aFrozenBrokerRefusesSubmissionsAndLosesNothing() throws IOException {
    awayFor("broker", "STOP", "CONT");
  }

  // proves: promise:9, seed:gap-reconnect
  @Test
  void aKilledBrokerComesBackOnItsData() throws IOException {
    awayFor("broker", "KILL", null);
  }

  // proves: promise:9
  @Test
  void withoutTheRegistryANewProcessStartsAndDecodes() throws IOException {
    try (Batch batch = Batch.running(hodei)) {
      faults.kill(Part.REGISTRY);
      faults.kill(Part.DISPATCHER);
      faults.bringBack(Part.DISPATCHER);
      faults.awaitWell(Part.DISPATCHER);
      assertFalse(hodei.well(Part.REGISTRY));
      batch.isWhole();
      assertEquals("SUCCEEDED", hodei.ended(hodei.submit(Jobs.sh("true"))).path("state").asText());
      assertTrue(hodei.well(Part.DISPATCHER));
      faults.bringBack(Part.REGISTRY);
      faults.awaitWell(Part.REGISTRY);
    }
  }

  // proves: promise:9
  @Test
  void withoutPostgresJobsAndReadsGoOnAndAuditCatchesUp() throws IOException {
    faults.kill(Part.POSTGRES);
    try (Batch batch = Batch.running(hodei)) {
      batch.isWhole();
    }
    String job = hodei.submit(Jobs.sh("true"));
    hodei.ended(job);
    assertEquals(503, hodei.get("/v1/audit/events?jobId=" + job).status());
    hodei.up();
    Await.whenTrue("audit to have caught up", Duration.ofSeconds(60), () -> {
      Answer answer = hodei.get("/v1/audit/events?jobId=" + job + "&type=JobCompleted");
      return answer.status() == 200 && answer.json().path("items").size() == 1;
    });
  }

  private static void awayFor(String backend, String signal, String mend) throws IOException {
    List<String> unsure = new ArrayList<>();
    try (Batch batch = Batch.running(hodei)) {
      long pid = hodei.pidOf(backend);
      ProcessTable.signal(signal, pid);
      long began = System.nanoTime();
      int n = 0;
      while (System.nanoTime() - began < AWAY.toNanos()) {
        String id = "away-" + signal + "-" + n++;
        long asked = System.nanoTime();
        Answer answer = hodei.post("/v1/jobs", Jobs.command("\"id\":\"" + id + "\"", "true"));
        Duration took = Duration.ofNanos(System.nanoTime() - asked);
        assertEquals(503, answer.status(), answer.body());
        assertTrue(answer.headers().firstValue("Retry-After").isPresent());
        assertTrue(took.compareTo(Duration.ofSeconds(10)) <= 0, "refused after " + took);
        unsure.add(id);
      }
      if (mend == null) {
        hodei.up();
      } else {
        ProcessTable.signal(mend, pid);
      }
      batch.isWhole();
    }
    // The outcome of a 503 is unknown; the same request again settles it, and it runs once.
    for (String id : unsure) {
      Await.whenTrue("job " + id + " to be taken", Duration.ofSeconds(60),
          () -> hodei.post("/v1/jobs", Jobs.command("\"id\":\"" + id + "\"", "true")).status() == 202);
      assertEquals("SUCCEEDED", hodei.ended(id).path("state").asText());
    }
  }
}
