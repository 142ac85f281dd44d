package io.hodei.api;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Which commands the dispatcher has applied, for those who wait for theirs: each record of an applied command carries its id. Thread-safe.
final class Applied {
  private final ConcurrentHashMap<String, CountDownLatch> expected = new ConcurrentHashMap<>();

  /// One who waits for the records of a command. Begin before the command is sent.
  final class Expectation implements AutoCloseable {
    private final String commandId;
    private final CountDownLatch latch;

    private Expectation(String commandId, int records) {
      this.commandId = commandId;
      this.latch = new CountDownLatch(records);
    }

    /// False when `patience` is over.
    boolean await(Duration patience) throws InterruptedException {
      return latch.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
      expected.remove(commandId);
    }
  }

  Expectation expect(String commandId, int records) {
    Expectation expectation = new Expectation(commandId, records);
    expected.put(commandId, expectation.latch);
    return expectation;
  }

  /// A record of the command was read, and is visible.
  void seen(@org.jspecify.annotations.Nullable String commandId) {
    CountDownLatch latch = commandId == null ? null : expected.get(commandId);
    if (latch != null) {
      latch.countDown();
    }
  }
}
