package io.hodei.gc;

import java.time.Duration;
import java.util.Map;

/// Brings the table up to date.
@FunctionalInterface
interface Freshness {
  /// @param all false: the fold did not get there, and nothing may be judged
  /// @param offsets how far it was read, by topic-partition
  record Reached(boolean all, Map<String, Long> offsets) {}

  /// Waits until everything written to the table before this call has been folded, `patience` at most.
  Reached reach(Duration patience) throws InterruptedException;
}
