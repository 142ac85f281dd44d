package io.hodei.gc;

import io.hodei.schemas.InventoryItem;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// One complete listing of a provider instance: what existed between its start and its end. Immutable.
record Snapshot(String id, String provider, String providerId, Instant startedAt, Instant endedAt, List<InventoryItem> items, Set<String> workers) {
  Snapshot {
    items = List.copyOf(items);
    workers = Set.copyOf(workers);
  }

  static Snapshot of(String id, String provider, String providerId, Instant startedAt, Instant endedAt, List<InventoryItem> items) {
    return new Snapshot(id, provider, providerId, startedAt, endedAt, items,
        items.stream().map(InventoryItem::getWorkerId).collect(Collectors.toSet()));
  }

  boolean holds(String workerId) {
    return workers.contains(workerId);
  }

  boolean begunAfter(Instant moment) {
    return startedAt.isAfter(moment);
  }
}
