package io.hodei.simulation;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/// Virtual time: what is to happen, in the order of its time, then of its planning. One step is one happening.
final class Clockwork {
  /// When every world begins.
  static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private record Due(long at, long order, Runnable action) {}

  private final PriorityQueue<Due> queue = new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
  private long now;
  private long planned;
  private long steps;

  /// Milliseconds since the beginning.
  long now() {
    return now;
  }

  Instant instant() {
    return BEGIN.plusMillis(now);
  }

  long steps() {
    return steps;
  }

  void after(long millis, Runnable action) {
    queue.add(new Due(now + Math.max(0, millis), planned++, action));
  }

  /// Lets the next thing happen; false when nothing is planned.
  boolean step() {
    Due next = queue.poll();
    if (next == null) {
      return false;
    }
    now = next.at();
    steps++;
    next.action().run();
    return true;
  }
}
