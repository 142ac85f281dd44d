package io.hodei.cli;

import java.time.Duration;

/// How long to go on trying a server that is away. Counts from the last contact. Used by one thread.
final class Patience {
  private static final long FIRST_PAUSE_MS = 50;
  private static final long LONGEST_PAUSE_MS = 1_000;

  private final long limitNanos;
  private long lastContact = System.nanoTime();
  private long pauseMs = FIRST_PAUSE_MS;

  Patience(Duration limit) {
    this.limitNanos = limit.toNanos();
  }

  /// The server has answered.
  void found() {
    lastContact = System.nanoTime();
    pauseMs = FIRST_PAUSE_MS;
  }

  /// Pauses before the next try.
  ///
  /// @throws Failure `cause`, when the limit is reached, or there is no address to try again
  void lost(Failure cause) {
    boolean hopeless = cause instanceof NobodyThere nobody && !nobody.isAddressKnown();
    if (hopeless || System.nanoTime() - lastContact > limitNanos) {
      throw cause;
    }
    pause(pauseMs);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Failure.CANCELLED, "Interrupted");
    }
  }
}
