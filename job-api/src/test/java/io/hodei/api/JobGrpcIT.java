package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import io.hodei.jobs.v1.CancelJobRequest;
import io.hodei.jobs.v1.GetJobRequest;
import io.hodei.jobs.v1.Job;
import io.hodei.jobs.v1.JobRequest;
import io.hodei.jobs.v1.JobState;
import io.hodei.jobs.v1.ListJobsRequest;
import io.hodei.jobs.v1.ListJobsResponse;
import io.hodei.jobs.v1.LogLine;
import io.hodei.jobs.v1.RetryJobRequest;
import io.hodei.jobs.v1.StreamLogsRequest;
import io.hodei.jobs.v1.WatchJobRequest;
import io.hodei.kit.Json;
import io.hodei.kit.Settings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// job-api over gRPC with a real broker, beside HTTP; a stand-in writes what the dispatcher would.
// proves: contract:grpc-job-service
@Timeout(120)
class JobGrpcIT {
  @TempDir
  static Path directory;

  private static Backends backends;
  private static StandInDispatcher dispatcher;
  private static JobApiService service;
  private static GrpcClient client;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    backends = new Backends(directory);
    Settings settings = Settings.of(Map.of("hodei.kafka.bootstrap-servers", backends.bootstrap(), "hodei.registry.url", backends.registryUrl(),
        "hodei.api.port", "0"));
    service = JobApiService.start(settings);
    client = new GrpcClient(service.port());
    StatusRuntimeException early = assertThrows(StatusRuntimeException.class, () -> client.call().getJob(get("x")));
    assertEquals(Status.Code.UNAVAILABLE, early.getStatus().getCode());
    assertEquals("starting", GrpcClient.reason(early).getReason());
    assertTrue(GrpcClient.hasRetry(early));
    assertEquals(ServingStatus.NOT_SERVING, health(""));
    dispatcher = new StandInDispatcher(settings);
    dispatcher.pool();
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (health("hodei.v1.JobService") != ServingStatus.SERVING) {
      assertTrue(System.nanoTime() < deadline, "not ready");
      Thread.sleep(50);
    }
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
    dispatcher.close();
    backends.close();
  }

  @Test
  void anAcceptedJobIsTheOneOfHttp() throws Exception {
    AtomicReference<Metadata> headers = new AtomicReference<>();
    Job job = client.call("x-correlation-id", "call-1", "idempotency-key", "one", "x-actor", "ana")
        .withInterceptors(MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>()))
        .submitJob(JobRequest.newBuilder().addCommand("true").setTimeout("90s").putLabels("a", "1").putEnv("B", "2").build());

    assertEquals(JobState.Value.PENDING, job.getState());
    assertEquals("call-1", headers.get().get(Metadata.Key.of("x-correlation-id", Metadata.ASCII_STRING_MARSHALLER)));
    assertEquals("call-1", job.getCorrelationId());
    assertEquals("one", job.getIdempotencyKey());
    assertEquals("ana", job.getActor());
    assertSame(http("/v1/jobs/" + job.getId()), job);
    assertSame(http("/v1/jobs/" + job.getId()), client.call().getJob(get(job.getId())));

    HttpResponse<String> again = post("{\"command\":[\"true\"],\"timeout\":\"90s\",\"labels\":{\"a\":\"1\"},\"env\":{\"B\":\"2\"},\"correlationId\":\"call-1\"}",
        "Idempotency-Key", "one", "X-Actor", "ana");
    assertEquals(job.getId(), Json.MAPPER.readTree(again.body()).path("id").asText(), again.body());

    ListJobsResponse page = client.call().listJobs(ListJobsRequest.newBuilder().addLabel("a=1").addState(JobState.Value.PENDING).setLimit(1).build());
    assertEquals(List.of(job), page.getItemsList());
    assertFalse(page.hasNextCursor());
  }

  @Test
  void refusalsAreThoseOfHttp() throws Exception {
    dispatcher.write(row("ended", "SUCCEEDED", 5).setFinishedAt(Instant.now()).build());
    dispatcher.write(row("runs", "RUNNING", 5).build());
    until("ended");
    until("runs");
    client.call("idempotency-key", "taken").submitJob(job("a").build());

    refused(Status.Code.ALREADY_EXISTS, "conflict", () -> client.call("idempotency-key", "taken").submitJob(job("b").build()));
    refused(Status.Code.INVALID_ARGUMENT, "invalid", () -> client.call().submitJob(job("a").setPool("nowhere").build()));
    refused(Status.Code.INVALID_ARGUMENT, "invalid", () -> client.call().submitJob(JobRequest.getDefaultInstance()));
    refused(Status.Code.INVALID_ARGUMENT, "invalid", () -> client.call().submitJob(job("a").setImage("busybox").build()));
    refused(Status.Code.INVALID_ARGUMENT, "invalid", () -> client.call().submitJob(job("a").setProviderConfig(
        Struct.newBuilder().putFields("x", Value.newBuilder().setNumberValue(Double.NaN).build())).build()));
    refused(Status.Code.INVALID_ARGUMENT, "invalid", () -> client.call().submitJob(job("a").setUnknownFields(UnknownFieldSet.newBuilder()
        .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(1).build()).build()).build()));
    refused(Status.Code.RESOURCE_EXHAUSTED, "too-large", () -> client.call().submitJob(JobRequest.newBuilder().setScript("x".repeat(300_000)).build()));
    refused(Status.Code.RESOURCE_EXHAUSTED, "too-large", () -> client.call().submitJob(JobRequest.newBuilder().setScript("x".repeat(9_000_000)).build()));
    refused(Status.Code.INVALID_ARGUMENT, "bad-message", () -> GrpcClient.raw(client.channel(), "hodei.v1.JobService/SubmitJob", new byte[] {-1, -1, -1}));
    refused(Status.Code.UNIMPLEMENTED, "not-found", () -> GrpcClient.raw(client.channel(), "hodei.v1.JobService/Nothing", new byte[0]));
    refused(Status.Code.INVALID_ARGUMENT, "bad-header", () -> client.call("idempotency-key", "x".repeat(251)).submitJob(job("a").build()));
    refused(Status.Code.INVALID_ARGUMENT, "bad-header", () -> client.call("x-correlation-id", "a b").getJob(get("ended")));
    refused(Status.Code.INVALID_ARGUMENT, "bad-query", () -> client.call().getJob(get("ended").toBuilder().setWait("never").build()));
    refused(Status.Code.INVALID_ARGUMENT, "bad-query", () -> client.call().listJobs(ListJobsRequest.newBuilder().setLimit(1001).build()));
    refused(Status.Code.INVALID_ARGUMENT, "bad-query", () -> client.call().listJobs(ListJobsRequest.newBuilder().setCursor("x").build()));
    refused(Status.Code.INVALID_ARGUMENT, "invalid", () -> client.call().getJob(GetJobRequest.getDefaultInstance()));
    refused(Status.Code.NOT_FOUND, "not-found", () -> client.call().getJob(get("nobody")));
    refused(Status.Code.NOT_FOUND, "not-found", () -> client.call().watchJob(watch("nobody")).hasNext());
    refused(Status.Code.NOT_FOUND, "not-found", () -> client.call().streamLogs(logs("nobody").build()).hasNext());
    refused(Status.Code.FAILED_PRECONDITION, "conflict", () -> client.call().cancelJob(CancelJobRequest.newBuilder().setId("ended").build()));
    refused(Status.Code.FAILED_PRECONDITION, "conflict", () -> client.call().retryJob(RetryJobRequest.newBuilder().setId("runs").build()));
    refused(Status.Code.NOT_FOUND, "not-found", () -> health("nothing"));
    try (GrpcClient foreign = new GrpcClient(service.port(), "evil.example")) {
      refused(Status.Code.PERMISSION_DENIED, "foreign-host", () -> foreign.call().getJob(get("ended")));
    }
    refused(Status.Code.PERMISSION_DENIED, "foreign-origin", () -> client.call("origin", "http://evil.example").getJob(get("ended")));

    StatusRuntimeException wrong = refused(Status.Code.INVALID_ARGUMENT, "invalid", () -> client.call().submitJob(job("a").setPriority(5000).setTimeout("x").build()));
    JsonNode same = Json.MAPPER.readTree(post("{\"command\":[\"a\"],\"priority\":5000,\"timeout\":\"x\"}").body());
    assertEquals(same.path("detail").asText(), wrong.getStatus().getDescription());
    List<String> fields = new ArrayList<>();
    same.path("errors").forEach(error -> fields.add(error.path("field").asText() + error.path("code").asText() + error.path("message").asText()));
    assertEquals(fields, GrpcClient.fields(wrong).getFieldViolationsList().stream().map(each -> each.getField() + each.getReason() + each.getDescription()).toList());
    StatusRuntimeException many = refused(Status.Code.INVALID_ARGUMENT, "invalid", () -> {
      JobRequest.Builder request = job("a");
      for (int i = 0; i < 60; i++) {
        request.putEnv("1%é" + i, "x");
      }
      client.call().submitJob(request.build());
    });
    assertTrue(GrpcClient.fields(many).getFieldViolationsCount() > 5, "as many as fit");
  }

  @Test
  void cancelAndRetryAreThoseOfHttp() throws Exception {
    dispatcher.write(row("to-cancel", "PENDING", 2).build());
    until("to-cancel");
    Job cancelled = client.call().cancelJob(CancelJobRequest.newBuilder().setId("to-cancel").setActor("bo").build());
    assertEquals(JobState.Value.CANCELLED, cancelled.getState());
    assertEquals("bo", cancelled.getCancelActor());
    assertSame(http("/v1/jobs/to-cancel"), cancelled);
    Job again = client.call("idempotency-key", "retry").retryJob(RetryJobRequest.newBuilder().setId("to-cancel").build());
    assertEquals("to-cancel", again.getRetryOf());
    assertEquals("c", again.getCorrelationId(), "what belongs together stays together");
    assertEquals(again, client.call("idempotency-key", "retry").retryJob(RetryJobRequest.newBuilder().setId("to-cancel").build()));
  }

  @Test
  void aWatcherSeesEveryChangeAndThenTheEnd() throws Exception {
    dispatcher.write(row("watched", "PENDING", 2).build());
    until("watched");
    Iterator<Job> rows = client.call().watchJob(watch("watched"));
    List<JobState.Value> seen = new ArrayList<>(List.of(rows.next().getState()));
    for (String state : List.of("SCHEDULED", "ASSIGNED", "RUNNING", "SUCCEEDED")) {
      dispatcher.write(row("watched", state, 3 + seen.size()).build());
      seen.add(rows.next().getState());
    }
    assertEquals(List.of(JobState.Value.PENDING, JobState.Value.SCHEDULED, JobState.Value.ASSIGNED, JobState.Value.RUNNING, JobState.Value.SUCCEEDED), seen);
    assertFalse(rows.hasNext(), "it ends after the terminal state");
    assertEquals(1, count(client.call().watchJob(watch("watched"))), "of an ended job: as it is");
  }

  @Test
  void logsAreTheJsonLinesOfHttp() throws Exception {
    io.hodei.schemas.Job.Builder running = row("logged", "RUNNING", 4).setAttempt(1).setStartedAt(Instant.now()).setAssignedAt(Instant.now());
    dispatcher.write(running.build());
    until("logged");
    Iterator<LogLine> lines = client.call().streamLogs(logs("logged").setFollow(true).build());
    var first = dispatcher.lines("logged", 1, 1, false);
    List<LogLine> seen = new ArrayList<>(List.of(lines.next()));
    var last = dispatcher.lines("logged", 3, 3, true);
    dispatcher.write(running.setState("SUCCEEDED").setSequence(5).setFinishedAt(Instant.now()).setLogRef(List.of(StandInDispatcher.ref(first, last, 3))).build());
    lines.forEachRemaining(seen::add);
    List<String> http = HTTP.send(request("/v1/jobs/logged/logs?format=json&follow=true").build(), HttpResponse.BodyHandlers.ofString()).body().lines().toList();
    assertEquals(3, seen.size());
    assertTrue(seen.getLast().getEnd() && !seen.getLast().getComplete());
    for (int i = 0; i < seen.size(); i++) {
      assertEquals(Normal.of(Json.MAPPER.readTree(http.get(i))), Normal.of(Json.MAPPER.readTree(JsonFormat.printer().print(seen.get(i)))));
    }
    List<LogLine> page = new ArrayList<>();
    client.call().streamLogs(logs("logged").setStream("stdout").setFrom(2).setLimit(7).setSearch("3").build()).forEachRemaining(page::add);
    assertEquals(3, page.getFirst().getSeq());
    assertEquals(2, page.size());
  }

  static void assertSame(JsonNode http, Job job) throws Exception {
    assertEquals(Normal.of(http), Normal.of(Json.MAPPER.readTree(JsonFormat.printer().print(job))));
  }

  private static StatusRuntimeException refused(Status.Code code, String reason, Executable call) {
    StatusRuntimeException error = assertThrows(StatusRuntimeException.class, call);
    assertEquals(code, error.getStatus().getCode(), error.toString());
    assertEquals(reason, GrpcClient.reason(error).getReason(), error.toString());
    assertEquals("hodei", GrpcClient.reason(error).getDomain());
    Metadata trailers = error.getTrailers();
    assertTrue(trailers != null && trailers.get(Metadata.Key.of("x-correlation-id", Metadata.ASCII_STRING_MARSHALLER)) != null, "a correlation id");
    return error;
  }

  private static ServingStatus health(String of) {
    return HealthGrpc.newBlockingStub(client.channel()).check(HealthCheckRequest.newBuilder().setService(of).build()).getStatus();
  }

  private static int count(Iterator<?> all) {
    int count = 0;
    for (; all.hasNext(); all.next()) {
      count++;
    }
    return count;
  }

  static JobRequest.Builder job(String program) {
    return JobRequest.newBuilder().addCommand(program);
  }

  private static GetJobRequest get(String id) {
    return GetJobRequest.newBuilder().setId(id).build();
  }

  private static WatchJobRequest watch(String id) {
    return WatchJobRequest.newBuilder().setId(id).build();
  }

  private static StreamLogsRequest.Builder logs(String id) {
    return StreamLogsRequest.newBuilder().setId(id);
  }

  private static io.hodei.schemas.Job.Builder row(String id, String state, long sequence) {
    return Given.job(id, state).setSequence(sequence).setSubmittedAt(Instant.now()).setQueuedAt(Instant.now()).setSource("hodei.job-requests-0-0");
  }

  private static void until(String id) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (HTTP.send(request("/v1/jobs/" + id).build(), HttpResponse.BodyHandlers.discarding()).statusCode() != 200) {
      assertTrue(System.nanoTime() < deadline, id);
      Thread.sleep(10);
    }
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path)).timeout(Duration.ofSeconds(60));
  }

  private static JsonNode http(String path) throws Exception {
    return Json.MAPPER.readTree(HTTP.send(request(path).build(), HttpResponse.BodyHandlers.ofString()).body());
  }

  private static HttpResponse<String> post(String body, String... headers) throws Exception {
    HttpRequest.Builder request = request("/v1/jobs").header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
    return HTTP.send((headers.length == 0 ? request : request.headers(headers)).build(), HttpResponse.BodyHandlers.ofString());
  }

  /// What ADR 9 names as the difference: nulls and empty lists are absent, and 64-bit members are texts.
  static final class Normal {
    private Normal() {}

    static Object of(JsonNode node) {
      if (node.isObject()) {
        Map<String, Object> fields = new LinkedHashMap<>();
        node.properties().forEach(field -> {
          JsonNode value = field.getValue();
          boolean wide = List.of("firstOffset", "lastOffset", "lines", "bytes").contains(field.getKey()) && node.has("attempt") && node.has("complete");
          if (!value.isNull() && !(value.isArray() && value.isEmpty()) && !(value.isObject() && value.isEmpty())) {
            fields.put(field.getKey(), wide ? value.asText() : of(value));
          }
        });
        return new java.util.TreeMap<>(fields);
      }
      if (node.isArray()) {
        List<Object> items = new ArrayList<>();
        node.forEach(item -> items.add(of(item)));
        return items;
      }
      return node.isNumber() ? (Object) node.decimalValue().stripTrailingZeros() : node;
    }
  }
}
