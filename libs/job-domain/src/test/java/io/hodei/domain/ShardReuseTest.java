package io.hodei.domain;

import static io.hodei.domain.Ask.job;
import static io.hodei.domain.Checks.*;
import static io.hodei.domain.Scene.givenPool;
import static io.hodei.domain.Steps.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Workers that take one job after the other, and what a change of their pool means for them.
// proves: seed:policy, seed:scenario-completion-keeps
class ShardReuseTest {
  private static final PoolPolicy REUSING = reusing(1, 0, 30);

  private static PoolPolicy reusing(int workers, int maxJobs, int maxLifetimeSeconds) {
    PoolTimes usual = PoolTimes.PROCESS;
    return Scene.pool(WorkerMode.REUSABLE, workers, maxJobs, false, new PoolTimes(Duration.ofSeconds(maxLifetimeSeconds), usual.maxJobTimeout(),
        usual.ttlAfterCompletion(), Duration.ofSeconds(10), usual.gracefulTermination(), usual.createTimeout(), usual.connectTimeout(), usual.orphanCheckInterval()));
  }

  @Test
  void theEndOfAJobMakesItsWorkerReadyAndDestroysNothing() {
    givenPool(REUSING, submitted("a"), running("w-1")).when(attemptEnded("w-1", SUCCESS))
        .then(jobEnded("a", JobState.SUCCEEDED, JobReason.EXIT_CODE), workerIs("w-1", WorkerState.READY), effects(),
            workerEvents("w-1", "WorkerJobCompleted", "WorkerReady"));
  }

  @Test
  void theNextJobGoesToTheIdleWorkerAtOnce() {
    Scene scene = givenPool(REUSING, submitted("a"), running("w-1"), attemptEnded("w-1", SUCCESS)).when(submitted("b"))
        .then(jobIs("b", JobState.ASSIGNED), workers(1), jobEvents("b", "JobSubmitted", "JobQueued", "JobAssigned"),
            workerEvents("w-1", "WorkerBusy"), effects(Effect.OfferJob.class));
    assertEquals(2, ((Effect.OfferJob) scene.last().effects().getFirst()).number());
    scene.when(startAsked("w-1")).then(startAnswered(true), jobIs("b", JobState.RUNNING));
  }

  @Test
  void aWaitingJobIsTakenInTheSameDecisionAsTheEndOfTheLast() {
    givenPool(REUSING, submitted("a", "b"), running("w-1")).when(attemptEnded("w-1", exit(3)))
        .then(jobEnded("a", JobState.FAILED, JobReason.EXIT_CODE), jobIs("b", JobState.ASSIGNED), workerIs("w-1", WorkerState.BUSY));
  }

  @Test
  void theLateReportOfAnEarlierJobIsNotTakenForTheCurrentOne() {
    givenPool(REUSING, submitted("a", "b"), running("w-1"), attemptEnded("w-1", SUCCESS), startAsked("w-1"))
        .when(scene -> scene.put(new Input.AgentEnded(new WorkerId("w-1"), boot("w-1"), new JobId("a"), 1, exit(1), null)))
        .then(nothingHappened(), jobIs("b", JobState.RUNNING))
        .when(scene -> scene.put(new Input.AgentStarting(new WorkerId("w-1"), boot("w-1"), new JobId("a"), 1)))
        .then(startAnswered(false), jobIs("b", JobState.RUNNING));
  }

  @Test
  void anIdleWorkerGoesAfterItsIdleTimeout() {
    givenPool(REUSING, submitted("a"), running("w-1"), attemptEnded("w-1", SUCCESS)).when(seconds(9)).then(workerIs("w-1", WorkerState.READY))
        .when(seconds(2)).then(workerEvents("w-1", "WorkerIdleTimeout", "WorkerTerminating"),
            destroyAsked("w-1", DestroyCause.GC, TerminationReason.IDLE_TIMEOUT, Duration.ZERO));
  }

