package io.hodei.dispatcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.schemas.Flag;
import io.hodei.schemas.Topic;
import io.hodei.schemas.Worker;
import io.hodei.schemas.WorkerEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// SetFlags through the real topology: what is applied, published and kept.
// proves: seed:flags
class FlagsTest {
  private static final String ENABLED = "hodei.lifecycle.enabled";
  private static final String IMMEDIATE = "hodei.lifecycle.immediate-cleanup";
  private static final String PERCENT = "hodei.lifecycle.immediate-cleanup-percent";

  private static void run(Driven dispatcher, String worker, String job) {
    dispatcher.made(worker);
    dispatcher.called(worker);
    dispatcher.starting(worker, job, 1);
    dispatcher.ended(worker, job, 1, 0);
  }

  @Test
  void theStartValuesArePublishedAtTakeover() {
    try (Driven dispatcher = new Driven()) {
      dispatcher.pass(Duration.ofMillis(500));
      assertEquals(List.of(ENABLED + "=true 0", IMMEDIATE + "=true 0", PERCENT + "=100 0"), published(dispatcher));
    }
  }

  @Test
  void aChangeIsPublishedWithItsCommandAndActor() {
    try (Driven dispatcher = new Driven()) {
      dispatcher.setFlags(Map.of(PERCENT, "10"));
      Flag flag = dispatcher.values(Topic.FLAGS, Flag.class).getLast();
      assertEquals(PERCENT + "=10 1", text(flag));
      assertEquals("ann", flag.getActor());
      assertEquals("set-1", flag.getCommandId());
      assertEquals(dispatcher.clock.now(), flag.getChangedAt());
      dispatcher.setFlags(Map.of(PERCENT, "10"));
      assertEquals(List.of(PERCENT + "=10 1", PERCENT + "=10 1"), published(dispatcher), "the same value again is no change");
    }
  }

  @ParameterizedTest
  @CsvSource({ENABLED + ",yes,Expected true or false", PERCENT + ",101,Expected a whole number", PERCENT + ",-1,Expected a whole number",
      PERCENT + ",000000000000010,Expected a whole number", "hodei.other,true,Expected a flag among"})
  void aBadChangeGoesToTheDeadLettersAndChangesNothing(String name, String value, String reason) {
    try (Driven dispatcher = new Driven()) {
      dispatcher.setFlags(Map.of(IMMEDIATE, "false", name, value));
      assertTrue(Driven.reasonOf(dispatcher.deadLetters().getFirst()).startsWith(reason));
      assertEquals(List.of(), published(dispatcher));
      dispatcher.pass(Duration.ofMillis(500));
      assertEquals(List.of(ENABLED + "=true 0", IMMEDIATE + "=true 0", PERCENT + "=100 0"), published(dispatcher));
    }
  }

  @Test
  void anEmptyChangeIsADeadLetter() {
    try (Driven dispatcher = new Driven()) {
      dispatcher.setFlags(Map.of());
      assertEquals("Expected flags in SetFlags, but found none.", Driven.reasonOf(dispatcher.deadLetters().getFirst()));
    }
  }

  @Test
  void whatWasSetSurvivesARestart() {
    Map<String, Map<String, byte[]>> rows;
    try (Driven dispatcher = new Driven()) {
      dispatcher.setFlags(Map.of(ENABLED, "false", PERCENT, "7"));
      rows = dispatcher.folded();
    }
    try (Driven again = new Driven(rows)) {
      again.request("{\"id\":\"j\",\"command\":[\"true\"]}");
      again.pass(Duration.ofSeconds(2));
      assertEquals(List.of(ENABLED + "=false 1", IMMEDIATE + "=true 0", PERCENT + "=7 1"), published(again));
      assertEquals(List.of(), again.commands("ProvisionWorker"));
      again.setFlags(Map.of(ENABLED, "true"));
      again.pass(Duration.ofMillis(500));
      assertEquals(1, again.commands("ProvisionWorker").size());
    }
  }

  // proves: seed:clean-up-gc
  @Test
  void withoutImmediateCleanupTheWorkerIsDestroyedWhenACycleFindsIt() {
    try (Driven dispatcher = new Driven()) {
      dispatcher.setFlags(Map.of(IMMEDIATE, "false"));
      dispatcher.request("{\"id\":\"j\",\"command\":[\"true\"]}");
      String worker = dispatcher.worker(0);
      run(dispatcher, worker, "j");
      assertTrue(dispatcher.jobEventTypes().contains("JobCompleted"));
      assertEquals(List.of(), dispatcher.commands("DestroyWorker"));
      Worker row = dispatcher.values(Topic.WORKER_STATE, Worker.class).getLast();
      assertEquals("TERMINATING", row.getState());
      assertEquals(0, row.getDestroyTries());
      dispatcher.tell(dispatcher.report("FoundEnded", null).setWorkerIds(List.of(worker)));
      assertEquals("gc", dispatcher.commands("DestroyWorker").getFirst().getCause());
      dispatcher.tell(dispatcher.report("Gone", worker));
      WorkerEvent gone = dispatcher.workerEvents().getLast();
      assertEquals("WorkerTerminated", gone.getType());
      assertEquals("gc", gone.getCause());
    }
  }

  private static List<String> published(Driven dispatcher) {
    return dispatcher.values(Topic.FLAGS, Flag.class).stream().map(FlagsTest::text).toList();
  }

  private static String text(Flag flag) {
    return flag.getName() + "=" + flag.getValue() + " " + flag.getGeneration();
  }
}
