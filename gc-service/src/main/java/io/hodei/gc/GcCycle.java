package io.hodei.gc;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One cycle, from the request for fresh looks to the report: the map of this service. One at a time, on the caller's thread.
///
/// The order is the proof: looks first, then the table up to an offset taken after they ended, then the judgement.
final class GcCycle {
  /// How long the fold may need to reach the offset; beyond, the cycle judges nothing.
  static final Duration TABLE_PATIENCE = Duration.ofSeconds(20);
  private static final Logger LOG = LoggerFactory.getLogger(GcCycle.class);

  private final Checker checker;
  private final Freshness freshness;
  private final InventoryView inventory;
  private final CycleRecords records;
  private final CycleWriter writer;
  private final InstantSource clock;
  private final Timer timer;
  private final Counter orphansDetected;
  private final Counter ghostsDetected;

  GcCycle(WorkerTable table, Freshness freshness, InventoryView inventory, PoolRules pools, CycleRecords records, CycleWriter writer,
      MeterRegistry metrics, InstantSource clock) {
    this.checker = new Checker(table, inventory, pools);
    this.freshness = freshness;
    this.inventory = inventory;
    this.records = records;
    this.writer = writer;
    this.clock = clock;
    this.timer = Timer.builder("hodei.gc.cycle").description("Length of a garbage collection cycle").register(metrics);
    this.orphansDetected = Counter.builder("hodei.orphans.detected").description("Orphans, counted once each").register(metrics);
    this.ghostsDetected = Counter.builder("hodei.ghosts.detected").description("Ghosts, counted once each").register(metrics);
  }

  /// @param cause what started it
  /// @param patience how long the provider instances may take to answer
  /// @throws org.apache.kafka.common.KafkaException when Kafka does not take what the cycle has to say
  CycleResult run(String cause, Duration patience) throws InterruptedException {
    long startNanos = System.nanoTime();
    Checker.Opening cycle = checker.open(cause, clock.instant());
    writer.write(records.of(cycle.letters()));

    inventory.awaitAnswers(cycle.expected(), cycle.start(), patience);
    Checker.Looked seen = checker.look(cycle);

    Freshness.Reached reached = freshness.reach(TABLE_PATIENCE);
    Checker.Closing end = checker.close(cycle, seen, reached.all(), reached.offsets(), clock.instant(),
        Duration.ofNanos(System.nanoTime() - startNanos));
    orphansDetected.increment(end.freshOrphans());
    ghostsDetected.increment(end.freshGhosts());
    writer.write(records.of(end.letters()));
    timer.record(Duration.ofMillis(end.result().durationMs()));
    CycleResult result = end.result();
    LOG.info("gc_cycle correlation_id={} duration_ms={} inventory={} matched={} cleaned={} orphans={} ghosts={} errors={} table_rows={}", cycle.cycleId(),
        result.durationMs(), result.inventory(), result.matched(), result.cleaned(), result.orphans(), result.ghosts(), result.errors(), result.tableRows());
    return result;
  }
}
