package io.hodei.gc;

import static io.hodei.gc.Given.HERE;
import static io.hodei.gc.Given.page;
import static io.hodei.gc.Given.record;
import static io.hodei.gc.Given.second;
import static io.hodei.gc.Given.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hodei.kit.Codec;
import io.hodei.kit.Json;
import io.hodei.schemas.ControlCommand;
import io.hodei.schemas.GcEvent;
import io.hodei.schemas.Topic;
import io.hodei.schemas.WorkerReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class GcCycleTest {
  private final Codec codec = Given.codec();
  private Instant now = second(100);
  private final WorkerTable table = new WorkerTable(codec, (record, reason) -> { });
  private final InventoryView inventory = new InventoryView(codec, (record, reason) -> { }, () -> now);
  private final List<MockProducer<String, byte[]>> producers = new ArrayList<>();
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private Freshness freshness = patience -> new Freshness.Reached(true, Map.of("hodei.worker-state-0", 42L));
  private final CycleWriter writer = new CycleWriter(() -> {
    producers.add(new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer()));
    return producers.getLast();
  });
  private final GcCycle cycle = new GcCycle(table, patience -> freshness.reach(patience), inventory, new PoolRules(), new CycleRecords(codec), writer, metrics, () -> now);

  @Test
  void anEmptyInstallationReportsZeros() throws InterruptedException {
    CycleResult result = cycle.run("gc-interval", Duration.ZERO);
    assertEquals(List.of("GarbageCollectionStarted", "GarbageCollectionCompleted"), events().stream().map(GcEvent::getType).toList());
    GcEvent completed = events().getLast();
    assertEquals(List.of(0L, 0L, 0L, 0L, 0L, 0L), List.of(completed.getInventory(), completed.getMatched(), completed.getWorkersCleaned(),
        completed.getOrphansDetected(), completed.getGhosts(), completed.getErrors()));
    assertEquals("{\"hodei.worker-state-0\":42}", completed.getOffsets());
    assertEquals(result.cycleId(), completed.getCorrelationId());
    assertEquals("gc-service", completed.getActor());
    assertEquals("{\"hodei.worker-state-0\":42}", Json.text(result.answer().get("offsets")));
  }

  @Test
  void everyoneIsAskedToLookBeforeTheTableIsRead() throws InterruptedException {
    freshness = patience -> {
      ControlCommand asked = all(Topic.CONTROL, ControlCommand.class).getFirst();
      assertEquals("TakeInventory", asked.getType());
      assertEquals("gc-service", asked.getActor());
      return new Freshness.Reached(true, Map.of());
    };
    cycle.run("gc-interval", Duration.ZERO);
  }

  @Test
  void findingsBecomeEventsAndReports() throws InterruptedException {
    state("alive", "BUSY", 0);
    state("lost", "BUSY", 50);
    state("gone", "TERMINATED", 60);
    look(80, "alive", "stranger");
    look(100, "alive", "stranger");

    CycleResult result = cycle.run("gc-run", Duration.ZERO);

    assertEquals(List.of(2L, 1L, 1L, 1L, 1L, 0L),
        List.of(result.inventory(), result.matched(), result.orphans(), result.ghosts(), result.cleaned(), result.errors()));
    List<WorkerReport> reports = all(Topic.WORKER_REPORTS, WorkerReport.class);
    assertEquals(Set.of("OrphanFound", "GhostFound", "FoundClean"), Set.copyOf(reports.stream().map(WorkerReport::getType).toList()));
    WorkerReport ghost = reports.stream().filter(report -> report.getType().equals("GhostFound")).findFirst().orElseThrow();
    assertEquals("lost", ghost.getWorkerId());
    assertEquals(7, ghost.getObservedSequence());
    WorkerReport orphan = reports.stream().filter(report -> report.getType().equals("OrphanFound")).findFirst().orElseThrow();
    assertEquals(List.of("stranger", HERE, "process"), List.of(orphan.getWorkerId(), orphan.getProviderId(), orphan.getProvider()));
    WorkerReport clean = reports.stream().filter(report -> report.getType().equals("FoundClean")).findFirst().orElseThrow();
    assertEquals(List.of("gone"), clean.getWorkerIds());
    GcEvent detected = events().stream().filter(event -> event.getType().equals("OrphanWorkerDetected")).findFirst().orElseThrow();
    assertEquals(List.of(second(101), 0L), List.of(detected.getLastSeen(), detected.getOrphanedDurationMs()));
    assertEquals("{\"process-here\":\"look-100\"}", events().getLast().getSnapshots());
    assertEquals(events().size(), events().stream().map(GcEvent::getEventId).distinct().count());
  }

  @Test
  void anOrphanGetsOlderAndIsCountedOnce() throws InterruptedException {
    look(100, "stranger");
    cycle.run("gc-interval", Duration.ZERO);
    now = second(130);
    look(130, "stranger");
    cycle.run("gc-interval", Duration.ZERO);
    GcEvent again = events().stream().filter(event -> event.getType().equals("OrphanWorkerDetected")).toList().getLast();
    assertEquals(30_000, again.getOrphanedDurationMs());
    assertEquals(1, metrics.get("hodei.orphans.detected").counter().count());
    assertEquals(2, metrics.get("hodei.gc.cycle").timer().count());
  }

  @Test
  void aGhostIsCountedOnceWhileItIsOne() throws InterruptedException {
    state("lost", "BUSY", 50);
    look(80);
    look(100);
    cycle.run("gc-interval", Duration.ZERO);
    cycle.run("gc-interval", Duration.ZERO);
    assertEquals(2, events().stream().filter(event -> event.getType().equals("GhostWorkerDetected")).count());
    assertEquals(1, metrics.get("hodei.ghosts.detected").counter().count());
  }

  /// The fold goes on while it is awaited: what the event names is what was judged, not what was waited for.
  @Test
  void theOffsetsAreThoseOfWhatWasJudged() throws InterruptedException {
    look(100, "w1");
    freshness = patience -> {
      state("w1", "BUSY", 0);
      return new Freshness.Reached(true, Map.of("hodei.worker-state-0", 2L, "hodei.worker-state-1", 9L));
    };
    CycleResult result = cycle.run("gc-interval", Duration.ZERO);
    assertEquals(Map.of("hodei.worker-inventory-0", 4L, "hodei.worker-state-0", 4L, "hodei.worker-state-1", 9L), result.offsets());
    assertFalse(result.stale());
  }

  @Test
  void aStaleTableJudgesNothing() throws InterruptedException {
    state("alive", "BUSY", 0);
    look(100, "alive", "made-since");
    freshness = patience -> new Freshness.Reached(false, Map.of("hodei.worker-state-0", 1L));
    CycleResult result = cycle.run("gc-interval", Duration.ZERO);
    assertEquals(List.of(0L, 0L, 1L), List.of(result.orphans(), result.inventory(), result.errors()));
    assertEquals(List.of(), all(Topic.WORKER_REPORTS, WorkerReport.class));
    assertTrue(events().getLast().getMessage().startsWith("table is stale"));
    assertTrue(result.stale());
    assertEquals(Map.of("hodei.worker-state-0", 1L), result.offsets());
  }

  @Test
  void aRowWrittenWhileTheTableWasAwaitedCounts() throws InterruptedException {
    look(100, "made-since");
    freshness = patience -> {
      state("made-since", "CREATING", 100);
      return new Freshness.Reached(true, Map.of());
    };
    assertEquals(List.of(), cycle.run("gc-interval", Duration.ZERO).findings());
  }

  @Test
  void aSilentInstanceWithRowsIsAnError() throws InterruptedException {
    state("w1", "BUSY", 0);
    CycleResult result = cycle.run("gc-interval", Duration.ofMillis(50));
    assertEquals(1, result.errors());
    assertEquals(List.of(), all(Topic.WORKER_REPORTS, WorkerReport.class));
  }

  @Test
  void manyCleanWorkersAreReportedInPieces() throws InterruptedException {
    for (int i = 0; i < 1200; i++) {
      state("w" + i, "TERMINATED", 10);
    }
    look(100);
    CycleResult result = cycle.run("gc-interval", Duration.ZERO);
    assertEquals(1200, result.cleaned());
    assertEquals(List.of(500, 500, 200), all(Topic.WORKER_REPORTS, WorkerReport.class).stream().map(report -> report.getWorkerIds().size()).toList());
    assertEquals(CycleResult.SHOWN, ((List<?>) result.answer().get("findings")).size());
    assertEquals(200, result.answer().get("findingsLeftOut"));
  }

  @Test
  void afterAFencingTheNextCycleWritesAgain() throws InterruptedException {
    cycle.run("gc-interval", Duration.ZERO);
    producers.getLast().fenceProducer();
    assertThrows(ProducerFencedException.class, () -> cycle.run("gc-interval", Duration.ZERO));
    cycle.run("gc-interval", Duration.ZERO);
    assertEquals(2, producers.size());
    assertTrue(producers.getFirst().closed());
    assertEquals("GarbageCollectionCompleted", events().getLast().getType());
  }

  @Test
  void aFailedCommitLeavesNoHalfCycle() throws InterruptedException {
    cycle.run("gc-interval", Duration.ZERO);
    int before = events().size();
    producers.getLast().commitTransactionException = new KafkaException("the broker is away");
    assertThrows(KafkaException.class, () -> cycle.run("gc-interval", Duration.ZERO));
    assertEquals(before, events().size());
    assertFalse(producers.getLast().transactionCommitted() && !producers.getLast().closed());
  }

  private void state(String id, String state, long since) {
    var row = worker(id, state, since);
    if (state.equals("TERMINATED")) {
      row.setTerminatedAt(second(since));
    }
    table.accept(record(Topic.WORKER_STATE, id, row.build()));
  }

  private void look(long began, String... workers) {
    inventory.accept(record(Topic.WORKER_INVENTORY, HERE, page("look-" + began, began, 0, 1, workers).build()));
  }

  private List<GcEvent> events() {
    return all(Topic.GC_EVENTS, GcEvent.class);
  }

  private <T extends SpecificRecord> List<T> all(Topic topic, Class<T> type) {
    return producers.stream().flatMap(producer -> producer.history().stream()).filter(sent -> sent.topic().equals("hodei." + topic.suffix()))
        .map(sent -> codec.value(topic, sent.value(), type)).toList();
  }
}
