package io.hodei.api;

import io.hodei.schemas.LogBatch;
import io.hodei.schemas.LogEnd;
import io.hodei.schemas.LogEntry;
import io.hodei.schemas.LogRef;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Counts the lines of one attempt as they come: drops repetitions by (epoch, seq), notes gaps, and knows the end.
/// Used by one thread.
final class LogTally {
  private final int attempt;
  private final List<List<Long>> missing = new ArrayList<>();
  private long epoch = Long.MIN_VALUE;
  private long last;
  private @Nullable LogEnd end;

  LogTally(int attempt) {
    this.attempt = attempt;
  }

  /// Whether `batch` belongs to this attempt, and not to an assignment before the one that was seen.
  boolean takes(LogBatch batch) {
    if (batch.getAttempt() != attempt || batch.getEpoch() < epoch) {
      return false;
    }
    if (batch.getEpoch() > epoch) {
      epoch = batch.getEpoch();
      last = 0;
      missing.clear();
    }
    return true;
  }

  /// Whether `entry` has not been seen yet.
  boolean isNew(LogEntry entry) {
    if (entry.getSeq() <= last) {
      return false;
    }
    gapUpTo(entry.getSeq() - 1);
    last = entry.getSeq();
    return true;
  }

  /// After the last entry of `batch`.
  void finish(LogBatch batch) {
    end = batch.getEnd() == null ? end : batch.getEnd();
  }

  boolean isEnded() {
    return end != null;
  }

  /// What is known of the attempt when its reading is over; `ref` null while it has not ended.
  LogSummary summary(@Nullable LogRef ref) {
    long lines = Math.max(last, Math.max(end == null ? 0 : end.getLines(), ref == null ? 0 : ref.getLines()));
    gapUpTo(lines);
    boolean told = ref == null ? end != null : ref.getComplete();
    boolean dropped = end != null && end.getDroppedLines() + end.getDroppedBytes() > 0;
    return new LogSummary(lines, told && !dropped && missing.isEmpty(), List.copyOf(missing), null, null);
  }

  /// What is known when the reading is cut short: nothing beyond the last line seen is called missing.
  LogSummary soFar(@Nullable LogRef ref, int nextAttempt, long nextFrom) {
    long lines = Math.max(last, ref == null ? 0 : ref.getLines());
    return new LogSummary(lines, ref != null && ref.getComplete() && missing.isEmpty(), List.copyOf(missing), nextAttempt, nextFrom);
  }

  private void gapUpTo(long seq) {
    if (seq > last) {
      missing.add(List.of(last + 1, seq));
      last = seq;
    }
  }
}
