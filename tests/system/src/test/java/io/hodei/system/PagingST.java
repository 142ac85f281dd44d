package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Answer;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.JobRows;
import io.hodei.testkit.ProcessTable;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Lists, page by page, while jobs come, change and end, and over the death of job-api.
@ResourceLock(Shared.WHOLE)
class PagingST {
  private static final int ROWS = 20_000;

  // proves: contract:http-list-jobs, contract:http-post-jobs
  @Test
  void underLoadEveryJobThatMatchesThroughoutComesOnce() throws Exception {
    Installation hodei = Shared.installation();
    String mark = UUID.randomUUID().toString();
    List<String> before = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      before.addAll(batch(hodei, mark, 20));
    }
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService load = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<String>> later = load.submit(() -> {
        List<String> ids = new ArrayList<>();
        // Two cores run some ten jobs a second; what comes faster only lengthens the list that is paged through.
        while (!done.get() && ids.size() < 200) {
          ids.addAll(batch(hodei, mark, 5));
          Thread.sleep(500);
        }
        return ids;
      });
      try {
        int rounds = 0;
        boolean allEnded = false;
        while (!allEnded || rounds < 3) {
          allEnded = hodei.get("/v1/jobs?limit=1&state=PENDING&state=SCHEDULED&state=ASSIGNED&state=RUNNING&idPrefix=" + before.getLast()).is(200).json()
              .path("items").isEmpty();
          List<String> seen = paged(hodei, "/v1/jobs?limit=7&label=mark%3D" + mark);
          assertEquals(seen.size(), new HashSet<>(seen).size(), "none twice");
          assertTrue(seen.containsAll(before), "each that matched throughout");
          rounds++;
        }
        System.out.println(rounds + " times paged through " + before.size() + " jobs and more");
      } finally {
        done.set(true);
      }
      List<String> all = new ArrayList<>(before);
      all.addAll(later.get());
      all.forEach(id -> hodei.post("/v1/jobs/" + id + "/cancel", ""));
      all.forEach(hodei::ended);
      assertEquals(new TreeSet<>(all), new TreeSet<>(paged(hodei, "/v1/jobs?limit=1000&label=mark%3D" + mark)));
    }
  }

  // proves: contract:http-list-jobs
  @Test
  void aCursorOutlivesJobApiAndIsGoodForItsOwnListOnly() {
    try (Installation hodei = Installation.start(true); JobRows rows = new JobRows(hodei)) {
      rows.put(0, ROWS, "SUCCEEDED", "old");
      Set<String> wanted = new TreeSet<>();
      for (int i = 0; i < ROWS; i++) {
        wanted.add(rows.id(i));
      }
      Await.whenTrue("the last row", Duration.ofSeconds(60), () -> hodei.get("/v1/jobs/" + rows.id(ROWS - 1)).status() == 200);
      assertEquals(wanted, new TreeSet<>(paged(hodei, "/v1/jobs?limit=1000&state=SUCCEEDED")));
      assertEquals(List.of(rows.id(12_345)), paged(hodei, "/v1/jobs?label=part%3D12345&label=mark%3Dold"));
      assertEquals(List.of(rows.id(77)), paged(hodei, "/v1/jobs?idPrefix=" + rows.id(77)));
      assertEquals(10, paged(hodei, "/v1/jobs?limit=3&correlationId=run-5").size());
      assertEquals(20, paged(hodei, "/v1/jobs?limit=3&tenant=tenant-5&pool=default&state=SUCCEEDED&state=FAILED").size());
      JsonNode first = hodei.get("/v1/jobs?limit=900").is(200).json();
      String cursor = first.path("nextCursor").asText();
      assertEquals(400, hodei.get("/v1/jobs?limit=900&state=SUCCEEDED&cursor=" + cursor).status(), "other conditions");
      assertEquals(400, hodei.get("/v1/dead-letters?cursor=" + cursor).status(), "another list");
      assertEquals(400, hodei.get("/v1/jobs?cursor=" + (cursor.charAt(9) == 'A' ? "B" : "A") + cursor.substring(1)).status(), "forged");

      ProcessTable.signal("KILL", hodei.pidOf("job-api"));
      Process again = hodei.serve("job-api");
      try {
        Await.whenTrue("job-api", Duration.ofSeconds(120), () -> hodei.ready("api"));
        List<String> seen = new ArrayList<>(ids(first));
        seen.addAll(paged(hodei, "/v1/jobs?limit=900", cursor));
        assertEquals(ROWS, seen.size());
        assertEquals(wanted, new TreeSet<>(seen));
      } finally {
        again.destroy();
      }
    }
  }

  // proves: contract:http-get-job
  @Test
  void twoHundredWaitForTheirJobsAtOnce() throws Exception {
    Installation hodei = Shared.installation();
    List<String> jobs = batch(hodei, "waited-" + UUID.randomUUID(), 200);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers = new ArrayList<>();
      for (String job : jobs) {
        answers.add(callers.submit(() -> hodei.get("/v1/jobs/" + job + "?wait=terminal&timeout=60s")));
      }
      long began = System.nanoTime();
      while (hodei.get("/v1/jobs?limit=1").status() == 200 && System.nanoTime() - began < Duration.ofSeconds(1).toNanos()) {
        // Others are served while two hundred wait.
      }
      jobs.forEach(job -> hodei.post("/v1/jobs/" + job + "/cancel", ""));
      for (Future<Answer> answer : answers) {
        String state = answer.get().is(200).json().path("state").asText();
        assertTrue(List.of("SUCCEEDED", "CANCELLED").contains(state), state);
      }
    }
    HttpRequest.Builder bad = HttpRequest.newBuilder(URI.create(hodei.url("api") + "/v1/jobs/" + jobs.getFirst() + "?wait=terminal&timeout=61s")).GET();
    assertEquals(400, hodei.send(bad).status());
  }

  private static List<String> batch(Installation hodei, String mark, int count) {
    String job = "{\"command\":[\"sleep\",\"0.2\"],\"labels\":{\"mark\":\"" + mark + "\"}}";
    String body = "[" + String.join(",", java.util.Collections.nCopies(count, job)) + "]";
    return ids(hodei.post("/v1/jobs", body).is(202).json());
  }

  private static List<String> paged(Installation hodei, String list) {
    return paged(hodei, list, null);
  }

  private static List<String> paged(Installation hodei, String list, String from) {
    List<String> seen = new ArrayList<>();
    String cursor = from;
    do {
      JsonNode page = hodei.get(list + (cursor == null ? "" : "&cursor=" + cursor)).is(200).json();
      seen.addAll(ids(page));
      cursor = page.path("nextCursor").isTextual() ? page.path("nextCursor").asText() : null;
    } while (cursor != null);
    return seen;
  }

  private static List<String> ids(JsonNode page) {
    List<String> ids = new ArrayList<>();
    page.path("items").forEach(job -> ids.add(job.path("id").asText()));
    return ids;
  }
}
