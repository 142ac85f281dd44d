package io.hodei.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1alpha.ServerReflectionGrpc;
import io.grpc.stub.StreamObserver;
import io.hodei.testkit.Answer;
import io.hodei.testkit.Await;
import io.hodei.testkit.Installation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/// The gRPC contract on the running system, by a client that knows only what reflection tells it.
// proves: contract:grpc-job-service
@ResourceLock(Shared.WHOLE)
class GrpcST {
  private static final Set<String> SERVICES = Set.of("hodei.v1.JobService", "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
      "grpc.reflection.v1alpha.ServerReflection");

  private final Installation hodei = Shared.installation();
  private Reflected client;

  @BeforeEach
  void connect() {
    client = new Reflected(hodei.url("api"), "hodei.v1.JobService");
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Test
  void aClientThatKnowsOnlyReflectionSubmitsWatchesAndReads() {
    String key = UUID.randomUUID().toString();
    String request = Jobs.command("\"labels\":{\"by\":\"grpc\"}", "sh", "-c", "echo one; echo two >&2; sleep 1; printf '\\377'; exit 3");
    JsonNode job = client.call("SubmitJob", request, "idempotency-key", key, "x-correlation-id", "grpc-" + key);
    String id = job.path("id").asText();
    assertEquals("grpc-" + key, job.path("correlationId").asText());
    assertEquals(id, client.call("SubmitJob", request, "idempotency-key", key, "x-correlation-id", "grpc-" + key).path("id").asText());

    List<String> states = new ArrayList<>();
    JsonNode last = job;
    for (Iterator<JsonNode> rows = client.stream("WatchJob", "{\"id\":\"" + id + "\"}"); rows.hasNext();) {
      last = rows.next();
      states.add(last.path("state").asText());
    }
    assertEquals("FAILED", states.getLast(), states.toString());
    assertTrue(states.contains("RUNNING"), states.toString());
    assertEquals(1, Collections.frequency(states, "FAILED"), "the terminal state is the last");
    assertEquals(3, last.path("exitCode").asInt());
    assertEquals(plain(hodei.get("/v1/jobs/" + id).is(200).json()), plain(client.call("GetJob", "{\"id\":\"" + id + "\"}")));

    List<JsonNode> lines = new ArrayList<>();
    client.stream("StreamLogs", "{\"id\":\"" + id + "\",\"follow\":true}").forEachRemaining(lines::add);
    List<JsonNode> http = new ArrayList<>();
    hodei.get("/v1/jobs/" + id + "/logs?format=json").is(200).body().lines().forEach(line -> http.add(new Answer(200, null, line).json()));
    assertEquals(http.stream().map(GrpcST::plain).toList(), lines.stream().map(GrpcST::plain).toList());
    assertTrue(lines.getLast().path("end").asBoolean() && lines.getLast().path("complete").asBoolean(), lines.toString());
    assertTrue(lines.stream().anyMatch(line -> line.has("bytes")), "invalid UTF-8 comes as bytes");
  }

  @Test
  void reflectionInBothVersionsAndHealthAreServed() throws Exception {
    Set<String> named = new TreeSet<>();
    client.asked(ServerReflectionRequest.newBuilder().setListServices("").build()).getListServicesResponse().getServiceList()
        .forEach(each -> named.add(each.getName()));
    assertEquals(new TreeSet<>(SERVICES), named);
    CompletableFuture<io.grpc.reflection.v1alpha.ServerReflectionResponse> old = new CompletableFuture<>();
    StreamObserver<io.grpc.reflection.v1alpha.ServerReflectionRequest> stream = ServerReflectionGrpc.newStub(client.channel())
        .serverReflectionInfo(new StreamObserver<>() {
          @Override
          public void onNext(io.grpc.reflection.v1alpha.ServerReflectionResponse value) {
            old.complete(value);
          }

          @Override
          public void onError(Throwable failure) {
            old.completeExceptionally(failure);
          }

          @Override
          public void onCompleted() {}
        });
    stream.onNext(io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder().setListServices("").build());
    stream.onCompleted();
    assertEquals(SERVICES, new HashSet<>(old.get(30, TimeUnit.SECONDS).getListServicesResponse().getServiceList().stream().map(each -> each.getName()).toList()));
    for (String service : List.of("", "hodei.v1.JobService")) {
      HealthCheckRequest question = HealthCheckRequest.newBuilder().setService(service).build();
      assertEquals(ServingStatus.SERVING, HealthGrpc.newBlockingStub(client.channel()).check(question).getStatus());
      assertEquals(ServingStatus.SERVING, HealthGrpc.newBlockingStub(client.channel()).withDeadlineAfter(30, TimeUnit.SECONDS).watch(question).next().getStatus());
    }
  }

  @Test
  void aWrongRequestIsRefusedAsOverHttp() {
    String key = UUID.randomUUID().toString();
    hodei.post("/v1/jobs", Jobs.sh("true"), "Idempotency-Key", key).is(202);
    Map<String, String> wrong = new LinkedHashMap<>();
    wrong.put("{}", "INVALID_ARGUMENT");
    wrong.put("{\"command\":[\"true\"],\"script\":\"x\"}", "INVALID_ARGUMENT");
    wrong.put("{\"command\":[\"true\"],\"pool\":\"nowhere\"}", "INVALID_ARGUMENT");
    wrong.put("{\"command\":[\"true\"],\"image\":\"busybox\"}", "INVALID_ARGUMENT");
    wrong.put("{\"command\":[\"true\"],\"timeout\":\"48h\"}", "INVALID_ARGUMENT");
    wrong.put("{\"command\":[\"true\"],\"timeout\":\"soon\"}", "INVALID_ARGUMENT");
    wrong.put("{\"command\":[\"true\"],\"id\":\"/\"}", "INVALID_ARGUMENT");
    wrong.put("{\"command\":[\"true\"],\"secrets\":[\"S\"]}", "INVALID_ARGUMENT");
    wrong.put("{\"command\":[\"true\"],\"priority\":1001,\"env\":{\"HODEI_X\":\"1\"}}", "INVALID_ARGUMENT");
    wrong.put("{\"script\":\"" + "x".repeat(300_000) + "\"}", "RESOURCE_EXHAUSTED");
    wrong.put("{\"script\":\"" + "x".repeat(9_000_000) + "\"}", "RESOURCE_EXHAUSTED");
    wrong.forEach((request, code) -> same("/v1/jobs", "SubmitJob", request, request, code));
    same("/v1/jobs", "SubmitJob", Jobs.sh("false"), Jobs.sh("false"), "ALREADY_EXISTS", "idempotency-key", key);
    same("/v1/jobs", "SubmitJob", Jobs.sh("false"), Jobs.sh("false"), "INVALID_ARGUMENT", "idempotency-key", "x".repeat(251));
    String ended = hodei.submit(Jobs.sh("true"));
    hodei.ended(ended);
    same("/v1/jobs/" + ended + "/cancel", "CancelJob", "", "{\"id\":\"" + ended + "\"}", "FAILED_PRECONDITION");
    same("/v1/jobs/nobody/cancel", "CancelJob", "", "{\"id\":\"nobody\"}", "NOT_FOUND");
    same("/v1/jobs/nobody/retry", "RetryJob", "", "{\"id\":\"nobody\"}", "NOT_FOUND");
  }

  private void same(String path, String method, String body, String message, String code, String... metadata) {
    String shown = message.substring(0, Math.min(100, message.length()));
    JsonNode problem = hodei.post(path, body, metadata).json();
    StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> client.call(method, message, metadata), shown);
    assertEquals(code, refused.getStatus().getCode().name(), shown);
    assertEquals(problem.path("type").asText(), "urn:hodei:problem:" + Reflected.reason(refused), shown);
  }

