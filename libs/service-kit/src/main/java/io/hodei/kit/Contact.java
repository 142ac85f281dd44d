package io.hodei.kit;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// When Kafka was last heard. A poll that brings nothing proves nothing: it looks the same when every broker is dead. So the
/// thread that reads asks for something small whenever [#isDue], and readiness fails once nothing has come for five seconds.
/// Written by that thread, read by any.
public final class Contact {
  /// How long an answer to the small question may take.
  public static final Duration PATIENCE = Duration.ofSeconds(2);

  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Duration period;
  private volatile long heardNanos = System.nanoTime();
  private volatile long awaySinceNanos;
  private volatile boolean away;

  public Contact() {
    this(PERIOD);
  }

  Contact(Duration period) {
    this.period = period;
  }

  /// Kafka has answered just now.
  public void heard() {
    heardNanos = System.nanoTime();
  }

  /// Whether it is time to ask.
  public boolean isDue() {
    return System.nanoTime() - heardNanos >= period.toNanos();
  }

  /// The thread turns to something else; until [#back] the time is not Kafka's silence.
  public void leave() {
    awaySinceNanos = System.nanoTime();
    away = true;
  }

  public void back() {
    heardNanos += System.nanoTime() - awaySinceNanos;
    away = false;
  }

  /// Time since Kafka was last heard.
  public Duration silence() {
    long until = away ? awaySinceNanos : System.nanoTime();
    return Duration.ofNanos(Math.max(0, until - heardNanos));
  }

  /// What is wrong, for readiness; null while Kafka is heard.
  public @Nullable String trouble() {
    Duration silence = silence();
    return silence.compareTo(LIMIT) > 0
        ? "Expected Kafka to answer every " + PERIOD.toSeconds() + " s, but it has been silent for " + silence.toSeconds() + " s"
        : null;
  }
}
