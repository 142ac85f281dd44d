package io.hodei.testkit;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Waits for something to become true, with a guard against hanging.
public final class Await {
  private Await() {}

  /// Waits until `look` gives something; what it gave.
  ///
  /// @throws AssertionError naming `what` when the guard is over
  public static <T> T until(String what, Duration guard, Supplier<@Nullable T> look) {
    long end = System.nanoTime() + guard.toNanos();
    while (true) {
      T found = look.get();
      if (found != null) {
        return found;
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("Expected " + what + " within " + guard + ", but it did not come");
      }
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  /// Waits until `look` is true; how long it took.
  public static Duration whenTrue(String what, Duration guard, Supplier<Boolean> look) {
    long began = System.nanoTime();
    until(what, guard, () -> look.get() ? Boolean.TRUE : null);
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