  @Test
  void anIdleWorkerGoesWhenItHasLivedForLongEnough() {
    givenPool(reusing(1, 0, 12), submitted("a"), running("w-1"), seconds(8), attemptEnded("w-1", SUCCESS)).when(seconds(5))
        .then(destroyAsked("w-1", DestroyCause.GC, TerminationReason.MAX_LIFETIME, PoolTimes.PROCESS.gracefulTermination()));
  }

  @Test
  void whoHasOutlivedItsTimeWithAJobTakesNoOther() {
    givenPool(reusing(1, 0, 12), submitted(job("a").timeout(Duration.ofHours(1))), submitted("b"), running("w-1"), seconds(13))
        .when(attemptEnded("w-1", SUCCESS))
        .then(jobEnded("a", JobState.SUCCEEDED, JobReason.EXIT_CODE), destroyAsked("w-1", DestroyCause.IMMEDIATE, TerminationReason.JOB_COMPLETED, Duration.ZERO),
            jobIs("b", JobState.PENDING));
  }

  @Test
  void itTakesAsManyJobsAsItsPoolSays() {
    givenPool(reusing(1, 2, 60), submitted("a", "b", "c"), running("w-1"), attemptEnded("w-1", SUCCESS), startAsked("w-1"))
        .when(attemptEnded("w-1", SUCCESS))
        .then(destroyAsked("w-1", DestroyCause.IMMEDIATE, TerminationReason.JOB_COMPLETED, Duration.ZERO), jobIs("c", JobState.PENDING));
  }

  @Test
  void anAgentThatCouldNotCleanUpTakesNoOther() {
    givenPool(REUSING, submitted("a"), running("w-1"))
        .when(scene -> scene.put(new Input.AgentEnded(new WorkerId("w-1"), boot("w-1"), new JobId("a"), 1, SUCCESS, "It could not remove work/x.")))
        .then(jobEnded("a", JobState.SUCCEEDED, JobReason.EXIT_CODE), workerEvents("w-1", "WorkerJobCompleted", "WorkerTerminating"),
            destroyAsked("w-1", DestroyCause.IMMEDIATE, TerminationReason.JOB_COMPLETED, Duration.ZERO));
  }

  @Test
  void moreJobsThanIdleWorkersMakeMoreWorkers() {
    givenPool(reusing(2, 0, 60), submitted("a"), running("w-1"), attemptEnded("w-1", SUCCESS)).when(submitted("b", "c", "d"))
        .then(jobIs("b", JobState.ASSIGNED), jobIs("c", JobState.SCHEDULED), jobIs("d", JobState.PENDING), workers(2));
  }

  @Test
  void theWorkerThatWasUsedLastIsUsedNextSoThatTheOthersMayGo() {
    givenPool(reusing(2, 0, 60), submitted("a", "b"), running("w-1", "w-2"), attemptEnded("w-2", SUCCESS), seconds(1), attemptEnded("w-1", SUCCESS))
        .when(submitted("c")).then(workerIs("w-1", WorkerState.BUSY), workerIs("w-2", WorkerState.READY));
  }

  @Test
  void theDeathOfAnIdleWorkerCostsNoJob() {
    givenPool(REUSING, submitted("a"), running("w-1"), attemptEnded("w-1", SUCCESS), workerDied("w-1"))
        .when(submitted("b")).then(jobIs("b", JobState.PENDING))
        .when(workerGone("w-1")).then(jobIs("b", JobState.SCHEDULED), workerIs("w-1", WorkerState.TERMINATED));
  }

  @Test
  void aSilentIdleWorkerLosesItsLease() {
    givenPool(reusing(1, 0, 600), submitted("a"), running("w-1"), attemptEnded("w-1", SUCCESS), silentAgents("w-1"))
        .and(scene -> scene.apply(reusing(1, 0, 600)))
        .when(seconds(9)).then(workerIs("w-1", WorkerState.READY)).when(seconds(6)).then(workerIs("w-1", WorkerState.TERMINATING));
  }

