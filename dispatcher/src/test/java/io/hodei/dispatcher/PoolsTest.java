package io.hodei.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.schemas.JobEvent;
import io.hodei.schemas.Pool;
import io.hodei.schemas.Topic;
import io.hodei.schemas.Worker;
import io.hodei.schemas.WorkerCommand;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// ApplyPool through the real topology: what is applied, published and kept, and what the workers of such a pool do.
// proves: seed:policy
class PoolsTest {
  private static final String REUSING = "{\"mode\":\"reusable\",\"maxWorkers\":1,\"template\":{\"env\":{\"A\":\"pool\",\"B\":\"pool\"}},\"policy\":{\"idleTimeout\":\"7s\"}}";

  private static List<String> published(Driven dispatcher) {
    return dispatcher.values(Topic.POOLS, Pool.class).stream().map(pool -> pool.getName() + " " + pool.getGeneration() + " " + pool.getMode()).toList();
  }

  private static void run(Driven dispatcher, String worker, String job) {
    dispatcher.starting(worker, job, 1);
    dispatcher.ended(worker, job, 1, 0);
  }

  @Test
  void theConfiguredPoolIsPublishedAtTakeover() {
    try (Driven dispatcher = new Driven()) {
      dispatcher.pass(Duration.ofMillis(500));
      assertEquals(List.of("default 1 ephemeral"), published(dispatcher));
    }
  }

  @Test
  void aNewPoolIsPublishedWithItsCommandAndTakesJobs() {
    try (Driven dispatcher = new Driven()) {
      dispatcher.applyPool("warm", REUSING);
      Pool pool = dispatcher.values(Topic.POOLS, Pool.class).getLast();
      assertEquals("warm 1 apply-1 ann 7000", pool.getName() + " " + pool.getGeneration() + " " + pool.getCommandId() + " " + pool.getActor() + " " + pool.getIdleTimeoutMs());
      dispatcher.request("{\"id\":\"j\",\"pool\":\"warm\",\"command\":[\"true\"],\"env\":{\"B\":\"own\"}}");
      dispatcher.made(dispatcher.worker(0));
      WorkerCommand offer = dispatcher.offerOf(dispatcher.worker(0));
      assertEquals(Map.of("A", "pool", "B", "own"), offer.getEnv());
      assertTrue(offer.getReusable());
    }
  }

  @Test
  void theSameAgainIsNoChangeAndAnotherIsTheNextGeneration() {
    try (Driven dispatcher = new Driven()) {
      dispatcher.applyPool("warm", REUSING);
      dispatcher.applyPool("warm", REUSING);
      dispatcher.applyPool("warm", "{}");
      dispatcher.applyPool("warm", "{\"generation\":1,\"maxWorkers\":9}");
      assertEquals(List.of("warm 1 reusable", "warm 1 reusable", "warm 2 ephemeral", "warm 2 ephemeral"), published(dispatcher), "the last had seen an older one");
      assertEquals("apply-4", dispatcher.values(Topic.POOLS, Pool.class).getLast().getCommandId());
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"warm|{\"minWarm\":1}|minWarm: Expected a minWarm that is built", "warm|{\"maxWorkers\":-1}|maxWorkers: Expected 0 to 10000",
      "warm|nonsense|Expected a JSON object as spec", "-bad-|{}|Expected the name of a pool", "warm|{\"generation\":3}|Expected generation 0 of pool warm"})
  void aBadPoolGoesToTheDeadLettersAndChangesNothing(String name, String spec, String reason) {
    try (Driven dispatcher = new Driven()) {
      dispatcher.applyPool(name, spec);
      assertTrue(Driven.reasonOf(dispatcher.deadLetters().getFirst()).startsWith(reason), Driven.reasonOf(dispatcher.deadLetters().getFirst()));
      assertEquals(List.of(), published(dispatcher));
    }
  }

