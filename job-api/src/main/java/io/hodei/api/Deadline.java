package io.hodei.api;

import java.time.Duration;

/// When a call must have been answered, on this process's monotonic clock.
record Deadline(long nanos) {
  static Deadline in(Duration duration) {
    return new Deadline(System.nanoTime() + duration.toNanos());
  }

  Duration left() {
    return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
  }

  long leftMillis() {
    return left().toMillis();
  }

  boolean isOver() {
    return left().isZero();
  }
}
