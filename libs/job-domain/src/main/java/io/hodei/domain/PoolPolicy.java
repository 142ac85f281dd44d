package io.hodei.domain;

import java.time.Duration;

/// A pool: how many workers, of which provider, and the limits of their lives.
public record PoolPolicy(String name, String provider, int maxWorkers, int maxCreating, Duration maxLifetime, Duration maxJobTimeout,
    Duration gracefulTermination, Duration createTimeout, Duration connectTimeout, long generation) {
  /// What a worker may live longer than its attempt's timeout.
  static final Duration LIFETIME_MARGIN = Duration.ofMinutes(2);

  /// How long a row is kept after nothing of the worker was found.
  static final Duration REMEMBERED = Duration.ofHours(24);

  /// When the destruction of a worker that was left to garbage collection is asked for even without it.
  static final Duration COLLECTED_BY = Duration.ofSeconds(45);

  /// When a destruction that could not be asked for is looked at again.
  static final Duration HELD = Duration.ofSeconds(10);

  /// When a destruction that was asked `tries` times and not confirmed is asked again.
  static Duration destroyAgainAfter(int tries) {
    return Duration.ofSeconds(Math.min(30, 2L << Math.min(tries, 4)));
  }
}
