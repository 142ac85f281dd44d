package io.hodei.gc;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// At most one cycle at a time. Who asks while one runs waits for it and gets the next; all who wait share that one, since it
/// began after each of them asked. Thread-safe.
final class Cycles {
  /// How long provider instances may take to answer, in time and on demand.
  static final Duration PATIENCE = Duration.ofSeconds(5);
  static final Duration FORCED_PATIENCE = Duration.ofSeconds(10);

  /// One cycle.
  @FunctionalInterface
  interface Work {
    CycleResult run(String cause, Duration patience) throws InterruptedException;
  }

  private record Done(long begunNanos, CycleResult result) {}

  private final Work work;
  private final ReentrantLock turn = new ReentrantLock(true);
  private volatile @Nullable Done last;

  Cycles(Work work) {
    this.work = work;
  }

  /// The cycle that is due by time.
  CycleResult periodic() throws InterruptedException {
    return next("gc-interval", PATIENCE, false);
  }

  /// The cycle that somebody asked for.
  CycleResult forced() throws InterruptedException {
    return next("gc-run", FORCED_PATIENCE, true);
  }

  private CycleResult next(String cause, Duration patience, boolean mayShare) throws InterruptedException {
    long asked = System.nanoTime();
    turn.lockInterruptibly();
    try {
      Done done = last;
      if (mayShare && done != null && done.begunNanos() - asked > 0) {
        return done.result();
      }
      long begun = System.nanoTime();
      CycleResult result = work.run(cause, patience);
      last = new Done(begun, result);
      return result;
    } finally {
      turn.unlock();
    }
  }
}
