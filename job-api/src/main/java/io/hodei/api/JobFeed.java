package io.hodei.api;

import io.hodei.schemas.Job;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The rows of one job, in order, for one who watches it. Holds a few rows: who lags behind by more misses the oldest of them, never
/// the newest. Rows come on the views' threads, which never wait for a reader.
final class JobFeed implements AutoCloseable {
  static final int HELD = 16;

  private final ArrayBlockingQueue<Job> rows = new ArrayBlockingQueue<>(HELD);
  private final Runnable end;

  /// `end` takes it out of where rows come from.
  JobFeed(Runnable end) {
    this.end = end;
  }

  void add(Job row) {
    while (!rows.offer(row)) {
      rows.poll();
    }
  }

  /// The next row; null when none came within `patience`.
  @Nullable Job next(Duration patience) throws InterruptedException {
    return rows.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    end.run();
  }
}
