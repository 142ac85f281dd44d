package io.hodei.domain;

import static io.hodei.domain.Ask.job;
import static io.hodei.domain.Checks.*;
import static io.hodei.domain.Scene.containers;
import static io.hodei.domain.Scene.given;
import static io.hodei.domain.Scene.givenPool;
import static io.hodei.domain.Scene.pool;
import static io.hodei.domain.Steps.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What people are told: why a worker goes, whose fault an end is, what can be done; and what else only shows in the details of an event.
class ShardWordsTest {
  private static AttemptResult resultOf(Scene scene, String job) {
    return Objects.requireNonNull(scene.ended.get(new JobId(job)), job).result();
  }

  private static Ending endingOf(Scene scene, String worker) {
    return switch (scene.existing(worker)) {
      case Worker.Terminating w -> w.ending();
      case Worker.Terminated w -> w.ending();
      case Worker w -> throw new AssertionError("Expected an end, but found " + w);
    };
  }

  private static void ends(WorkerCommand told, Category category, String advice) {
    Scene scene = givenPool(containers(4), submitted("j"), tokenDrawn("w-1")).and(told("w-1", told), workerGone("w-1"));
    assertEquals(category, resultOf(scene, "j").category());
    assertTrue(String.valueOf(resultOf(scene, "j").suggestedAction()).startsWith(advice), () -> resultOf(scene, "j").toString());
  }

  @Test
  void whoeverCanMendItIsToldWhatToDo() {
    ends(new WorkerCommand.RecordExit(JobReason.OOM_KILLED, "It needed more."), Category.RESOURCE, "Give the job more memory");
    ends(new WorkerCommand.RecordExit("It exited."), Category.INFRASTRUCTURE, "Allow another attempt");
    ends(new WorkerCommand.RecordCreateFailure(JobReason.IMAGE_ERROR, "No such image."), Category.IMAGE, "Correct the image's name");
    ends(new WorkerCommand.RecordCreateFailure(JobReason.PROVISION_FAILED, "No room."), Category.PROVIDER, "See lifecycle-service's log");
    ends(new WorkerCommand.RecordCreateFailure(JobReason.START_FAILED, "No volume.", "Make the volume."), Category.PROVIDER, "Make the volume.");
  }

  @Test
  void theLogOfAnAttemptThatNeverRanIsEmptyAndWholeAndThatOfALostOneIsNeither() {
    Scene unmade = given(submitted("j"), tokenDrawn("w-1")).and(told("w-1", new WorkerCommand.RecordCreateFailure(JobReason.PROVISION_FAILED, "No room.")), workerGone("w-1"));
    LogRef none = logOf(unmade);
    assertEquals(List.of(0L, 0L, -1L, true), List.of(none.lines(), none.bytes(), none.firstOffset(), none.complete()));
    LogRef lost = logOf(given(submitted("j"), running("w-1")).and(told("w-1", new WorkerCommand.RecordExit("It exited.")), workerGone("w-1")));
    assertEquals(List.of(-1L, -1L, -1L, false), List.of(lost.lines(), lost.bytes(), lost.firstOffset(), lost.complete()));
  }

  private static LogRef logOf(Scene scene) {
    return Objects.requireNonNull(scene.ended.get(new JobId("j"))).head().history().logs().getFirst();
  }

  @Test
  void aDeadlineSaysWhichItWas() {
    Scene connecting = given(submitted("j"), created("w-1"), seconds(61), workerGone("w-1"));
    assertTrue(String.valueOf(resultOf(connecting, "j").suggestedAction()).startsWith("See whether the worker can reach the gateway"));
    Scene outlived = given(submitted(job("j").timeout(Duration.ofSeconds(5))), running("w-1"), passed(Duration.ofSeconds(130)), workerGone("w-1"));
    assertEquals("Give the job a longer timeout.", resultOf(outlived, "j").suggestedAction());
  }

