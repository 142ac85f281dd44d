package io.hodei.domain;

import static io.hodei.domain.Ask.job;
import static io.hodei.domain.Checks.*;
import static io.hodei.domain.Scene.given;
import static io.hodei.domain.Scene.givenPool;
import static io.hodei.domain.Scene.pool;
import static io.hodei.domain.Steps.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A job's way through a shard when nothing goes wrong; the queue; ids and keys.
class ShardTest {
  @Test
  void aSubmittedJobGetsAWorkerAtOnce() {
    given().when(submitted("j"))
        .then(jobIs("j", JobState.SCHEDULED), workerIs("w-1", WorkerState.CREATING),
            jobEvents("j", "JobSubmitted", "JobQueued", "JobScheduled"), workerEvents("w-1", "WorkerProvisioningRequested"),
            effects(Effect.ProvisionWorker.class));
  }

  @Test
  void theOfferFollowsTheToken() {
    given(submitted("j")).when(tokenDrawn("w-1")).then(effects(Effect.OfferJob.class), workerEvents("w-1"));
  }

  @Test
  void theCallOfItsAgentAssignsTheJob() {
    given(submitted("j"), created("w-1")).when(agentCalled("w-1", "b"))
        .then(jobIs("j", JobState.ASSIGNED), workerIs("w-1", WorkerState.BUSY), jobEvents("j", "JobAssigned"),
            workerEvents("w-1", "WorkerConnected", "WorkerReady", "WorkerBusy"));
  }

  @Test
  void anAgentMayCallBeforeItsCreationIsReported() {
    given(submitted("j"), tokenDrawn("w-1")).when(agentCalled("w-1", "b"))
        .then(jobIs("j", JobState.ASSIGNED), workerEvents("w-1", "WorkerCreated", "WorkerConnected", "WorkerReady", "WorkerBusy"))
        .when(told("w-1", new WorkerCommand.RecordCreation("pid-7"))).then(workerIs("w-1", WorkerState.BUSY), workerEvents("w-1"));
  }

  @Test
  void theStartIsGrantedOnceAndTheAnswerRepeated() {
    given(submitted("j"), connected("w-1")).when(startAsked("w-1"))
        .then(jobIs("j", JobState.RUNNING), startAnswered(true), jobEvents("j", "JobStarted"))
        .when(startAsked("w-1")).then(startAnswered(true), jobEvents("j"));
  }

  // proves: lie:2
  // proves: seed:scenario-completion-destroys, seed:clean-up
  @Test
  void theEndOfTheAttemptDestroysTheWorkerAtOnce() {
    given(submitted("j"), running("w-1")).when(attemptEnded("w-1", SUCCESS))
        .then(jobEnded("j", JobState.SUCCEEDED, JobReason.EXIT_CODE), jobEvents("j", "JobAttemptEnded", "JobCompleted"),
            workerIs("w-1", WorkerState.TERMINATING), workerEvents("w-1", "WorkerJobCompleted", "WorkerTerminating"),
            destroyAsked("w-1", DestroyCause.IMMEDIATE, TerminationReason.JOB_COMPLETED, Duration.ZERO))
        .when(workerGone("w-1")).then(workerIs("w-1", WorkerState.TERMINATED), workerEvents("w-1", "WorkerTerminated"));
  }

  @Test
  void theTimeFromTheEndToTheDestructionIsKept() {
    Scene scene = given(submitted("j"), running("w-1"), attemptEnded("w-1", SUCCESS), seconds(1), workerGone("w-1"));
    assertEquals(1000L, ((Worker.Terminated) scene.existing("w-1")).finishedToDestroyedMs());
  }

  // proves: promise:1
  @Test
  void aSecondReportOfTheEndChangesNothing() {
    given(submitted("j"), running("w-1"), attemptEnded("w-1", SUCCESS)).when(attemptEnded("w-1", exit(3)))
        .then(jobEnded("j", JobState.SUCCEEDED, JobReason.EXIT_CODE), nothingHappened());
  }

  // proves: invariant:I5
  @Test
  void noMoreWorkersThanThePoolHasSlots() {
    givenPool(pool(2)).when(submitted("a", "b", "c")).then(workers(2), jobIs("c", JobState.PENDING))
        .when(running("w-1")).then(jobIs("c", JobState.PENDING))
        .when(attemptEnded("w-1", SUCCESS)).then(workers(2), jobIs("c", JobState.PENDING))
        .when(workerGone("w-1")).then(jobIs("c", JobState.SCHEDULED), workerIs("w-3", WorkerState.CREATING));
  }

