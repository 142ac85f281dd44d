package io.hodei.domain;

import static io.hodei.domain.Ask.job;
import static io.hodei.domain.Checks.*;
import static io.hodei.domain.Scene.given;
import static io.hodei.domain.Scene.givenPool;
import static io.hodei.domain.Scene.pool;
import static io.hodei.domain.Steps.*;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Every state but the terminal ones has a deadline; what GC finds; what is forgotten, and when.
// proves: promise:5
// proves: seed:gap-deadlines
class ShardDeadlineTest {
  @Test
  void theQueueTimeoutEndsAPendingJob() {
    givenPool(pool(1), submitted("busy"), running("w-1"), submitted(job("j").queueTimeout(Duration.ofSeconds(30))))
        .when(seconds(29)).then(jobIs("j", JobState.PENDING))
        .when(seconds(2)).then(jobEnded("j", JobState.TIMEOUT, JobReason.QUEUE_TIMEOUT), queued(0));
  }

  @Test
  void theQueueTimeoutSurvivesARestart() {
    givenPool(pool(1), submitted("busy"), running("w-1"), submitted(job("j").queueTimeout(Duration.ofSeconds(30))), seconds(20), restarted(), aProvider())
        .when(seconds(11)).then(jobEnded("j", JobState.TIMEOUT, JobReason.QUEUE_TIMEOUT));
  }

  @Test
  void theQueueTimeoutDoesNotTouchARunningJob() {
    given(submitted(job("j").queueTimeout(Duration.ofSeconds(30))), running("w-1")).when(seconds(60)).then(jobIs("j", JobState.RUNNING));
  }

  @Test
  void aWorkerThatIsNotCreatedInTimeIsGivenUp() {
    given(submitted("j")).when(seconds(61)).then(workerIs("w-1", WorkerState.TERMINATING), jobIs("j", JobState.SCHEDULED))
        .when(workerGone("w-1")).then(jobEnded("j", JobState.FAILED, JobReason.PROVISION_FAILED));
  }

  @Test
  void anAgentThatDoesNotCallInTimeIsGivenUp() {
    given(submitted("j"), created("w-1")).when(seconds(61))
        .then(destroyAsked("w-1", DestroyCause.GC, TerminationReason.CONNECT_TIMEOUT, Duration.ZERO))
        .when(workerGone("w-1")).then(jobEnded("j", JobState.FAILED, JobReason.START_FAILED));
  }

  /// Whatever was done meanwhile is told by reports that are still to be read, by agents that still try to call, or is done late.
  @Test
  void whatWasToBeginWhileTheDispatcherWasAwayGetsItsWholeTimeAgain() {
    given(submitted("a", "b", "c"), created("w-2"), connected("w-3"), away(Duration.ofMinutes(10)), restarted(), aProvider())
        .when(seconds(59)).then(workerIs("w-1", WorkerState.CREATING), workerIs("w-2", WorkerState.CONNECTING), workerIs("w-3", WorkerState.BUSY))
        .when(running("w-1")).then(jobIs("a", JobState.RUNNING))
        .when(seconds(2)).then(workerIs("w-1", WorkerState.BUSY), workerIs("w-2", WorkerState.TERMINATING), workerIs("w-3", WorkerState.TERMINATING));
  }

  @Test
  void whoIsAwayAgainAndAgainCannotPutItOffForEver() {
    Scene scene = given(submitted("j"), created("w-1"));
    for (int i = 0; i < 10; i++) {
      scene.and(seconds(52), away(Duration.ofSeconds(7)));
    }
    scene.when(seconds(1)).then(workerIs("w-1", WorkerState.TERMINATING));
  }

  /// The end was acknowledged to the agent before everything was away, and is still to be read.
  @Test
  void anEndThatWasToldBeforeATakeoverCounts() {
    given(submitted(job("j").timeout(Duration.ofMinutes(5))), running("w-1"), away(Duration.ofMinutes(10)), restarted(), aProvider())
        .when(seconds(5)).then(workerIs("w-1", WorkerState.BUSY))
        .when(attemptEnded("w-1", SUCCESS)).then(jobEnded("j", JobState.SUCCEEDED, JobReason.EXIT_CODE));
  }

  @Test
  void anAttemptsOwnLimitRunsOnWhileTheDispatcherIsAway() {
    given(submitted(job("j").timeout(Duration.ofMinutes(5))), running("w-1"), away(Duration.ofMinutes(10)), restarted(), aProvider())
        .when(seconds(13)).then(destroyAsked("w-1", DestroyCause.GC, TerminationReason.MAX_LIFETIME, Duration.ofSeconds(10)));
  }

