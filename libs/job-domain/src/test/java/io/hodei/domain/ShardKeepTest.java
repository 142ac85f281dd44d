package io.hodei.domain;

import static io.hodei.domain.Ask.job;
import static io.hodei.domain.Checks.*;
import static io.hodei.domain.Scene.givenPool;
import static io.hodei.domain.Steps.*;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Workers that are kept after a failure, for somebody to look at.
// proves: seed:policy
class ShardKeepTest {
  private static final PoolPolicy KEEPING = Scene.pool(WorkerMode.EPHEMERAL, 1, 0, true, PoolTimes.PROCESS);

  @Test
  void aFailedJobLeavesItsWorkerUntilItsTimeIsOver() {
    givenPool(KEEPING, submitted("j"), running("w-1")).when(attemptEnded("w-1", exit(3)))
        .then(jobEnded("j", JobState.FAILED, JobReason.EXIT_CODE), workerIs("w-1", WorkerState.DRAINING), effects(),
            workerEvents("w-1", "WorkerJobCompleted", "WorkerDraining"))
        .when(seconds(119)).then(workerIs("w-1", WorkerState.DRAINING))
        .when(seconds(2)).then(destroyAsked("w-1", DestroyCause.GC, TerminationReason.TTL_EXPIRED, Duration.ZERO));
  }

  @Test
  void itHoldsNoSlot() {
    givenPool(KEEPING, submitted("j"), running("w-1"), attemptEnded("w-1", exit(3))).when(submitted("k")).then(jobIs("k", JobState.SCHEDULED));
  }

  /// Whatever its destruction takes, it does not push the pool over its slots, nor keep anybody waiting.
  @Test
  void itHoldsNoneWhileItIsDestroyedEither() {
    Scene scene = givenPool(KEEPING, submitted("j"), running("w-1"), attemptEnded("w-1", exit(3)), submitted("k"), running("w-2"), seconds(121));
    scene.then(workerIs("w-1", WorkerState.TERMINATING)).when(attemptEnded("w-2", SUCCESS)).then(jobEnded("k", JobState.SUCCEEDED, JobReason.EXIT_CODE))
        .when(s -> s.and(workerGone("w-2"), submitted("l"))).then(jobIs("l", JobState.SCHEDULED), workerIs("w-1", WorkerState.TERMINATING))
        .when(restarted()).and(aProvider(), submitted("m")).then(jobIs("m", JobState.PENDING));
  }

  @Test
  void itsAgentMayGoAndItsLeaseMayEnd() {
    givenPool(KEEPING, submitted("j"), running("w-1"), attemptEnded("w-1", exit(3))).when(workerDied("w-1"))
        .then(nothingHappened(), workerIs("w-1", WorkerState.DRAINING))
        .when(s -> s.and(silentAgents("w-1"), seconds(40))).then(workerIs("w-1", WorkerState.DRAINING));
  }

  @Test
  void successAndCancellationKeepNothing() {
    givenPool(KEEPING, submitted("j"), running("w-1")).when(attemptEnded("w-1", SUCCESS)).then(workerIs("w-1", WorkerState.TERMINATING));
    givenPool(KEEPING, submitted("j"), running("w-1"), cancelled("j")).when(attemptEnded("w-1", exit(143)))
        .then(jobIs("j", JobState.CANCELLED), workerIs("w-1", WorkerState.TERMINATING));
  }

  @Test
  void anAttemptThatIsTriedAgainKeepsNothing() {
    givenPool(KEEPING, submitted(job("j").attempts(2)), running("w-1")).when(attemptEnded("w-1", exit(3))).then(workerIs("w-1", WorkerState.TERMINATING));
  }

  @Test
  void itIsDestroyedWhenAPersonSaysSo() {
    givenPool(KEEPING, submitted("j"), running("w-1"), attemptEnded("w-1", exit(3))).when(told("w-1", new WorkerCommand.DestroyWorker("ann")))
        .then(destroyAsked("w-1", DestroyCause.MANUAL, TerminationReason.MANUAL, PoolTimes.PROCESS.gracefulTermination()));
  }

  @Test
  void whatSomebodyElseRemovedIsEnded() {
    Scene scene = givenPool(KEEPING, submitted("j"), running("w-1"), attemptEnded("w-1", exit(3)));
    scene.when(told("w-1", new WorkerCommand.RecordGhost(scene.existing("w-1").head().sequence())))
        .then(destroyAsked("w-1", DestroyCause.GC, TerminationReason.TTL_EXPIRED, Duration.ZERO));
  }

  @Test
  void itIsStillKeptAfterARestart() {
    givenPool(KEEPING, submitted("j"), running("w-1"), attemptEnded("w-1", exit(3)), restarted(), aProvider())
        .when(submitted("k")).then(jobIs("k", JobState.SCHEDULED), workerIs("w-1", WorkerState.DRAINING))
        .when(seconds(125)).then(workerIs("w-1", WorkerState.TERMINATING));
  }

  @Test
  void withoutAutoCleanupItStaysForAsLongAsItMayLive() {
    PoolPolicy forEver = new PoolPolicy("default", "process", WorkerMode.EPHEMERAL, 1, 1, 0, false, true, true, Map.of(), PoolTimes.PROCESS, 1);
    givenPool(forEver, submitted(job("j").timeout(Duration.ofMinutes(8))), running("w-1"), attemptEnded("w-1", exit(3)))
        .when(passed(Duration.ofMinutes(9))).then(workerIs("w-1", WorkerState.DRAINING))
        .when(passed(Duration.ofMinutes(2))).then(workerIs("w-1", WorkerState.TERMINATING));
  }

  @Test
  void aShorterTimeHoldsForThoseThatAreKeptAlready() {
    PoolTimes usual = PoolTimes.PROCESS;
    PoolPolicy shorter = Scene.pool(WorkerMode.EPHEMERAL, 1, 0, true, new PoolTimes(usual.maxLifetime(), usual.maxJobTimeout(), Duration.ofSeconds(5),
        usual.idleTimeout(), usual.gracefulTermination(), usual.createTimeout(), usual.connectTimeout(), usual.orphanCheckInterval()));
    givenPool(KEEPING, submitted("j"), running("w-1"), attemptEnded("w-1", exit(3)), seconds(3), scene -> scene.apply(shorter))
        .when(seconds(3)).then(workerIs("w-1", WorkerState.TERMINATING));
  }
}
