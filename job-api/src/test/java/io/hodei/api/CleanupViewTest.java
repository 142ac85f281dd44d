package io.hodei.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.hodei.schemas.GcEvent;
import io.hodei.schemas.WorkerEvent;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CleanupViewTest {
  private final CleanupView view = new CleanupView(Given.codec());

  @Test
  void countsByCauseAndTakesPercentilesOfTheLastHour() {
    destroyed("old", "immediate", 9999L, Given.NOON.minusSeconds(7200));
    for (int i = 1; i <= 100; i++) {
      destroyed("w" + i, "immediate", (long) i, Given.NOON.minusSeconds(300));
    }
    destroyed("g", "gc", 5000L, Given.NOON.minusSeconds(10));
    destroyed("m", "manual", null, Given.NOON.minusSeconds(10));
    view.happened(event("WorkerDestroyFailed", "x", Given.NOON));

    Map<String, Object> json = view.json(Given.NOON, 3);

    assertEquals(Map.of("immediate", 101L, "gc", 1L, "self", 0L, "manual", 1L, "failed", 1L), json.get("destroyed"));
    assertEquals(101.0 / 102, json.get("immediateRatio"));
    assertEquals(Map.of("p50", 51L, "p95", 96L, "p99", 100L), json.get("latencyMs"));
    assertEquals(2L, json.get("destroyedPerMinute"));
    assertEquals(3L, json.get("pendingDestroy"));
  }

  @Test
  void onlyWorkersThatHadAnAttemptCountForTheRatio() {
    view.happened(event("WorkerTerminated", "never-ran", Given.NOON, "gc", null));
    assertNull(view.json(Given.NOON, 0).get("immediateRatio"));
    destroyed("ran", "self", 5L, Given.NOON);
    assertEquals(0.0, view.json(Given.NOON, 0).get("immediateRatio"));
  }

  @Test
  void showsTheLastCompletedCycle() {
    assertNull(view.json(Given.NOON, 0).get("lastGcCycle"));
    view.happened(GcEvent.newBuilder().setType("GarbageCollectionCompleted").setOccurredAt(Given.NOON).setDurationMs(12L).setInventory(5L)
        .setMatched(4L).setOrphansDetected(1L).setGhosts(0L).setErrors(0L).setWorkersCleaned(2L).setOffsets("{\"hodei.worker-state-0\":42}").build());
    view.happened(GcEvent.newBuilder().setType("GarbageCollectionStarted").setOccurredAt(Given.NOON).build());

    Map<String, Object> json = view.json(Given.NOON, 0);

    assertEquals(1L, json.get("orphans"));
    Map<?, ?> cycle = (Map<?, ?>) json.get("lastGcCycle");
    assertEquals(Map.of("hodei.worker-state-0", 42), cycle.get("offsets"));
    assertEquals("2026-11-21T12:00:00.000Z", cycle.get("at"));
    assertEquals(5L, cycle.get("inventory"));
  }

  private void destroyed(String worker, String cause, Long latency, Instant at) {
    view.happened(event("WorkerBusy", worker, at));
    view.happened(event("WorkerTerminated", worker, at, cause, latency));
  }

  private static WorkerEvent event(String type, String worker, Instant at) {
    return event(type, worker, at, null, null);
  }

  private static WorkerEvent event(String type, String worker, Instant at, String cause, Long latency) {
    return WorkerEvent.newBuilder().setType(type).setWorkerId(worker).setOccurredAt(at).setCause(cause).setLatencyMs(latency).build();
  }
}
