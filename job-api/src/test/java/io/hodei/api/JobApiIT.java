package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hodei.kit.Json;
import io.hodei.kit.Settings;
import io.hodei.schemas.Job;
import io.hodei.schemas.JobEvent;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// job-api over HTTP with a real broker; a stand-in writes what the dispatcher would.
@Timeout(120)
class JobApiIT {
  @TempDir
  static Path directory;

  private static Backends backends;
  private static StandInDispatcher dispatcher;
  private static Settings settings;
  private static JobApiService service;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    backends = new Backends(directory);
    settings = Settings.of(Map.of("hodei.kafka.bootstrap-servers", backends.bootstrap(), "hodei.registry.url", backends.registryUrl(),
        "hodei.api.port", "0", "hodei.audit.url", "http://127.0.0.1:" + Backends.freePort(), "hodei.gc.url", "http://127.0.0.1:" + Backends.freePort()));
    service = JobApiService.start(settings);
    HttpResponse<String> early = get("/v1/jobs");
    assertEquals(503, early.statusCode());
    assertTrue(early.headers().firstValue("Retry-After").isPresent());
    dispatcher = new StandInDispatcher(settings);
    dispatcher.pool();
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (get("/health/ready").statusCode() != 200) {
      assertTrue(System.nanoTime() < deadline, () -> "not ready: " + silently("/health/ready"));
      Thread.sleep(50);
    }
  }

  @AfterAll
  static void stop() {
    service.close();
    dispatcher.close();
    backends.close();
  }

  @Test
  void anAcceptedJobIsReadableAtOnce() throws Exception {
    HttpResponse<String> answer = post("/v1/jobs", "{\"command\":[\"echo\",\"hi\"],\"labels\":{\"t\":\"1\"},\"timeout\":\"90s\"}", "X-Correlation-Id", "corr-7");

    assertEquals(202, answer.statusCode(), answer.body());
    assertEquals("corr-7", answer.headers().firstValue("X-Correlation-Id").orElseThrow());
    JsonNode job = Json.MAPPER.readTree(answer.body());
    assertEquals("PENDING", job.get("state").asText());
    assertEquals("corr-7", job.get("correlationId").asText());
    String location = answer.headers().firstValue("Location").orElseThrow();
    assertEquals("/v1/jobs/" + job.get("id").asText(), location);
    assertEquals(job, json(get(location)));
    assertEquals(job, json(get("/v1/jobs?label=t=1&correlationId=corr-7")).get("items").get(0));
    assertEquals("dispatcher", json(get(location + "/why")).get("waitingFor").asText());
  }

  @Test
  void manyCallersWithOneKeyGetOneJob() throws Exception {
    Set<String> ids = new HashSet<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<HttpResponse<String>>> calls = new java.util.ArrayList<>();
      for (int i = 0; i < 20; i++) {
        calls.add(() -> post("/v1/jobs", "{\"command\":[\"once\"]}", "Idempotency-Key", "key-1"));
      }
      for (Future<HttpResponse<String>> call : threads.invokeAll(calls)) {
        assertEquals(202, call.get().statusCode(), call.get().body());
        ids.add(json(call.get()).get("id").asText());
      }
    }
    assertEquals(1, ids.size(), ids.toString());
    HttpResponse<String> other = post("/v1/jobs", "{\"command\":[\"twice\"]}", "Idempotency-Key", "key-1");
    assertEquals(409, other.statusCode());
    assertEquals("urn:hodei:problem:conflict", json(other).get("type").asText());
  }

  @Test
  void anArrayIsAcceptedAsAWholeAndItsRepetitionIsTheSame() throws Exception {
    String body = "[" + "{\"command\":[\"a\"]},".repeat(999) + "{\"id\":\"array-last\",\"command\":[\"b\"]}]";

    HttpResponse<String> answer = post("/v1/jobs", body, "Idempotency-Key", "array");
    assertEquals(202, answer.statusCode(), answer.body());
    assertEquals(1000, json(answer).get("items").size());
    assertEquals("array/7", json(answer).get("items").get(7).get("idempotencyKey").asText());
    assertEquals(json(answer), json(post("/v1/jobs", body, "Idempotency-Key", "array")));

    HttpResponse<String> refused = post("/v1/jobs", "[{\"id\":\"fine\",\"command\":[\"a\"]},{\"command\":[\"a\"],\"nope\":1}]");
    assertEquals(422, refused.statusCode());
    assertEquals(1, json(refused).get("errors").get(0).get("index").asInt());
    assertEquals(404, get("/v1/jobs/fine").statusCode());
  }

  @Test
  void cancelAnswersWhenTheRequestIsRecorded() throws Exception {
    dispatcher.write(row("to-cancel", "PENDING").build());
    await("/v1/jobs/to-cancel");

    assertEquals("CANCELLED", json(post("/v1/jobs/to-cancel/cancel", "{\"actor\":\"bo\"}")).get("state").asText());
    assertEquals(202, post("/v1/jobs/to-cancel/cancel", "").statusCode());
    dispatcher.write(row("done", "SUCCEEDED").setFinishedAt(Instant.now()).build());
    await("/v1/jobs/done");
    assertEquals(409, post("/v1/jobs/done/cancel", "{}").statusCode());
    assertEquals(404, post("/v1/jobs/none/cancel", "{}").statusCode());
  }

  @Test
  void retryMakesANewJobOfAnEndedOne() throws Exception {
    dispatcher.write(row("failed", "FAILED").setFinishedAt(Instant.now()).setEnv(Map.of("A", "1")).setTimeoutMs(1500L).build());
    dispatcher.write(row("open", "RUNNING").build());
    await("/v1/jobs/open");

    JsonNode again = json(post("/v1/jobs/failed/retry", "{}"));
    assertEquals("failed", again.get("retryOf").asText());
    assertEquals("1500ms", again.get("timeout").asText());
    assertEquals("1", again.get("env").get("A").asText());
    assertNotEquals("failed", again.get("id").asText());
    assertEquals(409, post("/v1/jobs/open/retry", "{}").statusCode());
  }

  @Test
  void waitingEndsWithTheJob() throws Exception {
    dispatcher.write(row("waited", "RUNNING").build());
    await("/v1/jobs/waited");
    assertEquals("RUNNING", json(get("/v1/jobs/waited?wait=terminal&timeout=100ms")).get("state").asText());
    Thread end = Thread.ofVirtual().start(() -> dispatcher.write(row("waited", "SUCCEEDED").setFinishedAt(Instant.now()).build()));
    assertEquals("SUCCEEDED", json(get("/v1/jobs/waited?wait=terminal&timeout=30s")).get("state").asText());
    end.join();
  }

  @Test
  void aFollowerSeesLinesWhenTheyAreWritten() throws Exception {
    dispatcher.write(row("followed", "PENDING").build());
    await("/v1/jobs/followed");
    var follower = CLIENT.sendAsync(request("/v1/jobs/followed/logs?follow=true&format=json").build(), HttpResponse.BodyHandlers.ofInputStream());
    assertEquals(200, follower.get().statusCode());
    Job.Builder running = row("followed", "RUNNING").setAttempt(1).setAssignedAt(Instant.now()).setStartedAt(Instant.now());
    dispatcher.write(running.build());
    var first = dispatcher.lines("followed", 1, 1, false);
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(follower.get().body(), StandardCharsets.UTF_8))) {
      assertEquals(1, Json.MAPPER.readTree(lines.readLine()).get("seq").asInt());
      long worst = 0;
      for (int seq = 2; seq <= 20; seq++) {
        dispatcher.lines("followed", seq, seq, false);
        long start = System.nanoTime();
        assertEquals(seq, Json.MAPPER.readTree(lines.readLine()).get("seq").asInt());
        worst = Math.max(worst, (System.nanoTime() - start) / 1_000_000);
      }
      System.out.println("follow: worst of 19 lines seen " + worst + " ms after Kafka had it");
      assertTrue(worst < 500, "a line took " + worst + " ms");
      var last = dispatcher.lines("followed", 21, 21, true);
      dispatcher.write(running.setState("SUCCEEDED").setFinishedAt(Instant.now()).setLogRef(List.of(StandInDispatcher.ref(first, last, 21))).build());
      assertEquals(21, Json.MAPPER.readTree(lines.readLine()).get("seq").asInt());
      assertEquals("{\"end\":true,\"lines\":21,\"complete\":true,\"missing\":[]}", lines.readLine());
      assertEquals(null, lines.readLine());
    }
  }

  @Test
  void aLogOfOneHundredMegabytesTakesSeconds() throws Exception {
    var first = dispatcher.lines("big", 1, 5000, false);
    var last = first;
    for (int i = 1; i < 200; i++) {
      last = dispatcher.lines("big", i * 5000L + 1, (i + 1) * 5000L, i == 199);
    }
    dispatcher.write(row("big", "SUCCEEDED").setAttempt(1).setFinishedAt(Instant.now())
        .setLogRef(List.of(StandInDispatcher.ref(first, last, 1_000_000))).build());
    await("/v1/jobs/big");
    for (String format : List.of("text", "json")) {
      long start = System.nanoTime();
      var body = CLIENT.send(request("/v1/jobs/big/logs?format=" + format).build(), HttpResponse.BodyHandlers.ofByteArray()).body();
      long millis = (System.nanoTime() - start) / 1_000_000;
      System.out.println("log of 100 MB as " + format + ": " + body.length + " bytes in " + millis + " ms");
      if (format.equals("text")) {
        assertEquals(100_000_000, body.length);
      }
      assertTrue(millis < 30_000, millis + " ms");
    }
    String page = get("/v1/jobs/big/logs?format=json&from=999999&limit=5").body();
    assertEquals(3, page.lines().count(), page);
  }

  @Test
  void serverSentEventsCarryTheJsonLines() throws Exception {
    var place = dispatcher.lines("sse", 1, 1, true);
    dispatcher.write(row("sse", "SUCCEEDED").setAttempt(1).setFinishedAt(Instant.now()).setLogRef(List.of(StandInDispatcher.ref(place, place, 1))).build());
    await("/v1/jobs/sse");
    HttpResponse<String> answer = CLIENT.send(request("/v1/jobs/sse/logs").header("Accept", "text/event-stream").build(),
        HttpResponse.BodyHandlers.ofString());
    assertEquals("text/event-stream", answer.headers().firstValue("Content-Type").orElseThrow());
    assertTrue(answer.body().startsWith("data: {\"seq\":1") && answer.body().endsWith("\"missing\":[]}\n\n"), answer.body());
  }

  @Test
  void eventsAreFlat() throws Exception {
    dispatcher.event(event("JobSubmitted", "timeline", 1));
    dispatcher.event(event("JobSubmitted", "other", 1));
    dispatcher.event(event("JobCompleted", "timeline", 2));
    dispatcher.write(row("timeline", "SUCCEEDED").setFinishedAt(Instant.now()).setSequence(2).build());
    await("/v1/jobs/timeline");
    JsonNode items = json(get("/v1/jobs/timeline/events")).get("items");
    assertEquals(2, items.size());
    assertEquals("JobCompleted", items.get(1).get("type").asText());
    assertTrue(items.get(1).get("occurredAt").asText().endsWith("Z"));
  }

  @Test
  void workersPoolsAndCleanUpAreShown() throws Exception {
    dispatcher.worker(Given.worker("w-1", "BUSY").setJobId("j-1").setTokenHash("secret").build());
    await("/v1/workers/w-1");
    assertEquals(1, json(get("/v1/workers?jobId=j-1&state=BUSY")).get("items").size());
    assertEquals(0, json(get("/v1/workers?jobId=j-1&acceptsJobs=true")).get("items").size());
    assertTrue(!get("/v1/workers/w-1").body().contains("secret"));
    assertEquals(1, json(get("/v1/workers/stats")).get("byState").get("BUSY").asInt());
    assertEquals(202, post("/v1/workers/w-1/destroy", "{}").statusCode());
    assertEquals(202, post("/v1/workers/w-1/drain", "").statusCode());
    assertEquals(404, post("/v1/workers/w-2/destroy", "{}").statusCode());
    assertEquals("24h", json(get("/v1/pools/default")).get("policy").get("maxJobTimeout").asText());
    assertEquals(0, json(get("/v1/cleanup")).get("orphans").asInt());
  }

  @Test
  void aWorkerThatIsGoneCanBeNeitherDrainedNorDestroyed() throws Exception {
    // Those that ended a day ago are no longer listed.
    Instant ended = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    dispatcher.worker(Given.worker("w-gone", "TERMINATED").setTerminatedAt(ended).build());
    dispatcher.worker(Given.worker("w-going", "TERMINATING").build());
    await("/v1/workers/w-gone");
    await("/v1/workers/w-going");
    for (String verb : List.of("drain", "destroy")) {
      HttpResponse<String> answer = post("/v1/workers/w-gone/" + verb, "{}");
      refused(409, verb, answer);
      assertEquals("Expected a worker that is still there, but w-gone is TERMINATED since " + ended.toString().replace("Z", ".000Z") + "; it is gone, so there is"
          + " nothing to drain or destroy.", json(answer).get("detail").asText());
      assertEquals(202, post("/v1/workers/w-going/" + verb, "{}").statusCode());
    }
  }

  @Test
  void aServiceThatIsDownIsToldHowToBringItBack() throws Exception {
    assertTrue(get("/v1/audit/events").body().contains("bring it back: ./hodei serve audit-service --config DIR/hodei.yaml (or ./hodei up)."));
    String gc = post("/v1/gc/runs", "{}").body();
    assertTrue(gc.contains("bring it back: ./hodei serve gc-service --config DIR/hodei.yaml (or ./hodei up).") && !gc.contains("null"), gc);
  }

  @Test
  void aBodyThatIsNoObjectIsNamed() throws Exception {
    assertEquals("Expected valid requests, but found 1 error; the first, in item 0: Expected a job request, which is a JSON object, but found"
        + " the number 1.", json(post("/v1/jobs", "[1]")).get("detail").asText());
    HttpResponse<String> text = post("/v1/jobs", "\"x\"");
    refused(422, "text", text);
    assertTrue(text.body().contains("the first: Expected a job request, which is a JSON object, but found the text \\\"x\\\"."), text.body());
    refused(422, "null", post("/v1/jobs", "null"));
    refused(422, "cancel", post("/v1/jobs/none/cancel", "[]"));
  }

  // proves: contract:http-flags
  @Test
  void aFlagIsChangedWhenTheDispatcherHasAppliedIt() throws Exception {
    assertEquals(200, put("/v1/flags", "{\"hodei.lifecycle.enabled\":true,\"hodei.lifecycle.immediate-cleanup\":false,\"hodei.lifecycle.immediate-cleanup-percent\":100}").statusCode());
    HttpResponse<String> changed = put("/v1/flags", "{\"hodei.lifecycle.immediate-cleanup\":true,\"hodei.lifecycle.immediate-cleanup-percent\":10}");
    assertEquals(200, changed.statusCode(), changed.body());
    String all = "{\"hodei.lifecycle.enabled\":true,\"hodei.lifecycle.immediate-cleanup\":true,\"hodei.lifecycle.immediate-cleanup-percent\":10}";
    assertEquals(Json.MAPPER.readTree(all), Json.MAPPER.readTree(changed.body()));
    assertEquals(Json.MAPPER.readTree(all), Json.MAPPER.readTree(get("/v1/flags").body()));

    HttpResponse<String> wrong = put("/v1/flags", "{\"hodei.lifecycle.enabled\":false,\"hodei.lifecycle.enbled\":1,\"hodei.lifecycle.immediate-cleanup-percent\":10.5}");
    assertEquals(422, wrong.statusCode());
    assertEquals(2, Json.MAPPER.readTree(wrong.body()).get("errors").size(), wrong.body());
    assertEquals(Json.MAPPER.readTree(all), Json.MAPPER.readTree(get("/v1/flags").body()), "all or nothing");

    dispatcher.deaf = true;
    try {
      long start = System.nanoTime();
      HttpResponse<String> unknown = put("/v1/flags", "{\"hodei.lifecycle.enabled\":true}");
      assertEquals(503, unknown.statusCode());
      assertTrue(unknown.headers().firstValue("Retry-After").isPresent());
      assertTrue(Duration.ofNanos(System.nanoTime() - start).toSeconds() < 15, "it answers after 5 s");
    } finally {
      dispatcher.deaf = false;
    }
  }

  @Test
  void everyRefusalIsAProblemWithACorrelationId() throws Exception {
    Map<String, Integer> expected = new HashMap<>();
    expected.put("/v1/jobs/none", 404);
    expected.put("/v1/nothing", 404);
    expected.put("/", 404);
    expected.put("/v1/jobs?stat=x", 400);
    expected.put("/v1/jobs?limit=1001", 400);
    expected.put("/v1/jobs?cursor=x", 400);
    expected.put("/v1/dead-letters/none", 400);
    expected.put("/v1/dead-letters/hodei.job-requests-0-1", 404);
    expected.put("/v1/audit/events?type=x", 503);
    expected.put("/v1/gc/runs", 405);
    expected.put("/v1/jobs/none/logs", 404);
    expected.put("/hodei.v1.JobService/GetJob", 404);
    for (var call : expected.entrySet()) {
      refused(call.getValue(), call.getKey(), get(call.getKey()));
    }
    refused(422, "flags", put("/v1/flags", "{}"));
    refused(422, "flags", put("/v1/flags", "{\"hodei.lifecycle.immediate-cleanup-percent\":101}"));
    refused(422, "flags", put("/v1/flags", "{\"hodei.lifecycle.enabled\":\"false\"}"));
    refused(415, "flags", send(request("/v1/flags").header("Content-Type", "text/plain").PUT(HttpRequest.BodyPublishers.ofString("{}"))));
    refused(415, "pools", send(request("/v1/pools/default").PUT(HttpRequest.BodyPublishers.ofString("{}"))));
    refused(422, "pools", put("/v1/pools/-x", "{}"));
    refused(422, "pools", put("/v1/pools/p", "{\"minWarm\":1}"));
    refused(409, "pools", put("/v1/pools/p", "{\"generation\":3}"));
    refused(405, "delete", send(request("/v1/jobs").DELETE()));
    refused(415, "type", send(request("/v1/jobs").header("Content-Type", "text/plain").POST(HttpRequest.BodyPublishers.ofString("{}"))));
    refused(400, "json", post("/v1/jobs", "{\"command\":"));
    refused(422, "pool", post("/v1/jobs", "{\"command\":[\"a\"],\"pool\":\"nowhere\"}"));
    refused(422, "image", post("/v1/jobs", "{\"command\":[\"a\"],\"image\":\"busybox\"}"));
    refused(413, "large", post("/v1/jobs", "{\"script\":\"" + "x".repeat(300_000) + "\"}"));
    refused(413, "body", post("/v1/jobs", "[\"" + "x".repeat(9_000_000) + "\"]"));
    refused(503, "gc", post("/v1/gc/runs", "{}"));
    refused(403, "origin", send(request("/v1/jobs").header("Origin", "http://evil.example").GET()));
    refused(400, "correlation", send(request("/v1/jobs").header("X-Correlation-Id", "a b").GET()));
    assertEquals(200, get("/openapi").statusCode());
    assertTrue(get("/metrics").body().contains("hodei_http_requests_seconds_count{method=\"GET\",route=\"/v1/jobs/{id}/logs\",status=\"404\"}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ffffffff", "ZZZ", "7FFFFFFFFFFFFFFF", "-5"})
  void aBodyThatBreaksOffInTheMiddleOfAChunkIsAnsweredAtOnce(String size) throws Exception {
    String answer = raw("POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nX-Correlation-Id: call-5\r\nContent-Type: application/json\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n" + size + "\r\n{}\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 400") && answer.contains("urn:hodei:problem:syntax") && answer.contains("call-5"), answer);
  }

  @Test
  void aForeignHostIsRefused() throws Exception {
    String answer = raw("GET /v1/jobs HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assertTrue(answer.startsWith("HTTP/1.1 403") && answer.contains("foreign-host") && answer.contains("X-Correlation-Id"), answer);
  }

  private static String raw(String request) throws Exception {
    try (var socket = new java.net.Socket("127.0.0.1", service.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void refused(int status, String what, HttpResponse<String> answer) throws Exception {
    assertEquals(status, answer.statusCode(), what + ": " + answer.body());
    assertEquals("application/problem+json", answer.headers().firstValue("Content-Type").orElse(""), what);
    assertTrue(json(answer).get("type").asText().startsWith("urn:hodei:problem:"), what);
    assertNotNull(answer.headers().firstValue("X-Correlation-Id").orElse(null), what);
    assertEquals(status == 503, answer.headers().firstValue("Retry-After").isPresent(), what);
  }

  private static Job.Builder row(String id, String state) {
    return Given.job(id, state).setSubmittedAt(Instant.now()).setQueuedAt(Instant.now()).setSource("hodei.job-requests-0-0");
  }

  private static JobEvent event(String type, String jobId, long sequence) {
    return JobEvent.newBuilder().setType(type).setJobId(jobId).setSequence(sequence).setOccurredAt(Instant.now()).setEventId(type + jobId).build();
  }

  private static void await(String path) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (get(path).statusCode() != 200) {
      assertTrue(System.nanoTime() < deadline, path);
      Thread.sleep(10);
    }
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path)).timeout(Duration.ofSeconds(60));
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return send(request(path).GET());
  }

  private static String silently(String path) {
    try {
      return get(path).body();
    } catch (Exception e) {
      return e.toString();
    }
  }

  private static HttpResponse<String> put(String path, String body) throws Exception {
    return send(request(path).header("Content-Type", "application/json").PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request = request(path).POST(HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static JsonNode json(HttpResponse<String> answer) throws Exception {
    return Json.MAPPER.readTree(answer.body());
  }
}
