package io.hodei.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where the log of one ended attempt is. Offsets, lines and bytes are -1 when they are not known.
public record LogRef(int attempt, int partition, long firstOffset, long lastOffset, long lines, long bytes, boolean complete,
    @Nullable Instant startedAt, @Nullable Instant endedAt) {
  /// Of an attempt whose agent told nothing.
  static LogRef unknown(int attempt) {
    return new LogRef(attempt, -1, -1, -1, -1, -1, false, null, null);
  }

  LogRef between(@Nullable Instant start, Instant end) {
    return new LogRef(attempt, partition, firstOffset, lastOffset, lines, bytes, complete, start, end);
  }
}
