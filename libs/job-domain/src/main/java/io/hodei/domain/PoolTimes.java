package io.hodei.domain;

import java.time.Duration;

/// The durations of a pool's policy. `maxLifetime` of a worker from its creation, and of an attempt whose job names no timeout;
/// `ttlAfterCompletion` of a kept worker from the end of its attempt; `idleTimeout` of a reusable worker from its last job.
public record PoolTimes(Duration maxLifetime, Duration maxJobTimeout, Duration ttlAfterCompletion, Duration idleTimeout,
    Duration gracefulTermination, Duration createTimeout, Duration connectTimeout, Duration orphanCheckInterval) {
  /// What the seeds lay down for the process provider.
  public static final PoolTimes PROCESS = new PoolTimes(Duration.ofHours(24), Duration.ofHours(24), Duration.ofMinutes(2), Duration.ofMinutes(5),
      Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(30));

  /// And for Docker. A creation may have to fetch the image.
  public static final PoolTimes DOCKER = new PoolTimes(Duration.ofMinutes(30), Duration.ofHours(24), Duration.ofMinutes(2), Duration.ofMinutes(5),
      Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofSeconds(60), Duration.ofSeconds(30));

  /// And for Kubernetes. A pod exists at once; that a node is found and an image fetched belongs to the time in which its agent must call.
  public static final PoolTimes KUBERNETES = new PoolTimes(Duration.ofHours(1), Duration.ofHours(24), Duration.ofMinutes(5), Duration.ofMinutes(10),
      Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofMinutes(5), Duration.ofSeconds(30));

  /// What a pool of this provider has that says nothing.
  public static PoolTimes of(String provider) {
    return switch (provider) {
      case "docker" -> DOCKER;
      case "kubernetes" -> KUBERNETES;
      default -> PROCESS;
    };
  }
}
