package io.hodei.domain;

import static io.hodei.domain.Ask.job;
import static io.hodei.domain.Checks.*;
import static io.hodei.domain.Scene.given;
import static io.hodei.domain.Scene.givenPool;
import static io.hodei.domain.Scene.pool;
import static io.hodei.domain.Steps.*;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Cancelled means dead: in every state of the job, and before there is a job.
// proves: promise:4, invariant:I9
class ShardCancelTest {
  @Test
  void aPendingJobIsCancelledAtOnce() {
    givenPool(pool(1), submitted("busy", "j")).when(cancelled("j"))
        .then(jobEnded("j", JobState.CANCELLED, JobReason.CANCELLED), jobEvents("j", "JobCancelRequested", "JobCompleted"), effects(), queued(0));
  }

  @Test
  void aJobThatWaitsForItsBackoffIsCancelledAtOnce() {
    given(submitted(job("j").retry(new RetryPolicy(2, Duration.ofSeconds(30), Duration.ofSeconds(30), java.util.List.of(), java.util.List.of()))),
        running("w-1"), attemptEnded("w-1", exit(3)), workerGone("w-1")).then(jobIs("j", JobState.PENDING))
        .when(cancelled("j")).then(jobEnded("j", JobState.CANCELLED, JobReason.CANCELLED))
        .when(seconds(60)).then(workers(1));
  }

  @Test
  void aScheduledJobIsCancelledAtOnceAndItsWorkerDestroyed() {
    given(submitted("j")).when(cancelled("j"))
        .then(jobEnded("j", JobState.CANCELLED, JobReason.CANCELLED), workerIs("w-1", WorkerState.TERMINATING),
            destroyAsked("w-1", DestroyCause.IMMEDIATE, TerminationReason.JOB_COMPLETED, Duration.ZERO))
        .when(tokenDrawn("w-1")).then(nothingHappened())
        .when(agentCalled("w-1", "b")).then(nothingHappened());
  }

  // proves: lie:2
  @Test
  void anAssignedJobIsCancelledAtOnceAndNeverStarts() {
    given(submitted("j"), connected("w-1")).when(cancelled("j"))
        .then(jobEnded("j", JobState.CANCELLED, JobReason.CANCELLED), workerIs("w-1", WorkerState.TERMINATING),
            destroyAsked("w-1", DestroyCause.IMMEDIATE, TerminationReason.JOB_COMPLETED, Duration.ZERO))
        .when(startAsked("w-1")).then(startAnswered(false));
  }

  @Test
  void aRunningJobIsCancelledWhenItsAgentSaysThatItIsDead() {
    given(submitted("j"), running("w-1")).when(cancelled("j"))
        .then(jobIs("j", JobState.RUNNING), jobEvents("j", "JobCancelRequested"), effects(Effect.CancelAssignment.class))
        .when(attemptEnded("w-1", new AttemptResult(JobReason.SIGNAL, null, null, 15, null, null, null)))
        .then(jobEnded("j", JobState.CANCELLED, JobReason.CANCELLED), workerIs("w-1", WorkerState.TERMINATING));
  }

  @Test
  void aJobThatSucceedsAfterItsCancellationIsCancelled() {
    given(submitted("j"), running("w-1"), cancelled("j")).when(attemptEnded("w-1", SUCCESS))
        .then(jobEnded("j", JobState.CANCELLED, JobReason.CANCELLED));
  }

  @Test
  void anAgentThatDoesNotObeyIsDestroyed() {
    given(submitted("j"), running("w-1"), cancelled("j")).when(seconds(19)).then(workerIs("w-1", WorkerState.BUSY))
        .when(seconds(2)).then(workerIs("w-1", WorkerState.TERMINATING), jobIs("j", JobState.RUNNING))
        .when(workerGone("w-1")).then(jobEnded("j", JobState.CANCELLED, JobReason.CANCELLED));
  }

  @Test
  void aCancelledJobIsNotRetriedWhenItsWorkerIsLost() {
    given(submitted(job("j").attempts(3)), running("w-1"), cancelled("j"), workerDied("w-1")).when(workerGone("w-1"))
        .then(jobEnded("j", JobState.CANCELLED, JobReason.CANCELLED), workers(1));
  }

  @Test
  void aRepeatedCancellationChangesNothing() {
    given(submitted("j"), running("w-1"), cancelled("j")).when(cancelled("j")).then(refused(Refusal.DUPLICATE), nothingHappened());
  }

  @Test
  void anEndedJobCannotBeCancelled() {
    given(submitted("j"), running("w-1"), attemptEnded("w-1", SUCCESS)).when(cancelled("j"))
        .then(jobEnded("j", JobState.SUCCEEDED, JobReason.EXIT_CODE), nothingHappened());
  }

  @Test
  void aCancellationThatOvertakesItsJobWaitsForIt() {
    given(cancelled("j")).then(noSuchJob("j")).when(submitted("j"))
        .then(jobEnded("j", JobState.CANCELLED, JobReason.CANCELLED), workers(0),
            jobEvents("j", "JobSubmitted", "JobQueued", "JobCancelRequested", "JobCompleted"));
  }

  @Test
  void aParkedCancellationSurvivesARestartAndIsForgottenAfterTenMinutes() {
    given(cancelled("j"), restarted(), aProvider(), seconds(590)).when(submitted("j"))
        .then(jobEnded("j", JobState.CANCELLED, JobReason.CANCELLED));
    given(cancelled("j"), seconds(601)).when(submitted("j")).then(jobIs("j", JobState.SCHEDULED));
  }

  @Test
  void aStartThatWasGrantedIsNotGrantedAgainAfterACancellation() {
    given(submitted("j"), running("w-1"), cancelled("j")).when(startAsked("w-1"))
        .then(startAnswered(false), startRefused(Refusal.CANCEL_REQUESTED));
  }
}