  @Test
  void aWorkerSaysWhyItTakesNoOther() {
    Scene ephemeral = given(submitted("a"), running("w-1"), attemptEnded("w-1", SUCCESS));
    assertEquals("Its attempt ended.", endingOf(ephemeral, "w-1").message());
    Scene used = givenPool(pool(WorkerMode.REUSABLE, 1, 2, false, PoolTimes.PROCESS), submitted("a", "b"), running("w-1"), attemptEnded("w-1", SUCCESS),
        startAsked("w-1"), attemptEnded("w-1", SUCCESS));
    assertEquals("Its attempt ended, its 2th; its pool allows 2.", endingOf(used, "w-1").message());
    Scene changed = givenPool(pool(WorkerMode.REUSABLE, 1, 0, false, PoolTimes.PROCESS), submitted("a"), running("w-1"))
        .and(scene -> scene.apply(pool(1)), attemptEnded("w-1", SUCCESS));
    assertEquals("Its attempt ended, its 1th; its pool reuses workers no more.", endingOf(changed, "w-1").message());
    Scene drained = givenPool(pool(WorkerMode.REUSABLE, 1, 0, false, PoolTimes.PROCESS), submitted("a"), running("w-1"),
        told("w-1", new WorkerCommand.DrainWorker("ann")), attemptEnded("w-1", SUCCESS));
    assertEquals("Its attempt ended, its 1th; its pool gives it no other.", endingOf(drained, "w-1").message());
    Scene unfit = givenPool(pool(WorkerMode.REUSABLE, 1, 0, false, PoolTimes.PROCESS), submitted("a"), running("w-1"),
        scene -> scene.put(new Input.AgentEnded(new WorkerId("w-1"), boot("w-1"), new JobId("a"), 1, SUCCESS, "It could not clean up.")));
    assertEquals("It could not clean up.", endingOf(unfit, "w-1").message());
  }

  @Test
  void aGhostThatHadAnAttemptWentByItself() {
    Scene scene = given(submitted("j"), running("w-1"));
    scene.when(told("w-1", new WorkerCommand.RecordGhost(scene.existing("w-1").head().sequence())))
        .then(destroyAsked("w-1", DestroyCause.SELF, TerminationReason.LOST, Duration.ZERO));
  }

  @Test
  void whereAWorkerIsIsKeptOnceItIsKnown() {
    Scene scene = given(submitted("j"), tokenDrawn("w-1"), agentCalled("w-1", boot("w-1")), told("w-1", new WorkerCommand.RecordCreation("pid-7")),
        told("w-1", new WorkerCommand.RecordCreation("pid-8")), told("w-1", new WorkerCommand.RecordCreation(null)));
    assertEquals("pid-7", scene.existing("w-1").head().providerRef());
  }

  @Test
  void aDestructionSaysHowOftenItWasAskedFor() {
    Scene scene = given(submitted("j"), running("w-1"), attemptEnded("w-1", SUCCESS));
    scene.when(seconds(13));
    assertEquals(List.of(2, 3), scene.last().effects().stream().map(effect -> ((Effect.DestroyWorker) effect).tries()).toList());
  }

  @Test
  void aReusedWorkersJobHasItsFirstAttemptAndEpoch() {
    Scene scene = givenPool(pool(WorkerMode.REUSABLE, 1, 0, false, PoolTimes.PROCESS), submitted("a"), running("w-1"), attemptEnded("w-1", SUCCESS), submitted("b"));
    assertEquals(new Assignment(new WorkerId("w-1"), 1, 1), Objects.requireNonNull(scene.job("b")).assignment());
  }

  @Test
  void aChangeOfAnotherPoolTouchesNobody() {
    PoolPolicy other = new PoolPolicy("other", "process", WorkerMode.EPHEMERAL, 1, 1, 0, true, true, false, Map.of(), PoolTimes.PROCESS, 1);
    Scene scene = givenPool(pool(WorkerMode.REUSABLE, 1, 0, false, PoolTimes.PROCESS), submitted("a"), running("w-1"), attemptEnded("w-1", SUCCESS));
    scene.when(s -> s.put(new Input.ApplyPool(other)));
    assertEquals(Set.of(), scene.last().workers().keySet());
    assertEquals(Set.of(), scene.last().refusals());
  }

  @Test
  void anAgentThatCallsAgainIsHeard() {
    Scene scene = given(submitted("j"), running("w-1"), silentAgents("w-1"));
    for (int i = 0; i < 5; i++) {
      scene.and(seconds(5), agentCalled("w-1", boot("w-1")));
    }
    scene.then(workerIs("w-1", WorkerState.BUSY));
  }

  @Test
  void whoWaitsIsCounted() {
    givenPool(pool(2), submitted("a", "b", "c", "d", "e")).then(queued(3));
  }

  @Test
  void otherKeysAreOtherJobs() {
    given(submitted(job("a").key("k"))).when(submitted(job("b").key("l"))).then(jobIs("b", JobState.SCHEDULED));
  }
}
