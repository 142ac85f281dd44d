package io.hodei.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.schemas.Job;
import io.hodei.schemas.JobEvent;
import io.hodei.schemas.JobRequest;
import io.hodei.schemas.Topic;
import io.hodei.schemas.Worker;
import io.hodei.schemas.WorkerCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Requests, reports and commands through the real topology: what comes out on which topic.
class DispatchTopologyTest {
  /// Topic and changelog records that one ephemeral job may cost.
  private static final int RECORDS_PER_JOB = 48;

  private final Driven dispatcher = new Driven();

  @AfterEach
  void close() {
    dispatcher.close();
  }

  private void run(int n, String job, int exitCode) {
    String worker = dispatcher.worker(n);
    dispatcher.made(worker);
    dispatcher.called(worker);
    dispatcher.starting(worker, job, 1);
    dispatcher.ended(worker, job, 1, exitCode);
    dispatcher.tell(dispatcher.report("Gone", worker));
    dispatcher.tell(dispatcher.report("FoundClean", null).setWorkerIds(List.of(worker)));
  }

  // proves: contract:topic-job-requests
  @Test
  void aJsonObjectBecomesAJob() {
    dispatcher.request("{\"id\":\"j\",\"command\":[\"sh\",\"-c\",\"echo from kafka\"],\"actor\":\"ann\",\"correlationId\":\"c-1\"}");
    assertEquals(List.of("JobSubmitted", "JobQueued", "JobScheduled"), dispatcher.jobEventTypes());
    JobEvent submitted = dispatcher.jobEvents().getFirst();
    assertEquals("hodei.job-requests-0-0", submitted.getSource());
    assertEquals("ann", submitted.getActor());
    assertEquals("c-1", submitted.getCorrelationId());
    assertEquals(List.of("sh", "-c", "echo from kafka"), dispatcher.values(Topic.JOB_STATE, Job.class).getLast().getCommand());
  }

  @Test
  void anAvroRequestBecomesTheSameJob() {
    dispatcher.put(Topic.JOB_REQUESTS, JobRequest.newBuilder().setId("j").setCommand(List.of("true")).setPriority(5).setTimeoutMs(60_000L).build());
    assertEquals(List.of("JobSubmitted", "JobQueued", "JobScheduled"), dispatcher.jobEventTypes());
    Job job = dispatcher.values(Topic.JOB_STATE, Job.class).getLast();
    assertEquals("SCHEDULED", job.getState());
    assertEquals(5, job.getPriority());
    assertEquals(60_000L, job.getTimeoutMs());
    dispatcher.request("{\"id\":\"j\",\"command\":[\"true\"],\"priority\":5,\"timeout\":\"1m\"}");
    assertEquals(3, dispatcher.jobEvents().size(), "the JSON form of the same request is a duplicate");
  }

  // proves: promise:8, seed:events, seed:gap-correlation, contract:topic-job-events, contract:topic-worker-events, contract:topic-job-state
  @Test
  void oneJobWritesEveryEventWithCorrelationAndActor() {
    dispatcher.request("{\"id\":\"j\",\"command\":[\"true\"]}");
    run(0, "j", 0);
    assertEquals(List.of("JobSubmitted", "JobQueued", "JobScheduled", "JobAssigned", "JobStarted", "JobAttemptEnded", "JobCompleted"),
        dispatcher.jobEventTypes());
    assertEquals(List.of("WorkerProvisioningRequested", "WorkerCreated", "WorkerConnected", "WorkerReady", "WorkerBusy", "WorkerJobCompleted",
        "WorkerTerminating", "WorkerTerminated", "WorkerCleanedUp"), dispatcher.workerEvents().stream().map(event -> event.getType()).toList());
    dispatcher.jobEvents().forEach(event -> assertTrue(!event.getCorrelationId().isEmpty() && !event.getActor().isEmpty(), event.toString()));
    dispatcher.workerEvents().forEach(event -> assertTrue(event.getCorrelationId().equals("j") && !event.getActor().isEmpty(), event.toString()));
    Job job = dispatcher.values(Topic.JOB_STATE, Job.class).getLast();
    assertEquals("SUCCEEDED", job.getState());
    assertEquals(true, job.getLogRef().getFirst().getComplete());
    assertEquals("TERMINATED", dispatcher.values(Topic.WORKER_STATE, Worker.class).getLast().getState());
  }

  @Test
  void theCommandsOfOneJobAreProvisionAssignStartDestroy() {
    dispatcher.request("{\"id\":\"j\",\"command\":[\"true\"]}");
    run(0, "j", 0);
    assertEquals(List.of("ProvisionWorker", "AssignJob", "StartJob", "DestroyWorker"),
        dispatcher.values(Topic.WORKER_COMMANDS, WorkerCommand.class).stream().map(WorkerCommand::getType).toList());
    assertEquals("immediate", dispatcher.commands("DestroyWorker").getFirst().getCause());
    assertTrue(dispatcher.commands("StartJob").getFirst().getGranted());
    assertEquals("hash-" + dispatcher.worker(0), dispatcher.commands("AssignJob").getFirst().getTokenHash());
  }

