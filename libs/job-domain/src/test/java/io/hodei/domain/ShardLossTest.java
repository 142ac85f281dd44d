package io.hodei.domain;

import static io.hodei.domain.Ask.job;
import static io.hodei.domain.Checks.*;
import static io.hodei.domain.Scene.given;
import static io.hodei.domain.Scene.givenPool;
import static io.hodei.domain.Scene.pool;
import static io.hodei.domain.Steps.*;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Lost workers, proof of death, destructions that fail, agents that lie.
// proves: promise:2, invariant:I7
class ShardLossTest {
  private static final Ask TWICE = job("j").attempts(2);

  @Test
  void aLostWorkerIsDestroyedFirstAndItsJobRetriedWhenItIsGone() {
    given(submitted(TWICE), running("w-1")).when(workerDied("w-1"))
        .then(jobIs("j", JobState.RUNNING), workerEvents("w-1", "WorkerLost", "WorkerTerminating"), workers(1),
            destroyAsked("w-1", DestroyCause.SELF, TerminationReason.LOST, Duration.ZERO))
        .when(workerGone("w-1"))
        .then(jobIs("j", JobState.SCHEDULED), attemptOf("j", 2), workerIs("w-2", WorkerState.CREATING),
            jobEvents("j", "JobAttemptEnded", "JobRetryScheduled", "JobQueued", "JobScheduled"));
  }

  @Test
  void withOneAttemptALostWorkerFailsItsJob() {
    given(submitted("j"), running("w-1"), workerDied("w-1")).when(workerGone("w-1"))
        .then(jobEnded("j", JobState.FAILED, JobReason.WORKER_LOST), workers(1));
  }

  @Test
  void aRetryWaitsForItsBackoff() {
    given(submitted(job("j").retry(new RetryPolicy(2, Duration.ofSeconds(5), Duration.ofMinutes(1), List.of(), List.of()))), running("w-1"))
        .when(attemptEnded("w-1", exit(3))).then(jobIs("j", JobState.PENDING), attemptOf("j", 1))
        .when(seconds(4)).then(jobIs("j", JobState.PENDING))
        .when(seconds(2)).then(jobIs("j", JobState.SCHEDULED), attemptOf("j", 2));
  }

  @Test
  void aRestartKeepsTheBackoff() {
    given(submitted(job("j").retry(new RetryPolicy(2, Duration.ofSeconds(5), Duration.ofMinutes(1), List.of(), List.of()))), running("w-1"),
        attemptEnded("w-1", exit(3)), restarted(), aProvider())
        .when(seconds(4)).then(jobIs("j", JobState.PENDING)).when(seconds(2)).then(jobIs("j", JobState.SCHEDULED));
  }

  @Test
  void theReportOfADeadAttemptIsNotTakenForTheNextOne() {
    Scene scene = given(submitted(TWICE), running("w-1"), workerDied("w-1"), workerGone("w-1"), running("w-2"));
    scene.when(attemptEnded("w-1", SUCCESS)).then(jobIs("j", JobState.RUNNING), nothingHappened());
    scene.when(startAsked("w-1")).then(startAnswered(false));
    scene.when(s -> s.put(new Input.AgentEnded(new WorkerId("w-2"), boot("w-2"), new JobId("j"), 1, SUCCESS, null)))
        .then(jobIs("j", JobState.RUNNING), nothingHappened());
  }

  @Test
  void anotherAgentUnderTheSameNameIsRefused() {
    Scene scene = given(submitted("j"), connected("w-1"));
    scene.when(agentCalled("w-1", "impostor")).then(effects(Effect.RefuseBoot.class), jobIs("j", JobState.ASSIGNED));
    scene.when(s -> s.put(new Input.AgentStarting(new WorkerId("w-1"), "impostor", new JobId("j"), 1)))
        .then(startAnswered(false), startRefused(Refusal.WRONG_BOOT), jobIs("j", JobState.ASSIGNED));
    scene.and(startAsked("w-1")).when(s -> s.put(new Input.AgentEnded(new WorkerId("w-1"), "impostor", new JobId("j"), 1, SUCCESS, null)))
        .then(refused(Refusal.WRONG_BOOT), nothingHappened(), jobIs("j", JobState.RUNNING));
    scene.when(agentCalled("w-1", boot("w-1"))).then(refused(Refusal.DUPLICATE), nothingHappened());
  }

  @Test
  void anImpostorDoesNotKeepADeadAgentsLeaseAlive() {
    Scene scene = given(submitted("j"), running("w-1"), silentAgents("w-1"));
    for (int i = 0; i < 5; i++) {
      scene.and(seconds(3), agentCalled("w-1", "impostor"));
    }
    scene.then(workerIs("w-1", WorkerState.TERMINATING));
  }

  @Test
  void aSuccessBeforeTheStartIsRefused() {
    given(submitted("j"), connected("w-1")).when(attemptEnded("w-1", SUCCESS))
        .then(refused(Refusal.NOT_IN_THIS_STATE), jobIs("j", JobState.ASSIGNED), nothingHappened());
  }

  @Test
  void aFailureBeforeTheStartConsumesTheAttempt() {
    given(submitted("j"), connected("w-1"))
        .when(attemptEnded("w-1", AttemptResult.failure(JobReason.START_FAILED, Category.CONFIGURATION, "No such directory.", "Make it.")))
        .then(jobEnded("j", JobState.FAILED, JobReason.START_FAILED), workerIs("w-1", WorkerState.TERMINATING));
  }

