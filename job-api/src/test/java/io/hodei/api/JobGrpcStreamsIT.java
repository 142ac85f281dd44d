package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.hodei.jobs.v1.GetJobRequest;
import io.hodei.jobs.v1.JobRequest;
import io.hodei.jobs.v1.ListJobsRequest;
import io.hodei.jobs.v1.ListJobsResponse;
import io.hodei.jobs.v1.StreamLogsRequest;
import io.hodei.jobs.v1.SubmitJobsResponse;
import io.hodei.jobs.v1.WatchJobRequest;
import io.hodei.kit.Settings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The streams of job-api's gRPC with a real broker: long ones, broken ones, and readers that do not read.
// proves: contract:grpc-job-service
@Timeout(180)
class JobGrpcStreamsIT {
  private static final int JOBS = 10_000;

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
    dispatcher = new StandInDispatcher(settings);
    dispatcher.pool();
    await("ready", () -> http("/health/ready").statusCode() == 200);
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
    dispatcher.close();
    backends.close();
  }

  @Test
  void aStreamThatBreaksAndIsRepeatedMakesNoJobTwice() throws Exception {
    IntFunction<JobRequest> items = i -> JobRequest.newBuilder().addCommand("true").addCommand(Integer.toString(i)).putLabels("stream", "a").build();
    CompletableFuture<SubmitJobsResponse> broken = new CompletableFuture<>();
    try (GrpcClient first = new GrpcClient(service.port())) {
      StreamObserver<JobRequest> stream = first.async("idempotency-key", "stream-a").submitJobs(into(broken));
      for (int i = 0; i < 4_700; i++) {
        stream.onNext(items.apply(i));
      }
      await("some to be accepted", () -> labelled("a") >= JobBatches.BATCH);
    }
    assertEquals(Status.Code.UNAVAILABLE, codeOf(broken));
    await("the broken call to be forgotten", () -> open() == 0);
    int before = labelled("a");
    assertEquals(0, before % JobBatches.BATCH, "whole batches");

    long start = System.nanoTime();
    SubmitJobsResponse all = submit("stream-a", JOBS, items);
    System.out.println("SubmitJobs of " + JOBS + ", " + before + " of them known: " + (System.nanoTime() - start) / 1_000_000 + " ms");
    assertEquals(JOBS, all.getAccepted());
    assertEquals(JOBS, new HashSet<>(all.getIdsList()).size());
    assertEquals(JOBS, labelled("a"), "exactly so many jobs");
    assertEquals("stream-a/7", client.call().getJob(GetJobRequest.newBuilder().setId(all.getIds(7)).build()).getIdempotencyKey());
    assertEquals(all, submit("stream-a", JOBS, items), "once more: the same");
  }

  @Test
  void aRefusedItemEndsTheStreamAndAllBeforeItAreAccepted() throws Exception {
    IntFunction<JobRequest> items = i -> JobRequest.newBuilder().addCommand("true").putLabels("stream", "b").build();
    IntFunction<JobRequest> wrong = i -> i == 700 ? items.apply(i).toBuilder().setPool("nowhere").build() : items.apply(i);
    StatusRuntimeException refused = refusal("stream-b", 1_200, wrong);
    assertEquals(Status.Code.INVALID_ARGUMENT, refused.getStatus().getCode());
    assertEquals(Map.of("index", "700", "accepted", "700"), GrpcClient.reason(refused).getMetadataMap());
    assertEquals("items[700].pool", GrpcClient.fields(refused).getFieldViolations(0).getField());
    assertEquals(700, labelled("b"));
    assertEquals(1_200, submit("stream-b", 1_200, items).getAccepted());
    assertEquals(1_200, labelled("b"), "mended and repeated: the first 700 are the same");

    client.call().submitJob(JobRequest.newBuilder().setId("held").addCommand("other").build());
    StatusRuntimeException held = refusal("stream-c", 5, i -> i == 3 ? JobRequest.newBuilder().setId("held").addCommand("mine").build()
        : JobRequest.newBuilder().addCommand("x").putLabels("stream", "c").build());
    assertEquals(Status.Code.ALREADY_EXISTS, held.getStatus().getCode());
    assertEquals("conflict", GrpcClient.reason(held).getReason());
    assertEquals("3", GrpcClient.reason(held).getMetadataOrThrow("accepted"));
    assertEquals("items[3].id", GrpcClient.fields(held).getFieldViolations(0).getField());
    assertEquals(3, labelled("c"));
    assertEquals(0, submit("stream-d", 0, items).getAccepted());
  }

  @Test
  void readersThatDoNotReadHarmNobody() throws Exception {
    var first = dispatcher.lines("loud", 1, 5_000, false);
    var last = first;
    for (int i = 1; i < 40; i++) {
      last = dispatcher.lines("loud", i * 5_000L + 1, (i + 1) * 5_000L, i == 39);
    }
    dispatcher.write(row("loud", "SUCCEEDED", 9).setAttempt(1).setFinishedAt(Instant.now()).setLogRef(List.of(StandInDispatcher.ref(first, last, 200_000))).build());
    io.hodei.schemas.Job.Builder large = row("large", "RUNNING", 2).setEnv(Map.of("X", "x".repeat(150_000)));
    dispatcher.write(large.build());
    await("both to be known", () -> http("/v1/jobs/loud").statusCode() == 200 && http("/v1/jobs/large").statusCode() == 200);

    long before = used();
    Set<Lazy<?>> lazy = new HashSet<>();
    try (GrpcClient theirs = new GrpcClient(service.port())) {
      for (int i = 0; i < 16; i++) {
        Lazy<io.hodei.jobs.v1.LogLine> log = new Lazy<>();
        theirs.async().streamLogs(StreamLogsRequest.newBuilder().setId("loud").build(), log);
        Lazy<io.hodei.jobs.v1.Job> job = new Lazy<>();
        theirs.async().watchJob(WatchJobRequest.newBuilder().setId("large").build(), new Unwrapped<>(job));
        lazy.add(log);
      }
      await("their calls to be open", () -> open() == 32);
      for (int i = 0; i < 40; i++) {
        dispatcher.write(large.setSequence(3 + i).build());
      }
      long worst = 0;
      for (int i = 0; i < 200; i++) {
        long start = System.nanoTime();
        client.call().submitJob(JobRequest.newBuilder().addCommand("true").build());
        worst = Math.max(worst, (System.nanoTime() - start) / 1_000_000);
      }
      AtomicInteger lines = new AtomicInteger();
      client.call().streamLogs(StreamLogsRequest.newBuilder().setId("loud").build()).forEachRemaining(line -> lines.incrementAndGet());
      long grown = (used() - before) / (1024 * 1024);
      System.out.println("beside 32 calls that nobody reads: worst of 200 submissions " + worst + " ms, memory " + grown + " MiB more");
      assertEquals(200_001, lines.get());
      assertTrue(worst < 5_000, worst + " ms");
      assertTrue(grown < 250, grown + " MiB, where the logs alone are 16 times 20 MB");
      assertEquals(32, open());
      assertTrue(lazy.stream().noneMatch(each -> each.end.isDone()));
    }
    await("their calls to be forgotten", () -> open() == 0);
  }

  /// Takes one message, and no other.
  private static class Lazy<A> implements ClientResponseObserver<StreamLogsRequest, A> {
    final CompletableFuture<Throwable> end = new CompletableFuture<>();

    @Override
    public void beforeStart(ClientCallStreamObserver<StreamLogsRequest> call) {
      call.disableAutoRequestWithInitial(1);
    }

    @Override
    public void onNext(A value) {}

    @Override
    public void onError(Throwable failure) {
      end.complete(failure);
    }

    @Override
    public void onCompleted() {
      end.complete(new AssertionError("the end was read"));
    }
  }

  /// The same for another kind of request.
  private record Unwrapped<A>(Lazy<A> lazy) implements ClientResponseObserver<WatchJobRequest, A> {
    @Override
    public void beforeStart(ClientCallStreamObserver<WatchJobRequest> call) {
      call.disableAutoRequestWithInitial(1);
    }

    @Override
    public void onNext(A value) {}

    @Override
    public void onError(Throwable failure) {
      lazy.onError(failure);
    }

    @Override
    public void onCompleted() {
      lazy.onCompleted();
    }
  }

  private static SubmitJobsResponse submit(String key, int count, IntFunction<JobRequest> items) throws Exception {
    return sent(key, count, items).get(90, TimeUnit.SECONDS);
  }

  private static StatusRuntimeException refusal(String key, int count, IntFunction<JobRequest> items) throws Exception {
    try {
      throw new AssertionError("accepted: " + sent(key, count, items).get(90, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return (StatusRuntimeException) e.getCause();
    }
  }

  private static CompletableFuture<SubmitJobsResponse> sent(String key, int count, IntFunction<JobRequest> items) {
    CompletableFuture<SubmitJobsResponse> answer = new CompletableFuture<>();
    StreamObserver<JobRequest> stream = client.async("idempotency-key", key, "x-correlation-id", key).submitJobs(into(answer));
    for (int i = 0; i < count && !answer.isDone(); i++) {
      stream.onNext(items.apply(i));
    }
    if (!answer.isDone()) {
      stream.onCompleted();
    }
    return answer;
  }

  private static StreamObserver<SubmitJobsResponse> into(CompletableFuture<SubmitJobsResponse> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(SubmitJobsResponse value) {
        answer.complete(value);
      }

      @Override
      public void onError(Throwable failure) {
        answer.completeExceptionally(failure);
      }

      @Override
      public void onCompleted() {}
    };
  }

  private static Status.Code codeOf(CompletableFuture<?> answer) throws Exception {
    try {
      throw new AssertionError("answered: " + answer.get(30, TimeUnit.SECONDS));
    } catch (ExecutionException e) {
      return Status.fromThrowable(e.getCause()).getCode();
    }
  }

  private static int labelled(String stream) {
    int count = 0;
    String cursor = "";
    do {
      ListJobsResponse page = client.call().listJobs(ListJobsRequest.newBuilder().addLabel("stream=" + stream).setLimit(1000).setCursor(cursor).build());
      count += page.getItemsCount();
      cursor = page.getNextCursor();
    } while (!cursor.isEmpty());
    return count;
  }

  private static int open() {
    return http("/metrics").body().lines().filter(line -> line.startsWith("hodei_grpc_calls_open")).mapToInt(
        line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).findFirst().orElse(-1);
  }

  private static long used() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static io.hodei.schemas.Job.Builder row(String id, String state, long sequence) {
    return Given.job(id, state).setSequence(sequence).setSubmittedAt(Instant.now()).setQueuedAt(Instant.now()).setSource("hodei.job-requests-0-0");
  }

  private static HttpResponse<String> http(String path) {
    try {
      return HTTP.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path)).timeout(Duration.ofSeconds(60)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void await(String what, BooleanSupplier there) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!there.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "Expected " + what);
      Thread.sleep(20);
    }
  }
}
