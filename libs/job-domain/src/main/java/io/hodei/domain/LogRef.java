package io.hodei.domain;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where the log of one ended attempt is. Partition and offsets are -1 when nothing was logged, and like lines and bytes when
/// they are not known.
public record LogRef(int attempt, int partition, long firstOffset, long lastOffset, long lines, long bytes, boolean complete,
    @Nullable Instant startedAt, @Nullable Instant endedAt) {
  /// Of an attempt that executed and whose agent told nothing.
  static LogRef unknown(int attempt) {
    return new LogRef(attempt, -1, -1, -1, -1, -1, false, null, null);
  }

  /// Of an attempt that executed nothing: there is no line of it, and that is all of them.
  static LogRef empty(int attempt) {
    return new LogRef(attempt, -1, -1, -1, 0, 0, true, null, null);
  }

  LogRef between(@Nullable Instant start, Instant end) {
    return new LogRef(attempt, partition, firstOffset, lastOffset, lines, bytes, complete, start, end);
  }
}
