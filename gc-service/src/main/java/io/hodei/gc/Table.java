package io.hodei.gc;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The worker-state table at one moment. Immutable.
///
/// @param unreadable ids whose newest row could not be read: nothing is concluded about them
record Table(Map<String, WorkerRow> rows, Set<String> unreadable) {
  Table {
    rows = Map.copyOf(rows);
    unreadable = Set.copyOf(unreadable);
  }

  /// The provider instances that somebody still expects something of.
  Set<String> instances() {
    Set<String> instances = new HashSet<>();
    for (WorkerRow row : rows.values()) {
      if (!row.providerId().isEmpty() && (!row.terminated() || row.awaitsCleaning())) {
        instances.add(row.providerId());
      }
    }
    return instances;
  }
}
