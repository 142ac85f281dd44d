package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.testkit.Answer;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import io.hodei.testkit.ProcessTable;
import io.hodei.testkit.Topics;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The HTTP contract on the running system, call by call.
@ResourceLock(Shared.WHOLE)
class HttpST {
  private final Installation hodei = Shared.installation();

  // proves: contract:http-post-jobs, contract:http-get-job
  @Test
  void anAcceptedJobIsThereAtOnce() {
    Answer accepted = hodei.post("/v1/jobs", Jobs.sh("true"), "X-Correlation-Id", "call-1").is(202);
    String id = accepted.json().path("id").asText();
    assertTrue(accepted.headers().firstValue("Location").orElse("").endsWith("/v1/jobs/" + id));
    assertEquals("call-1", accepted.headers().firstValue("X-Correlation-Id").orElse(""));
    assertEquals(200, hodei.get("/v1/jobs/" + id).status());
    JsonNode job = hodei.get("/v1/jobs/" + id + "?wait=terminal&timeout=30s").is(200).json();
    assertEquals("SUCCEEDED", job.path("state").asText());
    assertEquals("call-1", job.path("correlationId").asText());
    assertEquals(0, job.path("exitCode").asInt());
  }

  // proves: contract:http-list-jobs
  @Test
  void jobsAreListedByFilterAndPage() {
    String mark = UUID.randomUUID().toString();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(hodei.submit("{\"command\":[\"true\"],\"labels\":{\"mark\":\"" + mark + "\"}}"));
    }
    ids.forEach(hodei::ended);
    List<String> found = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = hodei.get("/v1/jobs?limit=2&state=SUCCEEDED&label=mark%3D" + mark + cursor).is(200).json();
      page.path("items").forEach(job -> found.add(job.path("id").asText()));
      cursor = page.path("nextCursor").isTextual() ? "&cursor=" + page.path("nextCursor").asText() : "";
    } while (!cursor.isEmpty());
    assertEquals(ids.reversed(), found, "newest first, each once");
    assertEquals(400, hodei.get("/v1/jobs?colour=red").status());
  }

  // proves: contract:http-retry, seed:retry-policies
  @Test
  void aRetryIsANewJob() {
    String first = hodei.submit(Jobs.sh("exit 4"));
    assertEquals("FAILED", hodei.ended(first).path("state").asText());
    JsonNode again = hodei.post("/v1/jobs/" + first + "/retry", "").is(202).json();
    assertEquals(first, again.path("retryOf").asText());
    assertEquals(4, hodei.ended(again.path("id").asText()).path("exitCode").asInt());
    String open = hodei.submit(Jobs.sh("sleep 20"));
    assertEquals(409, hodei.post("/v1/jobs/" + open + "/retry", "").status());
    hodei.post("/v1/jobs/" + open + "/cancel", "").is(202);
  }

  // proves: seed:retry-policies, invariant:I3
  @Test
  void attemptsFollowThePolicyAndNoFurther() {
    String job = hodei.submit(Jobs.command("\"retry\":{\"maxAttempts\":3,\"backoff\":\"10ms\",\"onExitCodes\":[9]}", "sh", "-c", "echo $HODEI_ATTEMPT; exit 9"));
    JsonNode ended = hodei.ended(job);
    assertEquals(3, ended.path("attempt").asInt());
    assertEquals("FAILED", ended.path("state").asText());
    assertEquals("1\n2\n3\n", hodei.get("/v1/jobs/" + job + "/logs").body());
    assertEquals("2\n", hodei.get("/v1/jobs/" + job + "/logs?attempt=2").body());
  }

  // proves: contract:http-logs, contract:topic-job-logs, invariant:I12, promise:6, seed:gap-logs
  @Test
  void logsAreNumberedCompleteAndSearchable() {
    String job = hodei.submit(Jobs.sh("echo one; echo two >&2; printf three; printf '\\377' >&2"));
    hodei.ended(job);
    List<JsonNode> lines = new ArrayList<>();
    hodei.get("/v1/jobs/" + job + "/logs?format=json").is(200).body().lines().forEach(line -> lines.add(new Answer(200, none(), line).json()));
    JsonNode end = lines.removeLast();
    assertTrue(end.path("end").asBoolean() && end.path("complete").asBoolean() && end.path("missing").isEmpty(), end.toString());
    assertEquals(lines.size(), end.path("lines").asInt());
    for (int i = 0; i < lines.size(); i++) {
      assertEquals(i + 1, lines.get(i).path("seq").asInt());
    }
    assertTrue(lines.stream().anyMatch(line -> line.path("text").asText().equals("three") && line.path("partial").asBoolean()));
    assertTrue(lines.stream().anyMatch(line -> line.has("bytes")), "invalid UTF-8 comes as bytes");
    assertEquals("one\nthree", hodei.get("/v1/jobs/" + job + "/logs?stream=stdout").body());
    assertEquals("two\n", hodei.get("/v1/jobs/" + job + "/logs?search=two").body());
    assertEquals(404, hodei.get("/v1/jobs/nobody/logs").status());
  }

  private static java.net.http.HttpHeaders none() {
    return java.net.http.HttpHeaders.of(java.util.Map.of(), (name, value) -> true);
  }

  // proves: contract:http-events, contract:topic-job-events, seed:events, invariant:I4
  @Test
  void theTimelineIsTheJobsEvents() {
    String job = hodei.submit(Jobs.sh("true"));
    hodei.ended(job);
    List<String> types = new ArrayList<>();
    hodei.get("/v1/jobs/" + job + "/events").is(200).json().path("items").forEach(event -> types.add(event.path("type").asText()));
    assertEquals(List.of("JobSubmitted", "JobQueued", "JobScheduled", "JobAssigned", "JobStarted", "JobAttemptEnded", "JobCompleted"), types);
  }

  // proves: contract:http-why, promise:5, seed:gap-deadlines, contract:metric-queue-depth, invariant:I5
  @Test
  void whyTellsWhatAJobWaitsForAndUntilWhen() {
    List<String> busy = new ArrayList<>();
    int slots = hodei.get("/v1/pools/default").is(200).json().path("maxWorkers").asInt();
    for (int i = 0; i < slots + 3; i++) {
      busy.add(hodei.submit(Jobs.sh("sleep 120")));
    }
    try {
      String last = busy.getLast();
      JsonNode why = Await.until("the last to wait for a slot", Duration.ofSeconds(90), () -> {
        JsonNode found = hodei.get("/v1/jobs/" + last + "/why").is(200).json();
        return found.path("waitingFor").asText().equals("slot") ? found : null;
      });
      assertEquals("PENDING", why.path("state").asText());
      assertEquals(3, why.path("queuePosition").asInt(), why.toString());
      assertEquals(2, why.path("ahead").asInt());
      assertTrue(why.path("deadline").isTextual() && why.path("suggestedAction").isTextual(), why.toString());
      Await.whenTrue("the queue's depth to be a metric", Duration.ofSeconds(20), () -> hodei.send(HttpRequest.newBuilder(
          URI.create(hodei.url("gateway") + "/metrics")).GET()).body().contains("hodei_queue_depth{pool=\"default\",tenant=\"default\"} 3.0"));
      JsonNode running = hodei.get("/v1/jobs/" + busy.getFirst() + "/why").is(200).json();
      assertTrue(running.path("deadline").isTextual(), running.toString());
      assertTrue(hodei.get("/v1/workers/stats").json().path("byState").path("BUSY").asInt() <= slots);
    } finally {
      busy.forEach(job -> hodei.post("/v1/jobs/" + job + "/cancel", ""));
      busy.forEach(hodei::ended);
    }
  }

  // proves: contract:http-workers, seed:registry, contract:infrastructure-marks
  @Test
  void workersAreFoundFilteredAndCounted() {
    String job = hodei.submit(Jobs.sh("sleep 60"));
    String worker = hodei.inState(job, "RUNNING").path("workerId").asText();
    assertEquals(worker, hodei.get("/v1/workers?jobId=" + job).is(200).json().path("items").path(0).path("id").asText());
    JsonNode found = hodei.worker(worker);
    assertEquals("BUSY", found.path("state").asText());
    assertEquals("process", found.path("provider").asText());
    assertEquals(1, ProcessTable.agentOf(worker).size());
    assertTrue(ProcessTable.agentOf(worker).getFirst().has("HODEI_INSTALLATION_ID", hodei.id()));
    assertTrue(hodei.get("/v1/workers/stats").is(200).json().path("byState").path("BUSY").asInt() >= 1);
    assertEquals(404, hodei.get("/v1/workers/nobody").status());
    hodei.post("/v1/jobs/" + job + "/cancel", "").is(202);
    JsonNode gone = hodei.gone(worker);
    assertEquals("immediate", gone.path("destroyedBy").asText());
    assertTrue(gone.path("finishedToDestroyedMs").isNumber());
  }

  // proves: contract:http-workers-drain-destroy
  @Test
  void aWorkerIsDrainedOrDestroyedByHand() {
    String drained = hodei.submit(Jobs.sh("sleep 5"));
    String first = hodei.inState(drained, "RUNNING").path("workerId").asText();
    hodei.post("/v1/workers/" + first + "/drain", "").is(202);
    Await.whenTrue("it to drain", Duration.ofSeconds(10), () -> hodei.worker(first).path("state").asText().equals("DRAINING"));
    assertEquals("SUCCEEDED", hodei.ended(drained).path("state").asText(), "draining lets the job end");
    String destroyed = hodei.submit(Jobs.sh("sleep 300"));
    String second = hodei.inState(destroyed, "RUNNING").path("workerId").asText();
    hodei.post("/v1/workers/" + second + "/destroy", "", "X-Actor", "bob").is(202);
    JsonNode ended = hodei.ended(destroyed);
    assertEquals("WORKER_LOST", ended.path("reason").asText());
    assertTrue(ended.path("message").asText().contains("bob"), ended.toString());
    assertEquals("manual", hodei.gone(second).path("destroyedBy").asText());
  }

  // proves: contract:http-audit, promise:8, seed:gap-correlation, seed:audit-row
  @Test
  void auditIsAskedThroughTheApi() {
    String job = hodei.submit("{\"command\":[\"true\"],\"actor\":\"carol\"}");
    hodei.ended(job);
    JsonNode events = Await.until("the job's audit", Duration.ofSeconds(30), () -> {
      JsonNode found = hodei.get("/v1/audit/events?jobId=" + job + "&limit=100").is(200).json().path("items");
      return found.size() >= 14 ? found : null;
    });
    String correlation = events.path(0).path("correlationId").asText();
    events.forEach(event -> assertEquals(correlation, event.path("correlationId").asText(), event.toString()));
    assertTrue(hodei.get("/v1/audit/events?actor=carol&type=JobSubmitted").json().path("items").size() >= 1);
    assertEquals(400, hodei.get("/v1/audit/events?colour=red").status());
  }

  // proves: contract:http-gc-runs, seed:scenario-forced-gc, contract:topic-gc-events, seed:clean-up-gc
  @Test
  void aCycleIsForcedAndItsCountsAreTheEvents() {
    String busy = hodei.submit(Jobs.sh("sleep 20"));
    hodei.inState(busy, "RUNNING");
    JsonNode cycle = hodei.post("/v1/gc/runs", "").is(200).json();
    assertEquals(0, cycle.path("errors").asInt(), cycle.toString());
    assertTrue(cycle.path("matched").asInt() >= 1, cycle.toString());
    Topics topics = Topics.of(hodei);
    assertTrue(topics.records("hodei.gc-events").stream().anyMatch(event -> Topics.text(event, "type").equals("GarbageCollectionCompleted")
        && Topics.text(event, "cycleId").equals(cycle.path("cycleId").asText())
        && Topics.text(event, "inventory").equals(cycle.path("inventory").asText())));
    hodei.post("/v1/jobs/" + busy + "/cancel", "").is(202);
  }

  // proves: contract:http-cleanup, seed:kpis, seed:metrics
  @Test
  void theBoardHasEveryFigure() {
    hodei.gone(hodei.ended(hodei.submit(Jobs.sh("true"))).path("workerId").asText());
    JsonNode board = hodei.get("/v1/cleanup").is(200).json();
    for (String field : List.of("immediate", "gc", "self", "manual", "failed")) {
      assertTrue(board.path("destroyed").path(field).isNumber(), field);
    }
    assertTrue(board.path("immediateRatio").isNumber());
    for (String field : List.of("p50", "p95", "p99")) {
      assertTrue(board.path("latencyMs").path(field).isNumber(), field);
    }
    assertTrue(board.path("orphans").isNumber() && board.path("pendingDestroy").isNumber() && board.path("destroyedPerMinute").isNumber());
  }

  // proves: contract:http-openapi
  @Test
  void openApiIsServed() {
    JsonNode document = hodei.get("/openapi").is(200).json();
    assertTrue(document.path("openapi").asText().startsWith("3."));
    assertTrue(document.path("paths").has("/v1/jobs/{id}/why"));
  }

  // proves: seed:policy-graceful, seed:scenario-cancel, invariant:I9
  @Test
  void aCancelledJobIsAskedBeforeItIsKilled() {
    String job = hodei.submit(Jobs.sh("trap 'echo asked; exit 0' TERM; echo ready; while :; do sleep 0.05; done"));
    Await.whenTrue("it to be ready", Duration.ofSeconds(30), () -> hodei.get("/v1/jobs/" + job + "/logs").body().contains("ready"));
    hodei.post("/v1/jobs/" + job + "/cancel", "").is(202);
    assertEquals("CANCELLED", hodei.ended(job).path("state").asText());
    assertEquals("ready\nasked\n", hodei.get("/v1/jobs/" + job + "/logs?stream=stdout").body());
  }

  // proves: contract:grpc-worker-gateway
  @Test
  void nobodyTakesAnAgentsPlaceWithoutItsToken() throws Exception {
    String job = hodei.submit(Jobs.sh("sleep 30"));
    String worker = hodei.inState(job, "RUNNING").path("workerId").asText();
    assertTrue(ProcessTable.agentOf(worker).stream().noneMatch(agent -> agent.environment().stream().anyMatch(each -> each.toLowerCase().contains("token"))
        || agent.commandLine().toLowerCase().contains("token")), "the token is in no argument and no environment");
    try (var files = java.nio.file.Files.walk(hodei.data().resolve("workers").resolve(worker))) {
      assertEquals(List.of(), files.filter(file -> file.getFileName().toString().endsWith(".conf")).toList(), "its file is gone");
    }
    hodei.post("/v1/jobs/" + job + "/cancel", "").is(202);
  }
}
