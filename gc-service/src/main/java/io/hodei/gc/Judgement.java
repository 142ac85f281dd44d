package io.hodei.gc;

import io.hodei.schemas.InventoryItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The heart of gc: a table and looks in, findings out. Pure.
///
/// It may only be asked with a table read up to an offset taken *after* every look ended. A worker's row is committed before
/// its infrastructure exists, so what such a table does not know is nobody's. Whoever has a live row is never an orphan.
final class Judgement {
  /// @param inventory items in the newest looks
  /// @param matched items whose row was live when they were seen
  record Verdict(long inventory, long matched, List<Finding> findings) {
    static final Verdict NONE = new Verdict(0, 0, List.of());

    long count(Class<? extends Finding> kind) {
      return findings.stream().filter(kind::isInstance).count();
    }
  }

  /// A row's time is the dispatcher's, a look's that of the provider's host: so far their clocks may be apart.
  private static final Duration CLOCKS_APART = Duration.ofSeconds(5);

  private final Table table;
  private final Map<String, Looks> looks;
  private final PoolRules pools;
  private final List<Finding> findings = new ArrayList<>();
  private long inventory;
  private long matched;

  private Judgement(Table table, Map<String, Looks> looks, PoolRules pools) {
    this.table = table;
    this.looks = looks;
    this.pools = pools;
  }

  /// @param looks by provider instance; an instance that is not in it is not judged
  static Verdict of(Table table, Map<String, Looks> looks, PoolRules pools) {
    Judgement judgement = new Judgement(table, looks, pools);
    judgement.judgeItems(looks.values());
    table.rows().values().forEach(judgement::judgeRow);
    return new Verdict(judgement.inventory, judgement.matched, List.copyOf(judgement.findings));
  }

  private void judgeItems(Collection<Looks> all) {
    for (Looks each : all) {
      for (InventoryItem item : each.newest().items()) {
        inventory++;
        judge(item, each.newest());
      }
    }
  }

  private void judge(InventoryItem item, Snapshot look) {
    String id = item.getWorkerId();
    WorkerRow row = table.rows().get(id);
    if (id.isEmpty()) {
      findings.add(new Finding.Unjudged(id, look.providerId(), "an item without a worker id: " + item.getProviderRef()));
    } else if (table.unreadable().contains(id)) {
      findings.add(new Finding.Unjudged(id, look.providerId(), "its row cannot be read"));
    } else if (row == null) {
      if (pools.detects(null, look.provider())) {
        findings.add(orphan(item, look, "no row of the table knows it"));
      }
    } else if (!row.terminated() || seenBeforeTheEnd(row, look)) {
      matched++;
    } else if (pools.detects(row.pool(), look.provider())) {
      findings.add(orphan(item, look, "its row is TERMINATED since " + row.goneAt()));
    }
  }

  /// The row ended after the look began: what was seen may have been removed since.
  private static boolean seenBeforeTheEnd(WorkerRow row, Snapshot look) {
    Instant gone = row.goneAt();
    return gone != null && !look.begunAfter(gone);
  }

  private static Finding.Orphan orphan(InventoryItem item, Snapshot look, String why) {
    return new Finding.Orphan(item.getWorkerId(), look.provider(), look.providerId(), item.getProviderRef(), look.endedAt(), why);
  }

  private void judgeRow(WorkerRow row) {
    if (row.held()) {
      findings.add(new Finding.Ended(row.id(), row.providerId()));
    }
    Looks seen = looks.get(row.providerId());
    if (seen == null) {
      return;
    }
    if (row.mustExist() && isAbsentTwice(row, seen)) {
      findings.add(new Finding.Ghost(row));
    } else if (row.awaitsCleaning() && isAbsentSince(row.goneAt(), row.id(), seen.newest())) {
      findings.add(new Finding.Clean(row.id(), row.providerId()));
    }
  }

  private static boolean isAbsentTwice(WorkerRow row, Looks seen) {
    Snapshot previous = seen.previous();
    Instant since = row.since() == null ? null : row.since().plus(CLOCKS_APART);
    return previous != null
        && !previous.endedAt().isAfter(seen.newest().startedAt())
        && isAbsentSince(since, row.id(), previous)
        && isAbsentSince(since, row.id(), seen.newest());
  }

  private static boolean isAbsentSince(@Nullable Instant moment, String workerId, Snapshot look) {
    return moment != null && look.begunAfter(moment) && !look.holds(workerId);
  }
}