  @Test
  void drainingAnIdleWorkerDestroysIt() {
    givenPool(REUSING, submitted("a"), running("w-1"), attemptEnded("w-1", SUCCESS)).when(told("w-1", new WorkerCommand.DrainWorker("ann")))
        .then(workerEvents("w-1", "WorkerDraining", "WorkerTerminating"),
            destroyAsked("w-1", DestroyCause.MANUAL, TerminationReason.MANUAL, PoolTimes.PROCESS.gracefulTermination()));
  }

  @Test
  void aDrainedBusyWorkerFinishesAndGoes() {
    givenPool(REUSING, submitted("a", "b"), running("w-1"), told("w-1", new WorkerCommand.DrainWorker("ann"))).when(attemptEnded("w-1", SUCCESS))
        .then(jobEnded("a", JobState.SUCCEEDED, JobReason.EXIT_CODE), jobIs("b", JobState.PENDING),
            destroyAsked("w-1", DestroyCause.IMMEDIATE, TerminationReason.JOB_COMPLETED, Duration.ZERO));
  }

  @Test
  void idleWorkersSurviveARestartOfTheDispatcher() {
    givenPool(REUSING, submitted("a"), running("w-1"), attemptEnded("w-1", SUCCESS), restarted(), aProvider()).when(submitted("b"))
        .then(jobIs("b", JobState.ASSIGNED), workers(1));
  }

  @Test
  void aPoolThatReusesNoMoreLetsItsIdleWorkersGoAndHarmsNoBusyOne() {
    givenPool(reusing(2, 0, 60), submitted("a", "b"), running("w-1", "w-2"), attemptEnded("w-1", SUCCESS), scene -> scene.apply(Scene.pool(2)))
        .when(seconds(1)).then(workerIs("w-1", WorkerState.TERMINATING), workerIs("w-2", WorkerState.BUSY))
        .when(attemptEnded("w-2", SUCCESS)).then(workerIs("w-2", WorkerState.TERMINATING), jobIs("b", JobState.SUCCEEDED));
  }

  @Test
  void aSmallerPoolKillsNobodyAndMakesNobody() {
    givenPool(Scene.pool(3), submitted("a", "b", "c"), running("w-1", "w-2", "w-3"), scene -> scene.apply(Scene.pool(1)))
        .when(submitted("d")).then(jobIs("d", JobState.PENDING), jobIs("a", JobState.RUNNING), workers(3))
        .when(s -> s.and(attemptEnded("w-1", SUCCESS), workerGone("w-1"))).then(jobIs("d", JobState.PENDING))
        .when(s -> s.and(attemptEnded("w-2", SUCCESS), workerGone("w-2"), attemptEnded("w-3", SUCCESS), workerGone("w-3")))
        .then(jobIs("d", JobState.SCHEDULED));
  }

  @Test
  void aSmallerPoolLetsReusableWorkersGoAsTheirJobsEnd() {
    givenPool(reusing(3, 0, 600), submitted("a", "b", "c"), running("w-1", "w-2", "w-3"), submitted("d", "e"), scene -> scene.apply(reusing(1, 0, 600)))
        .when(attemptEnded("w-1", SUCCESS)).then(workerIs("w-1", WorkerState.TERMINATING), jobIs("d", JobState.PENDING))
        .when(attemptEnded("w-2", SUCCESS)).then(workerIs("w-2", WorkerState.TERMINATING), jobIs("d", JobState.PENDING))
        .when(attemptEnded("w-3", SUCCESS)).then(workerIs("w-3", WorkerState.BUSY), jobIs("d", JobState.ASSIGNED), jobIs("e", JobState.PENDING));
  }

  @Test
  void aSmallerPoolLetsIdleWorkersGoThoseFirstThatWereIdleForLongest() {
    givenPool(reusing(2, 0, 600), submitted("a", "b"), running("w-1", "w-2"), attemptEnded("w-2", SUCCESS), seconds(1), attemptEnded("w-1", SUCCESS))
        .when(scene -> scene.apply(reusing(1, 0, 600))).then(workerIs("w-2", WorkerState.TERMINATING), workerIs("w-1", WorkerState.READY));
  }

