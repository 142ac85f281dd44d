package io.hodei.audit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Waits between tries, longer each time, until it is told to stop. Used by one thread; stopped by any.
final class Retry {
  private static final Duration FIRST = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(3);

  /// The service stops.
  static final class Stopped extends Exception {
    Stopped() {
      super("stopped", null, false, false);
    }
  }

  private final CountDownLatch stop = new CountDownLatch(1);
  private Duration next = FIRST;

  void reset() {
    next = FIRST;
  }

  void pause() throws Stopped {
    try {
      if (stop.await(next.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Stopped();
      }
    } catch (InterruptedException e) {
      throw new Stopped();
    }
    next = next.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : next.multipliedBy(2);
  }

  boolean stopped() {
    return stop.getCount() == 0;
  }

  void stop() {
    stop.countDown();
  }
}
