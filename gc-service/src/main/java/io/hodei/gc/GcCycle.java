package io.hodei.gc;

import io.hodei.kit.Uuid7;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One cycle, from the request for fresh looks to the report: the map of this service. One at a time, on the caller's thread.
///
/// The order is the proof: looks first, then the table up to an offset taken after they ended, then the judgement.
final class GcCycle {
  /// How long the fold may need to reach the offset; beyond, the cycle judges nothing.
  static final Duration TABLE_PATIENCE = Duration.ofSeconds(20);
  /// The finding of a cycle that could not judge.
  static final String STALE = "table is stale: worker-state could not be read up to its end; nothing was judged";
  private static final Logger LOG = LoggerFactory.getLogger(GcCycle.class);

  private final WorkerTable table;
  private final Freshness freshness;
  private final InventoryView inventory;
  private final PoolRules pools;
  private final CycleRecords records;
  private final CycleWriter writer;
  private final InstantSource clock;
  private final KnownOrphans known = new KnownOrphans();
  private final KnownGhosts knownGhosts = new KnownGhosts();
  private final Timer timer;
  private final Counter orphansDetected;
  private final Counter ghostsDetected;

  GcCycle(WorkerTable table, Freshness freshness, InventoryView inventory, PoolRules pools, CycleRecords records, CycleWriter writer,
      MeterRegistry metrics, InstantSource clock) {
    this.table = table;
    this.freshness = freshness;
    this.inventory = inventory;
    this.pools = pools;
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
    Instant start = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    String cycleId = Uuid7.next();
    writer.write(records.opening(cycleId, cause, start));

    Set<String> expected = new HashSet<>(table.copy().instances());
    expected.addAll(inventory.instances());
    inventory.awaitAnswers(expected, start, patience);
    InventoryView.Answer seen = inventory.answer(expected, start);

    Freshness.Reached reached = freshness.reach(TABLE_PATIENCE);
    Table rows = table.copy();
    Judgement.Verdict verdict = reached.all() ? Judgement.of(rows, seen.looks(), pools) : Judgement.Verdict.NONE;

    Instant end = clock.instant();
    if (reached.all()) {
      orphansDetected.increment(known.update(verdict.findings(), end));
      ghostsDetected.increment(knownGhosts.update(verdict.findings()));
    }
    Duration length = Duration.ofNanos(System.nanoTime() - startNanos);
    CycleResult result = result(cycleId, start, length, seen, reached, rows, verdict);
    writer.write(records.closing(result, cause, end, orphan -> known.age(orphan, end)));
    timer.record(length);
    LOG.info("gc_cycle correlation_id={} duration_ms={} inventory={} matched={} cleaned={} orphans={} ghosts={} errors={} table_rows={}", cycleId,
        result.durationMs(), result.inventory(), result.matched(), result.cleaned(), result.orphans(), result.ghosts(), result.errors(), result.tableRows());
    return result;
  }

  private static CycleResult result(String cycleId, Instant start, Duration length, InventoryView.Answer seen, Freshness.Reached reached,
      Table rows, Judgement.Verdict verdict) {
    List<Finding> findings = new ArrayList<>(seen.errors());
    if (!reached.all()) {
      findings.add(new Finding.Unjudged("", "", STALE));
    }
    findings.addAll(verdict.findings());
    findings.sort(Comparator.comparing(finding -> finding instanceof Finding.Clean));
    Map<String, String> snapshots = new TreeMap<>();
    if (reached.all()) {
      seen.looks().forEach((id, looks) -> snapshots.put(id, looks.newest().id()));
    }
    long errors = findings.stream().filter(Finding.Unjudged.class::isInstance).count();
    return new CycleResult(cycleId, start, length.toMillis(), verdict.inventory(), verdict.matched(), verdict.count(Finding.Clean.class),
        verdict.count(Finding.Orphan.class), verdict.count(Finding.Ghost.class), errors, rows.rows().size(), !reached.all(), judged(reached, rows, seen), snapshots, List.copyOf(findings));
  }

  /// Exactly what was folded in when the cycle judged, so that anybody can judge again: the fold goes on while it is awaited.
  private static Map<String, Long> judged(Freshness.Reached reached, Table rows, InventoryView.Answer seen) {
    Map<String, Long> offsets = new TreeMap<>(reached.offsets());
    if (reached.all()) {
      rows.offsets().forEach((partition, next) -> offsets.merge(partition, next, Math::max));
      offsets.putAll(seen.offsets());
    }
    return offsets;
  }
}
