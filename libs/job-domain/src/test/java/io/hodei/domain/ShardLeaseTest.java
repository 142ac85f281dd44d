package io.hodei.domain;

import static io.hodei.domain.Ask.job;
import static io.hodei.domain.Checks.*;
import static io.hodei.domain.Scene.containers;
import static io.hodei.domain.Scene.given;
import static io.hodei.domain.Scene.givenPool;
import static io.hodei.domain.Scene.pool;
import static io.hodei.domain.Steps.*;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Leases without massacres, and providers that nobody can reach.
// proves: promise:3
class ShardLeaseTest {
  @Test
  void aSilentAgentIsLostWithinFifteenSeconds() {
    given(submitted("j"), running("w-1"), seconds(30), silentAgents("w-1")).when(seconds(11)).then(workerIs("w-1", WorkerState.BUSY))
        .when(seconds(4)).then(workerIs("w-1", WorkerState.TERMINATING), workerEvents("w-1", "WorkerLost", "WorkerTerminating"),
            destroyAsked("w-1", DestroyCause.GC, TerminationReason.LOST, Duration.ZERO));
  }

  @Test
  void anAgentThatCallsInIsNotLost() {
    given(submitted("j"), running("w-1")).when(seconds(300)).then(workerIs("w-1", WorkerState.BUSY), jobIs("j", JobState.RUNNING));
  }

  // proves: promise:9
  @Test
  void noLeaseRunsWhileNoGatewayReports() {
    given(submitted("j"), running("w-1"), seconds(10), noGateway()).when(seconds(600)).then(workerIs("w-1", WorkerState.BUSY))
        .and(silentAgents("w-1"), aGateway()).when(seconds(8)).then(workerIs("w-1", WorkerState.BUSY))
        .when(seconds(10)).then(workerIs("w-1", WorkerState.TERMINATING));
  }

  @Test
  void aTakeoverGrantsAFullLease() {
    given(submitted("j"), running("w-1"), seconds(30), silentAgents("w-1"), seconds(10), restarted(), aProvider())
        .when(seconds(11)).then(workerIs("w-1", WorkerState.BUSY))
        .when(seconds(5)).then(workerIs("w-1", WorkerState.TERMINATING));
  }

  @Test
  void aReportSaysForHowLongAnAgentHasBeenSilent() {
    given(submitted("j"), running("w-1"), restarted(), aProvider(), silentAgents("w-1"), seconds(10), seenSilent("w-1", Duration.ofSeconds(4)))
        .when(seconds(7)).then(workerIs("w-1", WorkerState.BUSY))
        .when(seconds(3)).then(workerIs("w-1", WorkerState.TERMINATING));
  }

  /// What it reads first is old, and what has happened since comes after it.
  @Test
  void aTakeoverJudgesNobodyByTheBacklog() {
    given(submitted("j"), running("w-1"), seconds(30), restarted(), aProvider(), seenSilent("w-1", Duration.ofSeconds(15)))
        .when(seconds(1)).then(workerIs("w-1", WorkerState.BUSY))
        .when(seconds(60)).then(workerIs("w-1", WorkerState.BUSY));
  }

  @Test
  void aPauseJudgesNobodyByTheBacklog() {
    given(submitted("j"), running("w-1"), seconds(30), silentAgents("w-1"), seconds(9), away(Duration.ofSeconds(8)), seenSilent("w-1", Duration.ofSeconds(14)))
        .when(seconds(1)).then(workerIs("w-1", WorkerState.BUSY))
        .when(seenSilent("w-1", Duration.ofMillis(300))).when(seconds(10)).then(workerIs("w-1", WorkerState.BUSY))
        .when(seconds(5)).then(workerIs("w-1", WorkerState.TERMINATING));
  }

  @Test
  void whenMoreThanHalfFallSilentAtOnceNobodyIsLost() {
    given(submitted("a", "b", "c", "d"), running("w-1", "w-2", "w-3", "w-4"), silentAgents("w-1", "w-2", "w-3")).when(seconds(60))
        .then(workerIs("w-1", WorkerState.BUSY), workerIs("w-2", WorkerState.BUSY), workerIs("w-3", WorkerState.BUSY));
  }

  @Test
  void soItIsWhenTheirLastBeatsWereSecondsApart() {
    given(submitted("a", "b", "c"), running("w-1", "w-2", "w-3"), seconds(30), silentAgents("w-1"), seconds(2), silentAgents("w-2"), seconds(2), silentAgents("w-3"))
        .when(seconds(60)).then(workerIs("w-1", WorkerState.BUSY), workerIs("w-2", WorkerState.BUSY), workerIs("w-3", WorkerState.BUSY));
  }

