package io.hodei.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The next moment at which something is to be done about each row. An index, rebuilt from the rows.
final class Timers<K extends Comparable<K>> {
  private record Due<K>(Instant at, K key) {}

  private final TreeSet<Due<K>> order = new TreeSet<>(Comparator.<Due<K>, Instant>comparing(Due::at).thenComparing(Due::key));
  private final Map<K, Due<K>> byKey = new HashMap<>();

  /// `at` null: never.
  void set(K key, @Nullable Instant at) {
    Due<K> old = byKey.remove(key);
    if (old != null) {
      order.remove(old);
    }
    if (at != null) {
      Due<K> due = new Due<>(at, key);
      byKey.put(key, due);
      order.add(due);
    }
  }

  /// The key that has been due for longest; null when none is.
  @Nullable K due(Instant now) {
    return order.isEmpty() || order.first().at().isAfter(now) ? null : order.first().key();
  }
}
