package io.hodei.gc;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// The worker-state table at one moment. Immutable.
///
/// @param unreadable ids whose newest row could not be read: nothing is concluded about them
/// @param offsets the next offset after what is folded in, by topic-partition
record Table(Map<String, WorkerRow> rows, Set<String> unreadable, Map<String, Long> offsets) {
  Table {
    // In the same order for the same rows, so that the same table leads to the same findings in the same order.
    rows = Collections.unmodifiableMap(new HashMap<>(rows));
    unreadable = Set.copyOf(unreadable);
    offsets = Map.copyOf(offsets);
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