  @Test
  void whenHalfFallSilentTheyAreLost() {
    given(submitted("a", "b", "c", "d"), running("w-1", "w-2", "w-3", "w-4"), silentAgents("w-1", "w-2")).when(seconds(20))
        .then(workerIs("w-1", WorkerState.TERMINATING), workerIs("w-2", WorkerState.TERMINATING), workerIs("w-3", WorkerState.BUSY));
  }

  @Test
  void twoOfTwoSilentAgentsAreLost() {
    given(submitted("a", "b"), running("w-1", "w-2"), silentAgents("w-1", "w-2")).when(seconds(20))
        .then(workerIs("w-1", WorkerState.TERMINATING), workerIs("w-2", WorkerState.TERMINATING));
  }

  @Test
  void aDeathIsNoticedAlthoughHalfOfAllAreSilent() {
    given(submitted("a", "b", "c", "d"), running("w-1", "w-2", "w-3", "w-4"), silentAgents("w-1", "w-2", "w-3", "w-4"), seconds(20))
        .when(workerDied("w-1")).then(workerIs("w-1", WorkerState.TERMINATING), workerIs("w-2", WorkerState.BUSY));
  }

  @Test
  void anUnreachableAttemptIsDeadAfterTwoMinutes() {
    Scene scene = givenPool(containers(4), submitted(job("j").attempts(2)), running("w-1"), seconds(4), silentAgents("w-1"), noProvider());
    scene.when(seconds(110)).then(workerIs("w-1", WorkerState.TERMINATING), jobIs("j", JobState.RUNNING))
        .when(seconds(15)).then(workerIs("w-1", WorkerState.TERMINATING), jobIs("j", JobState.PENDING), attemptOf("j", 1))
        .when(aProvider()).then(attemptOf("j", 2), jobIs("j", JobState.SCHEDULED), workerIs("w-1", WorkerState.TERMINATING))
        .when(workerGone("w-1")).then(jobIs("j", JobState.SCHEDULED), attemptOf("j", 2), jobEvents("j"));
  }

  /// Its agent may be dead or frozen, and its processes may run: only a look tells.
  @Test
  void onAHostSilenceProvesNothingOfWhatWasStarted() {
    given(submitted(job("j").attempts(2)), running("w-1"), seconds(4), silentAgents("w-1"), noProvider())
        .when(passed(Duration.ofHours(1))).then(workerIs("w-1", WorkerState.TERMINATING), jobIs("j", JobState.RUNNING), attemptOf("j", 1))
        .and(aProvider()).when(workerGone("w-1")).then(jobIs("j", JobState.SCHEDULED), attemptOf("j", 2));
  }

  @Test
  void whatWasNeverStartedIsDeadOnASilentHostAsWell() {
    given(submitted(job("j").attempts(2)), connected("w-1"), seconds(4), silentAgents("w-1"), noProvider())
        .when(seconds(125)).then(workerIs("w-1", WorkerState.TERMINATING), jobIs("j", JobState.PENDING), attemptOf("j", 1));
  }

  @Test
  void aProviderThatIsHeardIsWaitedFor() {
    givenPool(containers(4), submitted("j"), running("w-1"), silentAgents("w-1")).when(seconds(300))
        .then(workerIs("w-1", WorkerState.TERMINATING), jobIs("j", JobState.RUNNING));
  }

  @Test
  void beatsAreAnEventOnceAMinute() {
    given(submitted("j"), running("w-1")).when(seconds(59)).then(workerEvents("w-1"))
        .when(seconds(4)).then(workerEvents("w-1", "WorkerHeartbeat"))
        .when(seconds(59)).then(workerEvents("w-1", "WorkerHeartbeat"));
  }

  @Test
  void aSessionOfAnUnknownWorkerIsIgnored() {
    given(submitted("j")).when(scene -> scene.put(new Input.SessionsSeen(java.util.Map.of(new WorkerId("stranger"), 0L)))).then(nothingHappened());
  }

  @Test
  void aFullPoolOfLostWorkersRecoversWhenTheyAreGone() {
    givenPool(pool(2), submitted("a", "b", "c"), running("w-1", "w-2"), silentAgents("w-1", "w-2"), seconds(20),
        workerGone("w-1")).then(jobIs("c", JobState.SCHEDULED), jobEnded("a", JobState.FAILED, JobReason.WORKER_LOST))
        .when(passed(Duration.ofSeconds(1))).then(jobIs("b", JobState.RUNNING));
  }
}