  @Test
  void aReusableWorkerGetsTheNextJobWithItsNumber() {
    try (Driven dispatcher = new Driven()) {
      dispatcher.applyPool("warm", REUSING);
      dispatcher.request("{\"id\":\"a\",\"pool\":\"warm\",\"command\":[\"true\"]}");
      String worker = dispatcher.worker(0);
      dispatcher.made(worker);
      dispatcher.called(worker);
      run(dispatcher, worker, "a");
      Worker idle = dispatcher.values(Topic.WORKER_STATE, Worker.class).getLast();
      assertEquals("READY reusable null 1", idle.getState() + " " + idle.getMode() + " " + idle.getJobId() + " " + idle.getJobsRun());
      assertEquals(dispatcher.clock.now(), idle.getIdleSince());
      dispatcher.request("{\"id\":\"b\",\"pool\":\"warm\",\"command\":[\"true\"]}");
      assertEquals(List.of("a 1", "b 2"), dispatcher.commands("AssignJob").stream().map(offer -> offer.getJobId() + " " + offer.getNumber()).toList());
      assertEquals(1, dispatcher.commands("ProvisionWorker").size());
      run(dispatcher, worker, "b");
      assertEquals(List.of(), dispatcher.commands("DestroyWorker"));
      dispatcher.pass(Duration.ofSeconds(8));
      assertEquals("IDLE_TIMEOUT", dispatcher.commands("DestroyWorker").getFirst().getReason());
      assertTrue(dispatcher.workerEvents().stream().anyMatch(event -> event.getType().equals("WorkerIdleTimeout") && event.getIdleMs() >= 7000));
    }
  }

  @Test
  void aWarmJobCostsFewerRecords() {
    try (Driven dispatcher = new Driven()) {
      dispatcher.applyPool("warm", REUSING);
      dispatcher.request("{\"id\":\"a\",\"pool\":\"warm\",\"command\":[\"true\"]}");
      String worker = dispatcher.worker(0);
      dispatcher.made(worker);
      dispatcher.called(worker);
      run(dispatcher, worker, "a");
      int before = dispatcher.counts().values().stream().mapToInt(Integer::intValue).sum();
      dispatcher.request("{\"id\":\"b\",\"pool\":\"warm\",\"command\":[\"true\"]}");
      run(dispatcher, worker, "b");
      int records = dispatcher.counts().values().stream().mapToInt(Integer::intValue).sum() - before;
      assertTrue(records <= 30, records + " records, changelogs included");
    }
  }

  @Test
  void poolsAndIdleWorkersAreRestored() {
    Map<String, Map<String, byte[]>> rows;
    try (Driven dispatcher = new Driven()) {
      dispatcher.applyPool("warm", REUSING);
      dispatcher.request("{\"id\":\"a\",\"pool\":\"warm\",\"command\":[\"true\"]}");
      dispatcher.made(dispatcher.worker(0));
      dispatcher.called(dispatcher.worker(0));
      run(dispatcher, dispatcher.worker(0), "a");
      rows = dispatcher.folded();
    }
    try (Driven again = new Driven(rows)) {
      again.request("{\"id\":\"b\",\"pool\":\"warm\",\"command\":[\"true\"]}");
      assertEquals("b", again.commands("AssignJob").getFirst().getJobId());
      again.pass(Duration.ofMillis(500));
      assertEquals(List.of("default 1 ephemeral", "warm 1 reusable"), published(again));
    }
  }

  @Test
  void whatWasAcceptedAndIsRefusedLaterIsAFailedJob() {
    try (Driven dispatcher = new Driven()) {
      String request = "{\"id\":\"j\",\"pool\":\"nowhere\",\"command\":[\"true\"]}";
      dispatcher.accepted(request.getBytes(StandardCharsets.UTF_8));
      assertEquals(List.of("JobSubmitted", "JobCompleted"), dispatcher.jobEventTypes());
      JobEvent end = dispatcher.jobEvents().getLast();
      assertEquals("FAILED REFUSED CONFIGURATION", end.getToState() + " " + end.getReason() + " " + end.getCategory());
      dispatcher.request(request.replace("\"j\"", "\"k\""));
      assertEquals("JobRejected", dispatcher.jobEventTypes().getLast());
    }
  }
}
