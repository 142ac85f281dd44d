package io.hodei.dispatcher;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A clock that stands until it is moved, and can break once.
final class TestClock extends Clock {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private boolean broken;

  void move(Duration time) {
    now = now.plus(time);
  }

  /// The next question for the instant throws.
  void breakOnce() {
    broken = true;
  }

  /// For the test itself: never throws.
  Instant now() {
    return now;
  }

  @Override
  public Instant instant() {
    if (broken) {
      broken = false;
      throw new IllegalStateException("The clock is broken.");
    }
    return now;
  }

  @Override
  public long millis() {
    return now.toEpochMilli();
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
