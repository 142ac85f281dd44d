package io.hodei.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Retries, cancellations and fences of one job, without a shard.
// proves: seed:retry-policies, invariant:I3
class JobDecisionsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final WorkerId W = new WorkerId("w");

  private static RetryPolicy policy(int attempts, List<Integer> codes, List<String> reasons) {
    return new RetryPolicy(attempts, Duration.ofSeconds(1), Duration.ofSeconds(5), codes, reasons);
  }

  private static AttemptResult because(JobReason reason) {
    return AttemptResult.failure(reason, Category.INFRASTRUCTURE, "It failed.", "Try again.");
  }

  private static Job.Running running(RetryPolicy retry, int attempt) {
    JobHead head = new JobHead(new JobId("j"), Ask.job("j").retry(retry).spec(), Ask.job("j").origin(NOW), attempt, attempt, null, JobHistory.NONE);
    return new Job.Running(head, new Assignment(W, attempt, attempt), NOW);
  }

  private static List<JobEvent> accepted(Job job, JobCommand command) {
    return switch (JobDecisions.decide(job, command, NOW)) {
      case Verdict.Accepted<JobEvent>(var events) -> events;
      case Verdict.Refused<JobEvent>(var refusal) -> throw new AssertionError("Expected " + command + " to be accepted, but " + refusal);
    };
  }

  private static Refusal refused(Job job, JobCommand command) {
    return switch (JobDecisions.decide(job, command, NOW)) {
      case Verdict.Accepted<JobEvent>(var events) -> throw new AssertionError("Expected " + command + " to be refused, but " + events);
      case Verdict.Refused<JobEvent>(var refusal) -> refusal;
    };
  }

  /// RETRY, or the final state.
  private static String after(RetryPolicy retry, int attempt, AttemptResult result) {
    List<JobEvent> events = accepted(running(retry, attempt), new JobCommand.EndAttempt(W, attempt, result));
    return events.getLast() instanceof JobEvent.JobCompleted done ? done.state().name() : "RETRY";
  }

  @Test
  void withBothListsEmptyEveryFailedAttemptIsRetriedAndTimeoutNot() {
    RetryPolicy retry = policy(2, List.of(), List.of());
    assertEquals("RETRY", after(retry, 1, Steps.exit(3)));
    assertEquals("RETRY", after(retry, 1, because(JobReason.WORKER_LOST)));
    assertEquals("RETRY", after(retry, 1, because(JobReason.PROVISION_FAILED)));
    assertEquals("RETRY", after(retry, 1, because(JobReason.SIGNAL)));
    assertEquals("TIMEOUT", after(retry, 1, because(JobReason.TIMEOUT)));
    assertEquals("SUCCEEDED", after(retry, 1, Steps.SUCCESS));
  }

  @Test
  void aTimeoutIsRetriedOnlyWhenItIsNamed() {
    RetryPolicy named = policy(2, List.of(), List.of("TIMEOUT"));
    assertEquals("RETRY", after(named, 1, because(JobReason.TIMEOUT)));
    assertEquals("FAILED", after(named, 1, Steps.exit(3)));
    assertEquals("FAILED", after(named, 1, because(JobReason.WORKER_LOST)));
  }

  @Test
  void exitCodesAndReasonsChooseWhatIsRetried() {
    RetryPolicy codes = policy(2, List.of(3, 75), List.of("WORKER_LOST"));
    assertEquals("RETRY", after(codes, 1, Steps.exit(3)));
    assertEquals("RETRY", after(codes, 1, Steps.exit(75)));
    assertEquals("FAILED", after(codes, 1, Steps.exit(4)));
    assertEquals("RETRY", after(codes, 1, because(JobReason.WORKER_LOST)));
    assertEquals("FAILED", after(codes, 1, because(JobReason.SIGNAL)));
  }

  @Test
  void theLastAttemptIsNotRetried() {
    assertEquals("RETRY", after(policy(3, List.of(), List.of()), 2, Steps.exit(3)));
    assertEquals("FAILED", after(policy(3, List.of(), List.of()), 3, Steps.exit(3)));
    assertEquals("FAILED", after(RetryPolicy.NONE, 1, Steps.exit(3)));
  }

  @Test
  void theBackoffDoublesUpToItsCap() {
    RetryPolicy retry = policy(9, List.of(), List.of());
    assertEquals(List.of(1L, 2L, 4L, 5L, 5L),
        List.of(2, 3, 4, 5, 9).stream().map(attempt -> retry.waitBefore(attempt).toSeconds()).toList());
    assertEquals(Duration.ofSeconds(5), new RetryPolicy(3, Duration.ofSeconds(60), Duration.ofSeconds(5), List.of(), List.of()).waitBefore(2));
    assertEquals(Duration.ZERO, new RetryPolicy(3, Duration.ZERO, Duration.ofSeconds(5), List.of(), List.of()).waitBefore(3));
  }

  @Test
  void aRetryWaitsInTheQueueFromItsBackoffOn() {
    List<JobEvent> events = accepted(running(policy(3, List.of(), List.of()), 2), new JobCommand.EndAttempt(W, 2, Steps.exit(3)));
    Instant due = NOW.plusSeconds(2);
    assertEquals(List.of(new JobEvent.JobAttemptEnded(new Assignment(W, 2, 2), Steps.exit(3)), new JobEvent.JobRetryScheduled(3, due),
        new JobEvent.JobQueued(due, due.plus(Duration.ofHours(24)))), events);
  }

  @Test
  void afterACancellationOnlyCancelledIsPossible() {
    Job.Running asked = (Job.Running) JobEvolution.evolve(running(policy(5, List.of(), List.of("CANCELLED", "SIGNAL")), 1),
        accepted(running(RetryPolicy.NONE, 1), new JobCommand.CancelJob("ann")).getFirst(), NOW);
    for (AttemptResult result : List.of(Steps.SUCCESS, Steps.exit(3), because(JobReason.CANCELLED), because(JobReason.SIGNAL),
        because(JobReason.TIMEOUT), because(JobReason.WORKER_LOST))) {
      JobEvent last = accepted(asked, new JobCommand.EndAttempt(W, 1, result)).getLast();
      assertEquals(JobState.CANCELLED, assertInstanceOf(JobEvent.JobCompleted.class, last).state(), result.toString());
    }
    assertEquals(Refusal.CANCEL_REQUESTED, refused(asked, new JobCommand.StartJob(W, 1)));
    assertEquals(Refusal.DUPLICATE, refused(asked, new JobCommand.CancelJob("ann")));
  }

  @Test
  void aStaleEpochOrAnotherWorkerChangesNothing() {
    Job.Running job = running(RetryPolicy.NONE, 2);
    assertEquals(Refusal.STALE_EPOCH, refused(job, new JobCommand.EndAttempt(W, 1, Steps.SUCCESS)));
    assertEquals(Refusal.STALE_EPOCH, refused(job, new JobCommand.EndAttempt(new WorkerId("other"), 2, Steps.SUCCESS)));
    assertEquals(Refusal.STALE_EPOCH, refused(job, new JobCommand.StartJob(new WorkerId("other"), 2)));
    assertEquals(Refusal.DUPLICATE, refused(job, new JobCommand.StartJob(W, 2)));
  }

  @Test
  void successBeforeTheStartIsRefusedAndFailureIsNot() {
    JobHead head = running(RetryPolicy.NONE, 1).head();
    Job scheduled = new Job.Scheduled(head, new Assignment(W, 1, 1));
    Job assigned = new Job.Assigned(head, new Assignment(W, 1, 1));
    assertEquals(Refusal.NOT_IN_THIS_STATE, refused(scheduled, new JobCommand.EndAttempt(W, 1, Steps.SUCCESS)));
    assertEquals(Refusal.NOT_IN_THIS_STATE, refused(assigned, new JobCommand.EndAttempt(W, 1, Steps.SUCCESS)));
    assertEquals(2, accepted(assigned, new JobCommand.EndAttempt(W, 1, because(JobReason.START_FAILED))).size());
  }

  @Test
  void anEndedJobIsTouchedByNothing() {
    for (JobState end : List.of(JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED, JobState.TIMEOUT)) {
      Job ended = new Job.Ended(running(RetryPolicy.NONE, 1).head(), end, Steps.SUCCESS, NOW);
      assertEquals(Refusal.ALREADY_TERMINAL, refused(ended, new JobCommand.EndAttempt(W, 1, Steps.SUCCESS)));
      assertEquals(Refusal.ALREADY_TERMINAL, refused(ended, new JobCommand.StartJob(W, 1)));
      assertEquals(Refusal.ALREADY_TERMINAL, refused(ended, new JobCommand.ScheduleJob(W, "process", "p-1")));
      assertEquals(end == JobState.CANCELLED ? Refusal.DUPLICATE : Refusal.ALREADY_TERMINAL, refused(ended, new JobCommand.CancelJob("ann")));
    }
  }
}
