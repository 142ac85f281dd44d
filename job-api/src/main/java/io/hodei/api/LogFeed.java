package io.hodei.api;

import io.hodei.schemas.LogBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The batches of one job's log, as they lie in the job's partition of `hodei.job-logs`. Used by one thread.
interface LogFeed extends AutoCloseable {
  /// Goes to `offset`.
  void seek(long offset);

  /// The offset of the first record not older than `time`; [#end] when there is none.
  long offsetAt(Instant time);

  /// The next batches of the job; empty when none came within `patience`.
  List<LogBatch> poll(Duration patience);

  /// The next offset to be read.
  long position();

  /// The offset after the last record that is there now.
  long end();

  @Override
  void close();
}