  @Test
  void noMoreWorkersInCreationThanAllowed() {
    PoolPolicy narrow = new PoolPolicy("default", "process", WorkerMode.EPHEMERAL, 8, 1, 0, true, true, false, Map.of(), PoolTimes.PROCESS, 1);
    givenPool(narrow).when(submitted("a", "b")).then(jobIs("a", JobState.SCHEDULED), jobIs("b", JobState.PENDING))
        .when(connected("w-1")).then(jobIs("b", JobState.SCHEDULED));
  }

  // proves: lie:6
  @Test
  void higherPriorityGoesFirstThenTheLongerWait() {
    givenPool(pool(1), submitted("running"), submitted(job("old")), seconds(1), submitted(job("new")), submitted(job("urgent").priority(5)),
        running("w-1"), attemptEnded("w-1", SUCCESS))
        .when(workerGone("w-1")).then(jobIs("urgent", JobState.SCHEDULED))
        .and(running("w-2"), attemptEnded("w-2", SUCCESS)).when(workerGone("w-2"))
        .then(jobIs("old", JobState.SCHEDULED), jobIs("new", JobState.PENDING));
  }

  // proves: contract:idempotency
  @Test
  void theSameRequestTwiceIsOneJob() {
    given(submitted("j")).when(submitted("j")).then(refused(Refusal.DUPLICATE), nothingHappened());
    given(submitted("j"), running("w-1"), attemptEnded("w-1", SUCCESS)).when(submitted("j")).then(refused(Refusal.DUPLICATE), nothingHappened());
  }

  @Test
  void anotherRequestUnderTheSameIdIsAConflict() {
    given(submitted("j")).when(submitted(job("j").command("false"))).then(rejected("conflict", "id"), jobEvents("j"));
  }

  @Test
  void theSameKeyIsTheSameJobWhateverItsId() {
    given(submitted(job("a").key("k"))).when(submitted(job("b").key("k"))).then(refused(Refusal.DUPLICATE), noSuchJob("b"))
        .when(submitted(job("c").key("k").command("false"))).then(rejected("conflict", "idempotencyKey"), noSuchJob("c"));
  }

  @Test
  void aKeyIsForgottenAfterADayAndAnIdSevenDaysAfterTheEnd() {
    Scene scene = given(submitted(job("a").key("k")), running("w-1"), attemptEnded("w-1", SUCCESS), workerGone("w-1"));
    scene.and(passed(Duration.ofHours(23))).when(submitted(job("b").key("k"))).then(refused(Refusal.DUPLICATE))
        .and(passed(Duration.ofHours(2))).when(submitted(job("b").key("k"))).then(jobIs("b", JobState.SCHEDULED))
        .when(submitted("a")).then(refused(Refusal.DUPLICATE))
        .and(cancelled("b"), workerGone("w-2"), passed(Duration.ofDays(6))).when(submitted("a")).then(jobIs("a", JobState.SCHEDULED));
  }

  @Test
  void anOpenJobIsNeverForgotten() {
    givenPool(pool(1), submitted("busy"), submitted(job("j").queueTimeout(Duration.ofDays(30))), running("w-1"), passed(Duration.ofDays(9)))
        .when(submitted(job("j").queueTimeout(Duration.ofDays(30)))).then(refused(Refusal.DUPLICATE));
  }

  @Test
  void nothingIsScheduledOnAProviderThatIsNotHeard() {
    given(noProvider(), seconds(25)).when(submitted("j")).then(jobIs("j", JobState.PENDING), workers(0))
        .when(aProvider()).then(jobIs("j", JobState.SCHEDULED));
  }

  @Test
  void aRestartedShardKnowsWhatItKnew() {
    given(submitted("a", "b"), running("w-1"), restarted(), aProvider())
        .when(attemptEnded("w-1", exit(3))).then(jobEnded("a", JobState.FAILED, JobReason.EXIT_CODE))
        .when(submitted("b")).then(refused(Refusal.DUPLICATE))
        .when(connected("w-2")).then(jobIs("b", JobState.ASSIGNED));
  }
}
