package io.hodei.gc;

import io.hodei.kit.Codec;
import io.hodei.kit.Uuid7;
import io.hodei.schemas.InventorySnapshot;
import io.hodei.schemas.Pool;
import io.hodei.schemas.Worker;
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
import org.jspecify.annotations.Nullable;

/// What gc-service concludes, without its topics and without waiting: the folds, and the parts of a cycle in their order, which is the proof.
/// First [#open], then [#look] when all have answered or time is up, then the table is read up to an offset taken after that, then [#close].
public final class Checker {
  /// The finding of a cycle that could not judge.
  static final String STALE = "table is stale: worker-state could not be read up to its end; nothing was judged";

  /// A cycle that has begun: who should list what there is, and what it has to say.
  public record Opening(String cycleId, String cause, Instant start, Set<String> expected, List<Letter> letters) {}

  /// What a cycle is going to judge.
  public record Looked(InventoryView.Answer seen) {}

  /// What a cycle has to say in the end.
  ///
  /// @param freshOrphans orphans that were none in the last cycle that judged
  public record Closing(List<Letter> letters, int freshOrphans, int freshGhosts, CycleResult result) {}

  private final WorkerTable table;
  private final InventoryView inventory;
  private final PoolRules pools;
  private final KnownOrphans known = new KnownOrphans();
  private final KnownGhosts knownGhosts = new KnownGhosts();

  public Checker(Codec codec, InstantSource clock) {
    this(new WorkerTable(codec, (record, reason) -> {}), new InventoryView(codec, (record, reason) -> {}, clock), new PoolRules());
  }

  Checker(WorkerTable table, InventoryView inventory, PoolRules pools) {
    this.table = table;
    this.inventory = inventory;
    this.pools = pools;
  }

  /// The newest row of a worker, null when it is forgotten; `next` is the offset after it.
  public void row(String worker, @Nullable Worker row, String place, long next) {
    table.fold(worker, row, place, next);
  }

  /// A page of a snapshot; `next` is the offset after it.
  public void page(InventorySnapshot page, String place, long next) {
    inventory.fold(page, place, next);
  }

  public void pool(Pool pool) {
    pools.applied(pool);
  }

  /// @param cause what started it
  public Opening open(String cause, Instant at) {
    Instant start = at.truncatedTo(ChronoUnit.MILLIS);
    String cycleId = Uuid7.next();
    Set<String> expected = new HashSet<>(table.copy().instances());
    expected.addAll(inventory.instances());
    return new Opening(cycleId, cause, start, expected, CycleLetters.opening(cycleId, cause, start));
  }

  /// Whether everybody who is expected has listed what there is.
  public boolean answered(Opening cycle) {
    return inventory.allAnswered(cycle.expected(), cycle.start());
  }

  /// What is to be judged.
  public Looked look(Opening cycle) {
    return new Looked(inventory.answer(cycle.expected(), cycle.start()));
  }

  /// The judgement, of the table as it is now.
  ///
  /// @param all whether it was read up to an offset taken after the look; if not, nothing is judged
  /// @param offsets how far it was read, by topic-partition
  public Closing close(Opening cycle, Looked looked, boolean all, Map<String, Long> offsets, Instant end, Duration length) {
    InventoryView.Answer seen = looked.seen();
    Freshness.Reached reached = new Freshness.Reached(all, offsets);
    Table rows = table.copy();
    Judgement.Verdict verdict = reached.all() ? Judgement.of(rows, seen.looks(), pools) : Judgement.Verdict.NONE;
    int freshOrphans = reached.all() ? known.update(verdict.findings(), end) : 0;
    int freshGhosts = reached.all() ? knownGhosts.update(verdict.findings()) : 0;
    CycleResult result = result(cycle, length, seen, reached, rows, verdict);
    return new Closing(CycleLetters.closing(result, cycle.cause(), end, orphan -> known.age(orphan, end)), freshOrphans, freshGhosts, result);
  }

  private static CycleResult result(Opening cycle, Duration length, InventoryView.Answer seen, Freshness.Reached reached, Table rows,
      Judgement.Verdict verdict) {
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
    return new CycleResult(cycle.cycleId(), cycle.start(), length.toMillis(), verdict.inventory(), verdict.matched(), verdict.count(Finding.Clean.class),
        verdict.count(Finding.Orphan.class), verdict.count(Finding.Ghost.class), errors, rows.rows().size(), !reached.all(), judged(reached, rows, seen),
        snapshots, List.copyOf(findings));
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