  @Test
  void manyJobsInOneStreamAllRun() throws Exception {
    List<String> items = new ArrayList<>(Collections.nCopies(40, Jobs.sh("true")));
    String key = UUID.randomUUID().toString();
    JsonNode answer = client.send("SubmitJobs", items, "idempotency-key", key, "x-correlation-id", "c-" + key);
    assertEquals(40, answer.path("accepted").asInt());
    assertEquals(answer, client.send("SubmitJobs", items, "idempotency-key", key, "x-correlation-id", "c-" + key));
    answer.path("ids").forEach(id -> assertEquals("SUCCEEDED", hodei.ended(id.asText()).path("state").asText()));
    assertEquals(40, hodei.get("/v1/jobs?limit=1000&correlationId=c-" + key).is(200).json().path("items").size());
  }

  @Test
  void cancelAndRetryWorkAsOverHttp() {
    String id = client.call("SubmitJob", Jobs.sh("sleep 300")).path("id").asText();
    hodei.inState(id, "RUNNING");
    Iterator<JsonNode> rows = client.stream("WatchJob", "{\"id\":\"" + id + "\"}");
    assertEquals("RUNNING", rows.next().path("state").asText());
    assertTrue(client.call("CancelJob", "{\"id\":\"" + id + "\",\"actor\":\"dora\"}").has("cancelRequestedAt"));
    JsonNode last = rows.next();
    while (rows.hasNext()) {
      last = rows.next();
    }
    assertEquals("CANCELLED", last.path("state").asText());
    assertEquals("dora", last.path("cancelActor").asText());
    JsonNode again = client.call("RetryJob", "{\"id\":\"" + id + "\"}");
    assertEquals(id, again.path("retryOf").asText());
    client.call("CancelJob", "{\"id\":\"" + again.path("id").asText() + "\"}");
  }

