package io.hodei.domain;

import java.time.Duration;

/// The limits of a shard that belong to no pool.
public record ShardLimits(Duration lease, Duration noContactLimit, Duration keyWindow, Duration idWindow, Duration cancelParking,
    Duration providerSilence, Duration cancelMargin, int timersPerTick, int schedulesPerTurn) {
  public static ShardLimits defaults(Duration lease, Duration noContactLimit) {
    return new ShardLimits(lease, noContactLimit, Duration.ofHours(24), Duration.ofDays(7), Duration.ofMinutes(10), Duration.ofSeconds(20),
        Duration.ofSeconds(10), 1000, 200);
  }
}