  @Test
  void aCreationThatFailsFailsTheAttempt() {
    given(submitted(TWICE)).when(told("w-1", new WorkerCommand.RecordCreateFailure(JobReason.PROVISION_FAILED, "No space.")))
        .then(jobIs("j", JobState.SCHEDULED), workerIs("w-1", WorkerState.TERMINATING))
        .when(workerGone("w-1")).then(attemptOf("j", 2), workerIs("w-2", WorkerState.CREATING))
        .and(told("w-2", new WorkerCommand.RecordCreateFailure(JobReason.IMAGE_ERROR, "No image."))).when(workerGone("w-2"))
        .then(jobEnded("j", JobState.FAILED, JobReason.IMAGE_ERROR));
  }

  @Test
  void anAgentThatDiesForLackOfMemorySaysSoOfItsJob() {
    given(submitted("j"), running("w-1")).when(told("w-1", new WorkerCommand.RecordExit(JobReason.OOM_KILLED, "It needed more.")))
        .then(workerEvents("w-1", "WorkerLost", "WorkerTerminating"), jobIs("j", JobState.RUNNING))
        .when(workerGone("w-1")).then(jobEnded("j", JobState.FAILED, JobReason.OOM_KILLED));
  }

  @Test
  void aWorkerThatWillNeverLiveSaysWhyAndWhatToDo() {
    given(submitted("j"), created("w-1")).when(told("w-1", new WorkerCommand.RecordExit(JobReason.IMAGE_ERROR, "No such image.", "Push it.")))
        .then(workerIs("w-1", WorkerState.TERMINATING), jobIs("j", JobState.SCHEDULED))
        .when(workerGone("w-1")).then(jobEnded("j", JobState.FAILED, JobReason.IMAGE_ERROR), advised("j", "Push it."));
  }

  @Test
  void anAgentThatGivesUpIsDestroyed() {
    given(submitted("j"), running("w-1")).when(told("w-1", new WorkerCommand.ReportFailure("No gateway for 60 s.")))
        .then(workerEvents("w-1", "WorkerFailedSelfReported", "WorkerTerminating"), jobIs("j", JobState.RUNNING))
        .when(workerGone("w-1")).then(jobEnded("j", JobState.FAILED, JobReason.WORKER_LOST));
  }

  // proves: seed:scenario-failing-destruction, seed:clean-up-failure
  @Test
  void aDestructionIsAskedAgainUntilItIsConfirmed() {
    Scene scene = given(submitted("j"), running("w-1"), attemptEnded("w-1", SUCCESS));
    Duration waited = Duration.ZERO;
    for (int seconds : List.of(4, 8, 16, 30, 30)) {
      scene.when(seconds(seconds - 1)).then(effects()).when(seconds(1)).then(effects(Effect.DestroyWorker.class));
      waited = waited.plusSeconds(seconds);
    }
    scene.when(workerGone("w-1")).then(workerIs("w-1", WorkerState.TERMINATED)).when(seconds(60)).then(effects());
  }

  @Test
  void aDestructionThatFailsIsRecordedAndRepeated() {
    given(submitted("j"), running("w-1"), attemptEnded("w-1", SUCCESS))
        .when(told("w-1", new WorkerCommand.RecordDestroyFailure("Permission denied.")))
        .then(workerEvents("w-1", "WorkerDestroyFailed"), jobEnded("j", JobState.SUCCEEDED, JobReason.EXIT_CODE), effects())
        .when(seconds(4)).then(effects(Effect.DestroyWorker.class));
  }

  @Test
  void aRestartGoesOnWithADestruction() {
    given(submitted("j"), running("w-1"), attemptEnded("w-1", SUCCESS), restarted(), aProvider())
        .when(seconds(5)).then(effects(Effect.DestroyWorker.class));
  }

  @Test
  void aWorkerInDestructionHoldsItsSlot() {
    givenPool(pool(1), submitted("a", "b"), running("w-1"), attemptEnded("w-1", SUCCESS)).when(seconds(60)).then(jobIs("b", JobState.PENDING))
        .when(workerGone("w-1")).then(jobIs("b", JobState.SCHEDULED));
  }

  @Test
  void aPersonsDestructionIsGracefulAndTheJobLosesItsWorker() {
    given(submitted("j"), running("w-1")).when(told("w-1", new WorkerCommand.DestroyWorker("ann")))
        .then(destroyAsked("w-1", DestroyCause.MANUAL, TerminationReason.MANUAL, Duration.ofSeconds(10)))
        .when(workerGone("w-1")).then(jobEnded("j", JobState.FAILED, JobReason.WORKER_LOST));
  }

  @Test
  void aDrainingWorkerEndsItsJobFirst() {
    given(submitted("j"), running("w-1")).when(told("w-1", new WorkerCommand.DrainWorker("ann"))).then(workerIs("w-1", WorkerState.DRAINING))
        .when(attemptEnded("w-1", SUCCESS)).then(jobEnded("j", JobState.SUCCEEDED, JobReason.EXIT_CODE), workerIs("w-1", WorkerState.TERMINATING));
  }
}