  @Test
  void aJobWithoutATimeoutGetsNoLongerOneThanItMayAskFor() {
    PoolTimes usual = PoolTimes.PROCESS;
    PoolPolicy strict = Scene.pool(WorkerMode.EPHEMERAL, 1, 0, false, new PoolTimes(usual.maxLifetime(), Duration.ofMinutes(10), usual.ttlAfterCompletion(),
        usual.idleTimeout(), usual.gracefulTermination(), usual.createTimeout(), usual.connectTimeout(), usual.orphanCheckInterval()));
    Scene scene = givenPool(strict, submitted("j"), running("w-1"));
    assertEquals(Duration.ofMinutes(10), scene.existing("w-1").head().binding().timeout());
  }

  @Test
  void aLargerPoolMakesWorkersAtOnce() {
    givenPool(Scene.pool(1), submitted("a", "b")).when(scene -> scene.apply(Scene.pool(2))).then(jobIs("b", JobState.SCHEDULED));
  }

  @Test
  void aShorterIdleTimeoutHoldsForThoseThatAreIdleAlready() {
    PoolTimes usual = REUSING.times();
    PoolPolicy shorter = Scene.pool(WorkerMode.REUSABLE, 1, 0, false, new PoolTimes(usual.maxLifetime(), usual.maxJobTimeout(), usual.ttlAfterCompletion(),
        Duration.ofSeconds(3), usual.gracefulTermination(), usual.createTimeout(), usual.connectTimeout(), usual.orphanCheckInterval()));
    givenPool(REUSING, submitted("a"), running("w-1"), attemptEnded("w-1", SUCCESS), seconds(2), scene -> scene.apply(shorter))
        .when(seconds(2)).then(workerIs("w-1", WorkerState.TERMINATING));
  }

  @Test
  void aRequestThatItsChangedPoolRefusesIsAJobThatFailed() {
    Scene scene = givenPool(REUSING).when(s -> s.put(new Input.RefuseJob(job("a").input(s.now()), new Violation("timeout", "out-of-range", "Expected at most 1h."))))
        .then(jobEnded("a", JobState.FAILED, JobReason.REFUSED), jobEvents("a", "JobSubmitted", "JobCompleted"), workers(0));
    assertNull(scene.job("a"));
    scene.when(submitted("a")).then(refused(Refusal.DUPLICATE), nothingHappened());
    assertEquals(List.of(), scene.last().effects());
  }

  private static final PoolPolicy BOXES = boxes("debian:12");

  private static PoolPolicy boxes(String image) {
    return new PoolPolicy("default", List.of("docker"), WorkerMode.REUSABLE, 1, 1, 0, true, true, false, new PoolTemplate(image, null, java.util.Map.of()), REUSING.times(), 1);
  }

  private static Scene boxesWithAnIdleOne() {
    return givenPool(BOXES, submitted("a"), running("w-1"), attemptEnded("w-1", SUCCESS));
  }

  @Test
  void aJobOfTheSameImageAndLimitsTakesTheContainerThatIsThere() {
    boxesWithAnIdleOne().when(submitted(job("b").image("debian:12"))).then(jobIs("b", JobState.ASSIGNED), workers(1));
  }

  /// What it is made of would not be what was asked for; its slot is.
  @Test
  void aJobOfAnotherImageGetsAContainerOfItsOwnOnTheSlotOfTheIdleOne() {
    boxesWithAnIdleOne().when(submitted(job("b").image("python:3.13"))).then(jobIs("b", JobState.PENDING), workerIs("w-1", WorkerState.TERMINATING))
        .when(seconds(2)).then(workers(1))
        .when(workerGone("w-1")).then(jobIs("b", JobState.SCHEDULED), workerIs("w-2", WorkerState.CREATING));
  }

  @Test
  void aPoolThatChangesItsImageReusesNoneOfTheOld() {
    boxesWithAnIdleOne().and(scene -> scene.apply(boxes("debian:13"))).when(submitted("b")).then(jobIs("b", JobState.PENDING), workerIs("w-1", WorkerState.TERMINATING));
  }
}
