package io.hodei.domain;

import java.time.Duration;
import java.util.List;

/// When a failed attempt is followed by another. With both lists empty every FAILED attempt is; TIMEOUT only when
/// `onReasons` names it; CANCELLED never.
public record RetryPolicy(int maxAttempts, Duration backoff, Duration maxBackoff, List<Integer> onExitCodes, List<String> onReasons) {
  public static final RetryPolicy NONE = new RetryPolicy(1, Duration.ofSeconds(1), Duration.ofMinutes(1), List.of(), List.of());

  public RetryPolicy {
    onExitCodes = List.copyOf(onExitCodes);
    onReasons = List.copyOf(onReasons);
  }

  /// The wait before attempt `next` (2 or more): the backoff, doubled with each attempt, `maxBackoff` at most.
  public Duration waitBefore(int next) {
    Duration wait = backoff;
    for (int attempt = 2; attempt < next && wait.compareTo(maxBackoff) < 0; attempt++) {
      wait = wait.multipliedBy(2);
    }
    return wait.compareTo(maxBackoff) > 0 ? maxBackoff : wait;
  }
}