  // proves: seed:gap-lost-dispatch
  @Test
  void anAgentThatDoesNotStartInTimeIsGivenUp() {
    given(submitted("j"), connected("w-1")).when(seconds(61)).then(workerIs("w-1", WorkerState.TERMINATING), jobIs("j", JobState.ASSIGNED))
        .when(workerGone("w-1")).then(jobEnded("j", JobState.FAILED, JobReason.START_FAILED));
  }

  @Test
  void anAttemptThatOutlivesItsTimeoutByTwoMinutesIsDestroyed() {
    given(submitted(job("j").timeout(Duration.ofMinutes(5))), running("w-1")).when(seconds(419)).then(workerIs("w-1", WorkerState.BUSY))
        .when(seconds(2)).then(destroyAsked("w-1", DestroyCause.GC, TerminationReason.MAX_LIFETIME, Duration.ofSeconds(10)))
        .when(workerGone("w-1")).then(jobEnded("j", JobState.FAILED, JobReason.MAX_LIFETIME));
  }

  // proves: lie:1
  @Test
  void anOrphanIsDestroyedAndALiveWorkerNever() {
    given(submitted("j"), running("w-1")).when(orphanFound("stray"))
        .then(destroyAsked("stray", DestroyCause.GC, TerminationReason.ORPHAN, Duration.ZERO))
        .when(orphanFound("w-1")).then(refused(Refusal.NOT_IN_THIS_STATE), nothingHappened());
  }

  // proves: lie:3
  @Test
  void noLiveStateMakesAnOrphan() {
    given(submitted("j")).when(orphanFound("w-1")).then(nothingHappened())
        .and(created("w-1")).when(orphanFound("w-1")).then(nothingHappened())
        .and(agentCalled("w-1", boot("w-1"))).when(orphanFound("w-1")).then(nothingHappened())
        .and(startAsked("w-1")).when(orphanFound("w-1")).then(nothingHappened())
        .and(attemptEnded("w-1", SUCCESS)).when(orphanFound("w-1")).then(nothingHappened())
        .and(workerGone("w-1")).when(orphanFound("w-1")).then(effects(Effect.DestroyWorker.class));
  }

  @Test
  void aGhostIsLostWhenItsRowHasNotMovedSince() {
    Scene scene = given(submitted("j"), running("w-1"));
    long seen = scene.existing("w-1").head().sequence();
    scene.when(told("w-1", new WorkerCommand.RecordGhost(seen - 1))).then(refused(Refusal.STALE_EPOCH), workerIs("w-1", WorkerState.BUSY))
        .when(told("w-1", new WorkerCommand.RecordGhost(seen))).then(workerEvents("w-1", "WorkerLost", "WorkerTerminating"));
  }

  @Test
  void aWorkerInCreationIsNoGhost() {
    given(submitted("j")).when(told("w-1", new WorkerCommand.RecordGhost(1))).then(refused(Refusal.NOT_IN_THIS_STATE), nothingHappened());
  }

  @Test
  void aCleanWorkerIsForgottenADayLater() {
    given(submitted("j"), running("w-1"), attemptEnded("w-1", SUCCESS), workerGone("w-1")).when(foundClean("w-1"))
        .then(workerEvents("w-1", "WorkerCleanedUp"))
        .when(foundClean("w-1")).then(nothingHappened())
        .when(passed(Duration.ofHours(23))).then(workerIs("w-1", WorkerState.TERMINATED))
        .when(passed(Duration.ofHours(2))).then(noSuchWorker("w-1"));
  }

  @Test
  void aWorkerThatWasNotFoundCleanIsKept() {
    given(submitted("j"), running("w-1"), attemptEnded("w-1", SUCCESS), workerGone("w-1"))
        .when(passed(Duration.ofDays(3))).then(workerIs("w-1", WorkerState.TERMINATED));
  }

  @Test
  void aLivingWorkerIsNotClean() {
    given(submitted("j"), running("w-1")).when(foundClean("w-1", "stranger")).then(nothingHappened())
        .and(attemptEnded("w-1", SUCCESS)).when(foundClean("w-1")).then(nothingHappened());
  }

  @Test
  void theClockNeverGoesBack() {
    given(submitted("a"), running("w-1"), seconds(30)).when(scene -> {
      scene.jump(Duration.ofHours(-1));
      scene.and(attemptEnded("w-1", SUCCESS));
    }).then(scene -> {
      Job.Ended end = scene.ended.get(new JobId("a"));
      org.junit.jupiter.api.Assertions.assertTrue(end != null && !end.finishedAt().isBefore(Scene.START.plusSeconds(30)));
    });
  }
}