  @Test
  void oneJobCostsNoMoreRecordsThanItsBudget() {
    dispatcher.request("{\"id\":\"j\",\"command\":[\"true\"]}");
    run(0, "j", 0);
    Map<String, Integer> counts = dispatcher.counts();
    int sum = counts.values().stream().mapToInt(Integer::intValue).sum();
    System.out.println("records_per_job=" + sum + " budget=" + RECORDS_PER_JOB + " " + counts);
    assertTrue(sum <= RECORDS_PER_JOB, () -> "Expected at most " + RECORDS_PER_JOB + " records for one job, but found " + sum + ": " + counts);
  }

  @Test
  void anEndedJobLeavesTheStoreAndItsIdStaysInTheLedger() {
    dispatcher.request("{\"id\":\"j\",\"command\":[\"true\"]}");
    run(0, "j", 3);
    assertEquals(Map.of(), dispatcher.folded().get(Stores.JOBS));
    assertEquals(1, dispatcher.folded().get(Stores.LEDGER).size());
  }

  // proves: contract:idempotency
  @Test
  void theSameRecordTwiceIsOneJobAndAnotherBodyIsRejected() {
    String request = "{\"id\":\"j\",\"command\":[\"true\"]}";
    dispatcher.request(request);
    dispatcher.request(request);
    assertEquals(1, dispatcher.jobEventTypes().stream().filter("JobSubmitted"::equals).count());
    dispatcher.request("{\"id\":\"j\",\"command\":[\"false\"]}");
    JobEvent rejected = dispatcher.jobEvents().getLast();
    assertEquals("JobRejected", rejected.getType());
    assertEquals("conflict", rejected.getCode());
    assertEquals("id", rejected.getField());
    assertEquals(1, dispatcher.commands("ProvisionWorker").size());
  }

  @Test
  void oneKeyIsOneJobAndAnotherBodyUnderItIsRejected() {
    dispatcher.request("{\"idempotencyKey\":\"k\",\"command\":[\"true\"]}");
    dispatcher.request("{\"idempotencyKey\":\"k\",\"command\":[\"true\"]}");
    assertEquals(1, dispatcher.jobEventTypes().stream().filter("JobSubmitted"::equals).count());
    dispatcher.request("{\"idempotencyKey\":\"k\",\"command\":[\"false\"]}");
    assertEquals("idempotencyKey", dispatcher.jobEvents().getLast().getField());
    assertEquals("conflict", dispatcher.jobEvents().getLast().getCode());
  }

  @Test
  void requestsWithoutAnIdAreDifferentJobs() {
    dispatcher.request("{\"command\":[\"true\"]}");
    dispatcher.request("{\"command\":[\"true\"]}");
    assertEquals(2, dispatcher.jobEvents().stream().filter(event -> event.getType().equals("JobSubmitted")).map(JobEvent::getJobId).distinct().count());
  }

  @Test
  void aCancellationThatOvertakesItsRequestIsNotForgotten() {
    dispatcher.cancel("j");
    dispatcher.pass(Duration.ofSeconds(5));
    dispatcher.request("{\"id\":\"j\",\"command\":[\"true\"]}");
    assertEquals(List.of("JobSubmitted", "JobQueued", "JobCancelRequested", "JobCompleted"), dispatcher.jobEventTypes());
    assertEquals("CANCELLED", dispatcher.values(Topic.JOB_STATE, Job.class).getLast().getState());
    assertEquals("bob", dispatcher.jobEvents().get(2).getActor());
  }

  @Test
  void deadlinesFireWithoutAnyRecord() {
    dispatcher.request("{\"id\":\"j\",\"command\":[\"true\"]}");
    dispatcher.pass(Duration.ofSeconds(61));
    assertEquals(1, dispatcher.commands("DestroyWorker").size());
    dispatcher.tell(dispatcher.report("Gone", dispatcher.worker(0)));
    assertEquals("PROVISION_FAILED", dispatcher.jobEvents().getLast().getReason());
  }

  @Test
  void anInventoryIsPassedOnToLifecycle() {
    dispatcher.put(Topic.CONTROL, io.hodei.schemas.ControlCommand.newBuilder().setType("TakeInventory").setActor("gc-service")
        .setCorrelationId("c").setAt(dispatcher.clock.now()).build());
    assertEquals(1, dispatcher.commands("TakeInventory").size());
  }

  // proves: contract:topic-worker-state
  @Test
  void aForgottenWorkerLeavesATombstone() {
    dispatcher.request("{\"id\":\"j\",\"command\":[\"true\"]}");
    run(0, "j", 0);
    dispatcher.clock.move(Duration.ofHours(25));
    dispatcher.pass(Duration.ofSeconds(1));
    var last = dispatcher.records("hodei.worker-state").getLast();
    assertEquals(dispatcher.worker(0), last.key());
    assertEquals(null, last.value());
    assertEquals(Map.of(), dispatcher.folded().get(Stores.WORKERS));
  }
}