  @Test
  void readersThatDoNotReadHarmNobody() throws Exception {
    String loud = hodei.submit(Jobs.sh("seq 1 300000"));
    hodei.ended(loud);
    String long_ = hodei.submit(Jobs.sh("seq 1 100000; sleep 300"));
    hodei.inState(long_, "RUNNING");
    try (Reflected lazy = new Reflected(hodei.url("api"), "hodei.v1.JobService")) {
      for (int i = 0; i < 20; i++) {
        lazy.unread("StreamLogs", "{\"id\":\"" + loud + "\"}").get(30, TimeUnit.SECONDS);
        lazy.unread("StreamLogs", "{\"id\":\"" + long_ + "\",\"follow\":true}").get(30, TimeUnit.SECONDS);
        lazy.unread("WatchJob", "{\"id\":\"" + long_ + "\"}").get(30, TimeUnit.SECONDS);
      }
      Await.whenTrue("their calls, and no others, to be open", Duration.ofSeconds(60), () -> open() == 60);
      long worst = 0;
      for (int i = 0; i < 50; i++) {
        long start = System.nanoTime();
        client.call("GetJob", "{\"id\":\"" + loud + "\"}");
        hodei.get("/v1/jobs/" + loud).is(200);
        worst = Math.max(worst, (System.nanoTime() - start) / 1_000_000);
      }
      System.out.println("beside 60 calls that nobody reads: worst of 50 pairs of reads " + worst + " ms");
      assertTrue(worst < 5_000, worst + " ms");
      assertEquals("SUCCEEDED", hodei.ended(hodei.submit(Jobs.sh("true"))).path("state").asText());
      int pieces = 0;
      int lines = 0;
      JsonNode last = null;
      for (Iterator<JsonNode> all = client.stream("StreamLogs", "{\"id\":\"" + loud + "\"}"); all.hasNext(); pieces++) {
        last = all.next();
        lines += last.has("seq") && !last.has("partial") ? 1 : 0;
      }
      assertEquals(300_000, lines);
      assertTrue(last != null && last.path("complete").asBoolean() && last.path("lines").asInt() == pieces - 1, String.valueOf(last));
    }
    client.call("CancelJob", "{\"id\":\"" + long_ + "\"}");
    Await.whenTrue("their calls to be forgotten", Duration.ofSeconds(60), () -> open() == 0);
  }

  private int open() {
    return hodei.get("/metrics").body().lines().filter(line -> line.startsWith("hodei_grpc_calls_open")).mapToInt(
        line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).findFirst().orElse(-1);
  }

  /// What the decision on gRPC's messages names as their difference: no nulls, no empty lists and objects, 64-bit members of logRef as texts.
  private static Object plain(JsonNode node) {
    if (node.isObject()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      boolean ref = node.has("attempt") && node.has("complete");
      node.properties().forEach(field -> {
        JsonNode value = field.getValue();
        boolean empty = value.isNull() || value.isContainerNode() && value.isEmpty();
        if (!empty) {
          fields.put(field.getKey(), ref && List.of("firstOffset", "lastOffset", "lines", "bytes").contains(field.getKey()) ? value.asText() : plain(value));
        }
      });
      return fields;
    }
    if (node.isArray()) {
      List<Object> items = new ArrayList<>();
      node.forEach(item -> items.add(plain(item)));
      return items;
    }
    return node;
  }
}
