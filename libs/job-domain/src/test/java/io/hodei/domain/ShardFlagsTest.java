package io.hodei.domain;

import static io.hodei.domain.Ask.job;
import static io.hodei.domain.Checks.*;
import static io.hodei.domain.Scene.given;
import static io.hodei.domain.Steps.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What the flags change, and that what was decided before them goes on.
// proves: seed:flags
class ShardFlagsTest {
  @Test
  void withoutImmediateCleanupTheEndOfAnAttemptDestroysNobody() {
    given(flags(true, false, 100), submitted("j"), running("w-1")).when(attemptEnded("w-1", SUCCESS))
        .then(jobEnded("j", JobState.SUCCEEDED, JobReason.EXIT_CODE), workerIs("w-1", WorkerState.TERMINATING), effects());
  }

  @Test
  void whatACycleFindsEndedIsDestroyedByGc() {
    given(flags(true, false, 100), submitted("j"), running("w-1"), attemptEnded("w-1", SUCCESS)).when(foundEnded("w-1"))
        .then(destroyAsked("w-1", DestroyCause.GC, TerminationReason.JOB_COMPLETED, Duration.ZERO))
        .when(foundEnded("w-1")).then(nothingHappened(), refused(Refusal.ALREADY_TERMINAL))
        .when(workerGone("w-1")).then(workerIs("w-1", WorkerState.TERMINATED), workerEvents("w-1", "WorkerTerminated"));
  }

  @Test
  void aCycleNeverCollectsABusyWorker() {
    given(flags(true, false, 100), submitted("j"), running("w-1")).when(foundEnded("w-1"))
        .then(nothingHappened(), refused(Refusal.NOT_IN_THIS_STATE), workerIs("w-1", WorkerState.BUSY));
  }

  @Test
  void withoutAnyCycleADeadlineDestroysWithinAMinute() {
    given(flags(true, false, 100), submitted("j"), running("w-1"), attemptEnded("w-1", SUCCESS))
        .when(seconds(44)).then(effects())
        .when(seconds(2)).then(destroyAsked("w-1", DestroyCause.GC, TerminationReason.JOB_COMPLETED, Duration.ZERO));
  }

  @Test
  void aPersonMayDestroyWhatWaitsForACycle() {
    given(flags(true, false, 100), submitted("j"), running("w-1"), attemptEnded("w-1", SUCCESS))
        .when(told("w-1", new WorkerCommand.DestroyWorker("ann")))
        .then(destroyAsked("w-1", DestroyCause.MANUAL, TerminationReason.JOB_COMPLETED, Duration.ZERO));
  }

  @Test
  void whatWaitsForACycleIsStillThereAfterARestart() {
    given(flags(true, false, 100), submitted("j"), running("w-1"), attemptEnded("w-1", SUCCESS), restarted(), aProvider())
        .when(foundEnded("w-1")).then(destroyAsked("w-1", DestroyCause.GC, TerminationReason.JOB_COMPLETED, Duration.ZERO));
  }

  @Test
  void switchedOnAgainTheNextEndDestroysAtOnce() {
    given(flags(true, false, 100), submitted("j"), running("w-1"), flags(true, true, 100)).when(attemptEnded("w-1", SUCCESS))
        .then(destroyAsked("w-1", DestroyCause.IMMEDIATE, TerminationReason.JOB_COMPLETED, Duration.ZERO));
  }

  @Test
  void aJobThatRanNothingLeavesNoWorkerToACycle() {
    given(flags(true, false, 100), submitted("j"), connected("w-1")).when(cancelled("j"))
        .then(destroyAsked("w-1", DestroyCause.IMMEDIATE, TerminationReason.JOB_COMPLETED, Duration.ZERO));
  }

  @Test
  void withTheLifecycleOffJobsWaitAndNothingIsMade() {
    given(flags(false, true, 100)).when(submitted("j")).then(jobIs("j", JobState.PENDING), workers(0), effects())
        .when(seconds(30)).then(jobIs("j", JobState.PENDING), effects());
  }

  @Test
  void switchedOnTheWaitingJobsGetTheirWorkers() {
    given(flags(false, true, 100), submitted("j"), seconds(30), flags(true, true, 100)).when(seconds(1))
        .then(jobIs("j", JobState.SCHEDULED), effects(Effect.ProvisionWorker.class));
  }

  @Test
  void withTheLifecycleOffARunningJobEndsAndItsWorkerStaysUntilItIsOn() {
    given(submitted("j"), running("w-1"), flags(false, true, 100)).when(attemptEnded("w-1", SUCCESS))
        .then(jobEnded("j", JobState.SUCCEEDED, JobReason.EXIT_CODE), workerIs("w-1", WorkerState.TERMINATING), effects())
        .when(foundEnded("w-1")).then(refused(Refusal.LIFECYCLE_OFF), nothingHappened())
        .when(seconds(120)).then(effects())
        .when(flags(true, true, 100)).when(seconds(7))
        .then(destroyAsked("w-1", DestroyCause.GC, TerminationReason.JOB_COMPLETED, Duration.ZERO));
  }

  @Test
  void withTheLifecycleOffNeitherAPersonNorADeadlineNorAnOrphanDestroys() {
    given(submitted(job("j").timeout(Duration.ofMinutes(1))), running("w-1"), flags(false, true, 100))
        .when(told("w-1", new WorkerCommand.DestroyWorker("ann"))).then(workerIs("w-1", WorkerState.TERMINATING), effects())
        .when(orphanFound("stranger")).then(refused(Refusal.LIFECYCLE_OFF), effects())
        .when(seconds(300)).then(effects())
        .when(flags(true, true, 100)).when(seconds(11))
        .then(destroyAsked("w-1", DestroyCause.MANUAL, TerminationReason.MANUAL, Duration.ofSeconds(10)));
  }

  // proves: seed:scenario-canary
  @Test
  void theCanaryHashesTheIdAlone() {
    Flags tenth = new Flags(true, true, 10);
    long immediate = IntStream.range(0, 500).filter(i -> tenth.immediateFor(new JobId("canary-" + i))).count();
    System.out.println("canary_percent=10 ids=500 immediate=" + immediate);
    assertTrue(immediate >= 30 && immediate <= 70, () -> "Expected 6 to 14 % of 500, but found " + immediate);
    // SHA-256("a") = ca978112…48bb, modulo 100: the same wherever it is computed.
    assertEquals(new java.math.BigInteger("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb", 16).mod(java.math.BigInteger.valueOf(100)).intValue(),
        Flags.bucketOf(new JobId("a")));
  }

  @Test
  void aShareIsOfTheBucketsBelowIt() {
    JobId id = new JobId("j");
    assertFalse(new Flags(true, true, Flags.bucketOf(id)).immediateFor(id));
    assertTrue(new Flags(true, true, Flags.bucketOf(id) + 1).immediateFor(id));
  }

  @Test
  void theEndsOfTheCanaryAreNobodyAndEverybody() {
    for (int i = 0; i < 200; i++) {
      JobId id = new JobId("j" + i);
      assertTrue(Flags.ON.immediateFor(id));
      assertFalse(new Flags(true, true, 0).immediateFor(id));
      assertFalse(new Flags(true, false, 100).immediateFor(id));
    }
    assertThrows(IllegalArgumentException.class, () -> new Flags(true, true, 101));
    assertThrows(IllegalArgumentException.class, () -> new Flags(true, true, -1));
  }
}
